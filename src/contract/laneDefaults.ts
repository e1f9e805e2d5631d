import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { type DurationInput, durationOf } from "../options/duration.ts"
import type { LaneOptions } from "./Sink.ts"
import type { SinkError } from "./SinkError.ts"

/**
 * Waits that grow from `base`, doubled, capped at 30 s, full jitter, for at most
 * `times` retries or `duration`, whichever ends first. Throws a `RangeError` for an
 * option that is not known or not what it must be.
 *
 * @category constructors
 * @since 0.1.0
 */
export const exponentialRetry = (options: RetryOptions): Schedule.Schedule<unknown, SinkError> =>
  growingWaits(checkOptions("LogSink.exponentialRetry", retryChecks, options))

/** Put together when a batch fails, which in most programs none does. */
const growingWaits = ({ base, duration, times }: RetryOptions): Schedule.Schedule<unknown, SinkError> =>
  Schedule.fromStep(Effect.suspend(() =>
    Schedule.toStep(
      Schedule.min([Schedule.exponential(durationOf(base), 2), Schedule.spaced("30 seconds")]).pipe(
        Schedule.modifyDelay(({ duration }) => Effect.map(Random.next, (part) => Duration.times(duration, part))),
        Schedule.upTo({ times, duration: duration && durationOf(duration) })
      )
    )
  ))

interface RetryOptions {
  /** The first wait, before jitter. */
  readonly base: DurationInput
  /**
   * Most retries of one batch.
   *
   * @default any number
   */
  readonly times?: number | undefined
  /**
   * Longest time from the first failure to the last retry.
   *
   * @default any time
   */
  readonly duration?: DurationInput | undefined
}

const retryChecks: Check.Checks<RetryOptions> = {
  base: Check.required(Check.duration("zero", "finite")),
  times: Check.wholeNumber(0),
  duration: Check.duration("zero", "any")
}

/**
 * The default waits between attempts: exponential from 0.5 s, doubled, capped at
 * 30 s, full jitter (a uniformly random part of each wait), for 5 minutes.
 *
 * @category defaults
 * @since 0.1.0
 */
export const defaultRetry: Schedule.Schedule<unknown, SinkError> = growingWaits({
  base: "500 millis",
  duration: "5 minutes"
})

/**
 * The options of a lane whose sink sets none.
 *
 * @category defaults
 * @since 0.1.0
 */
export const defaults: LaneOptions = {
  capacity: 8192,
  maxBytes: 16 * 1024 * 1024,
  strategy: "dropping",
  sampleShare: 0.1,
  maxBatchSize: 512,
  maxBatchBytes: 512 * 1024,
  batchWindow: "1 second",
  concurrency: 1,
  writeTimeout: "30 seconds",
  retry: defaultRetry,
  minimumLevel: "Trace",
  filter: undefined,
  map: undefined,
  breaker: { failures: 5, cooldown: "30 seconds" },
  fallback: undefined,
  deadLetter: undefined,
  spool: undefined
}

/**
 * The preset of small, patient lanes: 1,000 records, batches of 10 within 1 s,
 * three retries from 1 s on.
 *
 * @category defaults
 * @since 0.1.0
 */
export const classic: Partial<LaneOptions> = {
  capacity: 1000,
  maxBatchSize: 10,
  batchWindow: "1 second",
  retry: growingWaits({ base: "1 second", times: 3 })
}
