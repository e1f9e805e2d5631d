import { type CaptureBooks as Counts, noDrops, total } from "../Ledger.ts"

/**
 * What became of the calls. Each is `unsettled` from its first step on, until it is
 * in one of the other counts.
 *
 * What a lane has taken, and what went wrong on a stack that is full, is counted
 * by `Capture` where it happens, field by field: there a call of a method would
 * be one more that can throw, and the count would be lost. Before a lane has seen
 * it, that does no harm: the call is still unsettled, and becomes `encode_failed`.
 */
export class CaptureBooks {
  unsettled = 0
  accepted = 0
  filtered = 0
  readonly rejected = noDrops()

  /** Settles a call that no lane wants. */
  filter(): void {
    this.unsettled--
    this.filtered++
  }

  /** Settles a call that is too late. */
  close(): void {
    this.unsettled--
    this.rejected.closed++
  }

  /** Settles a call that cannot be captured. */
  fail(): void {
    this.unsettled--
    this.rejected.encode_failed++
  }

  /** Settles the calls that never return: those in which the process was ended, in a filter or a getter. */
  leave(): void {
    this.rejected.closed += this.unsettled
    this.unsettled = 0
  }

  /** With how many of the records are events that have a marker in place of a field. */
  books(marked: number): Counts {
    return {
      offered: this.unsettled + this.filtered + this.accepted + total(this.rejected),
      filtered: this.filtered,
      accepted: this.accepted,
      rejected: { ...this.rejected },
      marked
    }
  }
}
