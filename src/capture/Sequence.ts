import { mostPlaces } from "../record/identity.ts"

/** Numbers the records of a runtime: all of them, and those of one millisecond. */
export class Sequence {
  /** The number of the last record. */
  seq = 0
  /** Its place among the records of its millisecond. */
  place = 0
  private time = Number.NaN

  /** The number of the next record, whose place is then in {@link place}. */
  next(time: number): number {
    if (time !== this.time) {
      this.time = time
      this.place = 0
    } else if (this.place < mostPlaces - 1) this.place++
    return ++this.seq
  }
}
