import { type Inlet, passes } from "../lane/Inlet.ts"
import type { LogRecord } from "../LogRecord.ts"

/** Above any severity, and still a small integer to the engine. */
const aboveAll = 2 ** 30

/**
 * The lanes of a runtime, as capture sees them: a record goes to all that want its
 * level; one whose level Effect does not know is below none. A lane that throws, on a
 * stack that is full, has dropped it. What is said about it must not call anything.
 */
export class Fanout {
  /** The lowest level that anybody wants. */
  readonly minimum: number
  /** From this level on a lane takes a record, whatever it holds. */
  readonly certain: number
  private readonly all: ReadonlyArray<Inlet>

  /** Others than lanes may want records too, from a level on. */
  constructor(all: ReadonlyArray<Inlet>, others = aboveAll) {
    const lowest = Math.min(aboveAll, ...all.map(({ minimum }) => minimum))
    this.all = all
    this.minimum = Math.min(lowest, others)
    this.certain = all.some(({ filter }) => filter !== undefined) ? aboveAll : lowest
  }

  /** Has a record refused that every lane would drop; `false` when there is one that might not, or none at all. */
  refuse(severity: number): boolean {
    const { all } = this
    if (all.length === 0) return false
    for (let i = 0; i < all.length; i++) {
      const inlet = all[i]!
      if (severity < inlet.minimum) continue
      if (inlet.filter !== undefined || !inlet.isFull(severity)) return false
    }
    for (let i = 0; i < all.length; i++) {
      const inlet = all[i]!
      if (severity < inlet.minimum) continue
      try {
        inlet.refuse(severity)
      } catch {
        inlet.counters.missed++
      }
    }
    return true
  }

  haveRoomFor(bytes: number, severity: number): boolean {
    const { all } = this
    for (let i = 0; i < all.length; i++) {
      const inlet = all[i]!
      if (severity < inlet.minimum) continue
      if (!inlet.hasRoomFor(bytes)) return false
    }
    return true
  }

  /** Gives a record to the lanes, for which {@link haveRoomFor} has answered. */
  accept(record: LogRecord, severity: number): void {
    const { all } = this
    for (let i = 0; i < all.length; i++) {
      const inlet = all[i]!
      if (severity < inlet.minimum) continue
      try {
        inlet.accept(record)
      } catch {
        inlet.counters.missed++
      }
    }
  }

  /** Offers a record to each lane whose filter lets it through; `false` when there is none. */
  offer(record: LogRecord, severity: number): boolean {
    const { all } = this
    let wanted = false
    for (let i = 0; i < all.length; i++) {
      const inlet = all[i]!
      if (severity < inlet.minimum) continue
      try {
        if (inlet.filter !== undefined && !passes(inlet.filter, record)) continue
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
