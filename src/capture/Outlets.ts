import { type Outlet, passes } from "../lane/Outlet.ts"
import type { LogRecord } from "../LogRecord.ts"

/**
 * The lanes of a runtime, as capture sees them: a record goes to all that want its
 * level. One that throws, on a stack that is full, has dropped it. What is said
 * about it must not call anything.
 */
export class Outlets {
  /** The lowest level that a lane wants. */
  readonly minimum: number
  readonly isFiltered: boolean
  private readonly all: ReadonlyArray<Outlet>

  constructor(all: ReadonlyArray<Outlet>) {
    this.all = all
    this.minimum = Math.min(...all.map(({ minimum }) => minimum))
    this.isFiltered = all.some(({ filter }) => filter !== undefined)
  }

  /** Has a record refused that every lane would drop; `false` when there is one that might not. */
  refuse(order: number): boolean {
    const { all } = this
    for (let i = 0; i < all.length; i++) {
      const outlet = all[i]!
      if (order >= outlet.minimum && (outlet.filter !== undefined || !outlet.isFull(order))) return false
    }
    for (let i = 0; i < all.length; i++) {
      const outlet = all[i]!
      if (order < outlet.minimum) continue
      try {
        outlet.refuse(order)
      } catch {
        outlet.counters.accepted++
        outlet.counters.dropped.encode_failed++
      }
    }
    return true
  }

  haveRoomFor(bytes: number, order: number): boolean {
    const { all } = this
    for (let i = 0; i < all.length; i++) {
      const outlet = all[i]!
      if (order >= outlet.minimum && !outlet.hasRoomFor(bytes)) return false
    }
    return true
  }

  /** Hands over a record that {@link haveRoomFor} has answered for. */
  accept(record: LogRecord, order: number): void {
    const { all } = this
    for (let i = 0; i < all.length; i++) {
      const outlet = all[i]!
      if (order < outlet.minimum) continue
      try {
        outlet.accept(record)
      } catch {
        outlet.counters.accepted++
        outlet.counters.dropped.encode_failed++
      }
    }
  }

  /** Hands a record over to each lane whose filter lets it through; `false` when there is none. */
  offer(record: LogRecord, order: number): boolean {
    const { all } = this
    let wanted = false
    for (let i = 0; i < all.length; i++) {
      const outlet = all[i]!
      if (order < outlet.minimum) continue
      try {
        if (outlet.filter !== undefined && !passes(outlet.filter, record)) continue
        wanted = true
        outlet.offer(record, order)
      } catch {
        wanted = true
        outlet.counters.accepted++
        outlet.counters.dropped.encode_failed++
      }
    }
    return wanted
  }
}
