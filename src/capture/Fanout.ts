import { type Filter, type Inlet, passes } from "../lane/Inlet.ts"
import type { LogRecord } from "../LogRecord.ts"

/** Above any severity, and still a small integer to the engine. */
const aboveAll = 2 ** 30

/** A lane that is offered records. */
export interface Offered {
  readonly inlet: Inlet
  /** The lowest level that it takes. */
  readonly minimum: number
  readonly filter: Filter | undefined
}

/**
 * The lanes of a runtime, as capture sees them: a record goes to all that want its
 * level; one whose level Effect does not know is below none. A lane that throws, on a
 * stack that is full, has dropped it. What is said about it must not call anything.
 */
export class Fanout {
  /** The lowest level that is logged: what is below it is no call at all. */
  readonly gate: number
  /** The lowest level that anybody wants. */
  readonly minimum: number
  /** From this level on a lane takes a record, whatever it holds. */
  readonly certain: number
  private readonly all: ReadonlyArray<Inlet>
  /** The lowest level that each of them takes. */
  private readonly minimums: ReadonlyArray<number>
  private readonly filters: ReadonlyArray<Filter | undefined>

  /** Others than lanes may want records too, from a level on. */
  constructor(lanes: ReadonlyArray<Offered>, gate: number, others = aboveAll) {
    const minimums = lanes.map(({ minimum }) => minimum)
    const lowest = Math.min(aboveAll, ...minimums)
    this.all = lanes.map(({ inlet }) => inlet)
    this.minimums = minimums
    this.filters = lanes.map(({ filter }) => filter)
    this.gate = gate
    this.minimum = Math.min(lowest, others)
    this.certain = lanes.some(({ filter }) => filter !== undefined) ? aboveAll : lowest
  }

  /** Has a record refused that every lane would drop that takes its level; `false` when there is one that might not, or none at all. */
  refuse(severity: number): boolean {
    const { all, filters, minimums } = this
    let isWanted = false
    for (let i = 0; i < all.length; i++) {
      if (severity < minimums[i]!) continue
      if (filters[i] !== undefined || !all[i]!.isFull(severity)) return false
      isWanted = true
    }
    if (!isWanted) return false
    for (let i = 0; i < all.length; i++) {
      if (severity < minimums[i]!) continue
      const inlet = all[i]!
      try {
        inlet.refuse(severity)
      } catch {
        inlet.counters.missed++
      }
    }
    return true
  }

  /** Whether lanes take the same of what is as severe as this, or more. */
  isLike({ gate, minimums }: Fanout, severity: number): boolean {
    const least = (a: number): number => Math.max(a, severity)
    return least(this.gate) === least(gate) && this.minimums.every((one, i) => least(one) === least(minimums[i]!))
  }

  haveRoomFor(bytes: number, severity: number): boolean {
    const { all, minimums } = this
    for (let i = 0; i < all.length; i++) {
      if (severity < minimums[i]!) continue
      const inlet = all[i]!
      if (!inlet.hasRoomFor(bytes)) return false
    }
    return true
  }

  /** Gives a record to the lanes, for which {@link haveRoomFor} has answered. */
  accept(record: LogRecord, severity: number): void {
    const { all, minimums } = this
    for (let i = 0; i < all.length; i++) {
      if (severity < minimums[i]!) continue
      const inlet = all[i]!
      try {
        inlet.accept(record)
      } catch {
        inlet.counters.missed++
      }
    }
  }

  /** Offers a record to each lane whose filter lets it through; `false` when there is none. */
  offer(record: LogRecord, severity: number): boolean {
    const { all, filters, minimums } = this
    let wanted = false
    for (let i = 0; i < all.length; i++) {
      if (severity < minimums[i]!) continue
      const inlet = all[i]!
      const filter = filters[i]
      try {
        if (filter !== undefined && !passes(filter, record)) continue
        wanted = true
        inlet.offer(record, severity)
      } catch {
        wanted = true
        inlet.counters.missed++
      }
    }
    return wanted
  }
}
