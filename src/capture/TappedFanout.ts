import type { Filter, Inlet } from "../lane/Inlet.ts"
import type { LogRecord } from "../LogRecord.ts"
import { Fanout, type Offered } from "./Fanout.ts"
import type { Tap } from "./Tap.ts"

/** Who takes what is offered. */
export interface Takers {
  /** Where the lanes take records. */
  readonly inlets: ReadonlyArray<Inlet>
  /** What a lane takes of what it is offered. */
  readonly filterOf?: (inlet: Inlet) => Filter | undefined
  /** Who watches, beside the lanes. */
  readonly taps: ReadonlyArray<Tap>
}

const ownFilter = ({ filter }: Inlet): Filter | undefined => filter

/** Offers records from a level on, each lane from one of its own. */
export const fanoutTo = (
  { filterOf = ownFilter, inlets, taps }: Takers,
  minimums: ReadonlyArray<number>,
  gate = 0
): Fanout => {
  const lanes = inlets.map((inlet, i) => ({ inlet, minimum: minimums[i]!, filter: filterOf(inlet) }))
  return taps.length === 0 ? new Fanout(lanes, gate) : new TappedFanout(lanes, taps, gate)
}

/** The lanes of a runtime, and who watches what they are offered. What only these want no lane has taken. */
class TappedFanout extends Fanout {
  private readonly taps: ReadonlyArray<Tap>

  constructor(lanes: ReadonlyArray<Offered>, taps: ReadonlyArray<Tap>, gate: number) {
    super(lanes, gate, Math.min(...taps.map(({ minimum }) => minimum)))
    this.taps = taps
  }

  override refuse(severity: number): boolean {
    const { taps } = this
    for (const tap of taps) {
      if (!(severity < tap.minimum) && !tap.isFull) return false
    }
    if (!super.refuse(severity)) return false
    for (const tap of taps) {
      if (severity < tap.minimum) continue
      try {
        tap.miss(1)
      } catch {
        tap.untold++
      }
    }
    return true
  }

  override accept(record: LogRecord, severity: number): void {
    this.show(record, severity)
    super.accept(record, severity)
  }

  override offer(record: LogRecord, severity: number): boolean {
    this.show(record, severity)
    return super.offer(record, severity)
  }

  /** Comes before the lanes: where the stack has no room for it, they have not taken the record either. */
  private show(record: LogRecord, severity: number): void {
    const { taps } = this
    for (let i = 0; i < taps.length; i++) {
      const tap = taps[i]!
      if (severity < tap.minimum) continue
      try {
        tap.offer(record)
      } catch {
        tap.untold++
      }
    }
  }
}
