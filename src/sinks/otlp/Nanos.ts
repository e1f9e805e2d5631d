const twoTo32 = 2 ** 32

/** The last millisecond of which every nanosecond has 64 bits. */
export const latest = 18_446_744_073_708

/**
 * The time of records in nanoseconds as two halves of 32 bits: that of `LogRecord.timeNanos`,
 * without a number of 64 bits for each. A time that cannot be sent is 0, which means unknown.
 */
export class Nanos {
  low = 0
  high = 0
  private time = Number.NaN
  private isKnown = false
  private lowOfMilli = 0
  private highOfMilli = 0

  of(time: number, place: number): void {
    if (time !== this.time) this.begin(time)
    if (!this.isKnown) return
    const low = this.lowOfMilli + place
    this.low = low
    this.high = low < twoTo32 ? this.highOfMilli : this.highOfMilli + 1
  }

  private begin(time: number): void {
    this.time = time
    const millis = Math.floor(time)
    this.isKnown = millis >= 0 && millis <= latest
    this.low = 0
    this.high = 0
    if (!this.isKnown) return
    const low = (millis % twoTo32) * 1_000_000
    this.lowOfMilli = low % twoTo32
    this.highOfMilli = Math.floor(millis / twoTo32) * 1_000_000 + Math.floor(low / twoTo32)
  }
}
