import type { LogRecord } from "../../LogRecord.ts"

/**
 * The times of records in nanoseconds as decimal texts: `LogRecord.timeNanos`, with the millisecond of many written once.
 * One that is too early or too late to be sent is 0.
 */
export class NanosText {
  /** The last millisecond that can be sent. */
  private readonly latest: number
  private time = Number.NaN
  private millis = ""

  constructor(latest: number) {
    this.latest = latest
  }

  of({ place, time }: LogRecord): string {
    if (time !== this.time) {
      this.time = time
      const millis = this.millisOf(time)
      this.millis = millis < 0 ? "" : String(millis)
    }
    if (this.millis === "") return "0"
    return this.millis === "0" ? String(place) : this.millis + String(place).padStart(6, "0")
  }

  /** The order of two records by these times: negative when the first is earlier. */
  compare(a: LogRecord, b: LogRecord): number {
    const millis = this.millisOf(a.time)
    const otherMillis = this.millisOf(b.time)
    if (millis !== otherMillis) return millis - otherMillis
    return millis < 0 ? 0 : a.place - b.place
  }

  /** The millisecond of a time; negative when it cannot be sent. */
  private millisOf(time: number): number {
    const millis = Math.floor(time)
    return millis >= 0 && millis <= this.latest ? millis : -1
  }
}
