import type * as Clock from "effect/Clock"
import type { LogRecord } from "../LogRecord.ts"
import { monotonicMillis } from "./monotonicMillis.ts"

/** A time in which nobody set the wall clock: so far was it ahead of the monotonic one. All in milliseconds. */
interface Era {
  readonly ahead: number
  /** By the monotonic clock. */
  readonly since: number
  until: number
}

/** What a clock may drift in an era. */
const drift = 1000
const mostEras = 64

/**
 * How old records are, whoever sets the wall clock meanwhile.
 *
 * A record has the wall time of its call and no other. It belongs to the era that
 * this time lies in, and its age is counted from there by the monotonic clock. When
 * it lies in several, because the clock was set back, it is taken to be as young as
 * it can be. What an earlier process logged is as old as the wall clock said when
 * this one began, and ages by the monotonic clock: whether the clock was right in
 * either of them nobody knows.
 */
export class RecordAges {
  private readonly clock: Clock.Clock
  private readonly begin: number
  private readonly beginWall: number
  private readonly eras: Array<Era> = []

  constructor(clock: Clock.Clock) {
    this.clock = clock
    this.begin = this.look()
    this.beginWall = this.wall
  }

  /** Notices whether the wall clock was set; the time by the monotonic one. Asked about every batch. */
  look(): number {
    const now = monotonicMillis(this.clock)
    const ahead = this.wall - now
    const last = this.eras.at(-1)
    if (last !== undefined && Math.abs(last.ahead - ahead) <= drift) {
      last.until = now
      return now
    }
    // It was set some time since the last look: until when the one, and since when the other, is not known.
    const since = last?.until ?? now
    if (last !== undefined) last.until = now
    this.eras.push({ ahead, since, until: now })
    if (this.eras.length > mostEras) this.eras.shift()
    return now
  }

  /** Those of some records that are older than `millis`; whether an earlier process logged them matters. */
  older(records: ReadonlyArray<LogRecord>, millis: number, recovered: boolean): ReadonlyArray<LogRecord> {
    const now = this.look()
    return records.filter(({ time }) => this.ageAt(now, time, recovered) > millis)
  }

  private ageAt(now: number, time: number, recovered: boolean): number {
    const elapsed = now - this.begin
    if (recovered && time <= this.beginWall) return this.beginWall - time + elapsed
    let youngest = Infinity
    for (const { ahead, since, until } of this.eras) {
      const logged = time - ahead
      if (logged >= since - drift && logged <= until + drift) youngest = Math.min(youngest, now - logged)
    }
    if (youngest === Infinity) youngest = this.wall - time
    return Math.min(elapsed, youngest)
  }

  private get wall(): number {
    return this.clock.currentTimeMillisUnsafe()
  }
}
