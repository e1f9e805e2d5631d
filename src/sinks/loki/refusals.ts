import { type Reason, reasonIn } from "./reasons.ts"

/** What Loki says with 400 that it has refused. */
export interface Refusals {
  /** Each once. */
  readonly reasons: ReadonlyArray<Reason>
  /** Of how many entries; `NaN` where that is not said. */
  readonly count: number
  /** Whether it speaks of parts of the request, so that the others are stored. */
  readonly isPartial: boolean
}

/**
 * Reads what was refused, of an answer without what it quotes. Ingesters give a number for each stream (of
 * the last one only before Loki 2.9), distributors one for all of which they say the same, and none for a single one.
 */
export const refusalsIn = (said: string): Refusals => {
  const isPartial = /^\d+ errors like: /i.test(said)
  const refusals = (isPartial ? sentencesIn(said) : [{ count: 1, text: said }]).map(({ count, text }) => ({
    count,
    reason: reasonIn(text)
  }))
  const reasons = [...new Set(refusals.flatMap(({ reason }) => reason ?? []))]
  return { reasons, isPartial, count: reasons[0]?.by === "ingester" ? ignoredIn(said) : countOf(refusals) }
}

const sentencesIn = (said: string): ReadonlyArray<{ readonly count: number; readonly text: string }> => {
  const [, ...parts] = said.split(/(?:^|; )(\d+) errors like: /i)
  return parts.flatMap((part, i) => i % 2 === 0 ? { count: Number(part), text: parts[i + 1] ?? "" } : [])
}

/** A number of streams is none of entries. */
const countOf = (
  refusals: ReadonlyArray<{ readonly count: number; readonly reason: Reason | undefined }>
): number => sum(refusals.map(({ count, reason }) => reason?.refuses === "entries" ? count : Number.NaN))

const ignoredIn = (said: string): number =>
  sum(Array.from(said.matchAll(/^(?:user '.*', )?total ignored: (\d+) out of \d+/gim), ([, count]) => Number(count))) ||
  1

const sum = (counts: ReadonlyArray<number>): number => counts.reduce((all, count) => all + count, 0)
