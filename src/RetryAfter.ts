/**
 * The `Retry-After` header of an answer, as the `retryAfter` of a `LogSink.unavailable`
 * or a `LogSink.perRecord`.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"
import * as Check from "./options/check.ts"
import { checkArgument } from "./options/checkOptions.ts"

/**
 * How long a `Retry-After` header asks to be left alone (RFC 9110 §10.2.3): whole
 * seconds, or the time until an HTTP date, which is none when that is past. Nothing for a
 * header that is not there or says neither: then the lane waits as its `retry` says.
 *
 * **Details**
 *
 * `now` is the time of the answer in whole milliseconds since the epoch. A date is the server's:
 * where the answer has a `Date`, that is the better `now`, because it comes from the same
 * clock. However long a server asks for, a lane waits 5 minutes at most. Throws a
 * `RangeError` for a `now` that is no such number.
 *
 * **Example** (Seconds, a date, nonsense)
 *
 * ```ts
 * import { Duration } from "effect"
 * import { RetryAfter } from "effect-spillway"
 *
 * const now = Date.parse("2026-01-01T00:00:00Z")
 * const waits = ["120", "Thu, 01 Jan 2026 00:00:30 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", undefined]
 *   .map((header) => RetryAfter.parse(header, now))
 *
 * waits.map((wait) => wait && Duration.toSeconds(wait)) // => [120, 30, 0, undefined, undefined]
 * ```
 *
 * @category parsing
 * @since 0.1.0
 */
export const parse = (header: string | null | undefined, now: number): Duration.Duration | undefined => {
  checkArgument("RetryAfter.parse", "now", Check.wholeNumber(0), now)
  if (typeof header !== "string") return undefined
  const parsed = Headers.parseRetryAfter(header)
  return Result.isSuccess(parsed) ? Headers.retryAfterDelay(parsed.success, now) : undefined
}
