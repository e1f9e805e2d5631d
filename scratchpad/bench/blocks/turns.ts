/** Contenders take turns of some tens of milliseconds: what disturbs the machine for longer disturbs them alike. */
import type { Session } from "../candidates/candidate.ts"
import { median } from "../stats.ts"

export interface Turns {
  readonly blocks: number
  readonly warmUp: number
  /** Events of one block. */
  readonly events: number
}

/** What each took for an event, in nanoseconds, block by block. */
export type Times = ReadonlyMap<string, ReadonlyArray<number>>

const timed = async ({ log }: Session, events: number): Promise<number> => {
  const start = process.hrtime.bigint()
  await log(events)
  return Number(process.hrtime.bigint() - start) / events
}

export const inBlocks = async (
  contenders: ReadonlyMap<string, Session>,
  { blocks, events, warmUp }: Turns
): Promise<Times> => {
  const times = new Map<string, Array<number>>([...contenders.keys()].map((name) => [name, []]))
  const order = [...contenders]
  for (let block = -warmUp; block < blocks; block++) {
    // Whoever comes first in a block is not always the same.
    const first = (block + warmUp) % order.length
    for (const [name, contender] of [...order.slice(first), ...order.slice(0, first)]) {
      const nanos = await timed(contender, events)
      if (block >= 0) times.get(name)?.push(nanos)
    }
  }
  return times
}

/** What one took beside another: the median of the blocks, each less what `without` took in it. */
export const beside = (times: Times, one: string, other: string, without?: string): number => {
  const of = (name: string | undefined) => (name === undefined ? undefined : times.get(name)) ?? []
  const less = of(without)
  const others = of(other)
  return median(of(one).map((nanos, i) => (nanos - (less[i] ?? 0)) / ((others[i] ?? Number.NaN) - (less[i] ?? 0))))
}
