import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"

/**
 * Why a write failed, which decides what the lane does next.
 *
 * **Details**
 *
 * - `Unavailable`: not now. Retried under the lane's schedule, not before
 *   `retryAfter` (at most 5 minutes). `ambiguous` says that the batch may have
 *   been stored all the same. `stored` is the number of records at the head of
 *   the batch that are known to be stored: they count as delivered and only the
 *   rest is retried.
 * - `Rejected`: refused for good. `records` are the positions in the batch that
 *   were refused; the others were stored. Without it the whole batch was.
 * - `TooLarge`: the batch is too big for the destination.
 * - `Misconfigured`: it cannot work before somebody changes something (a wrong
 *   credential, a missing folder). Retried at least 30 s apart for as long as the
 *   program runs; the data is kept.
 * - `Closed`: the destination is gone for good (a closed pipe). The lane closes
 *   and counts everything from then on as `sink_closed`.
 *
 * @category errors
 * @since 0.1.0
 */
export type Reason =
  | {
    readonly _tag: "Unavailable"
    readonly retryAfter?: Duration.Input | undefined
    readonly ambiguous?: boolean | undefined
    readonly stored?: number | undefined
  }
  | { readonly _tag: "Rejected"; readonly records?: ReadonlyArray<number> | undefined }
  | { readonly _tag: "TooLarge" }
  | { readonly _tag: "Misconfigured" }
  | { readonly _tag: "Closed" }

/**
 * The error of a sink's write.
 *
 * **Gotchas**
 *
 * `message` ends up on stderr: never put a payload or a credential into it.
 *
 * @category errors
 * @since 0.1.0
 */
export class SinkError extends Data.TaggedError("SinkError")<{
  readonly sink: string
  readonly reason: Reason
  readonly message: string
  readonly cause?: unknown
}> {
  /** Whether the same batch may succeed later. */
  get isRetryable(): boolean {
    return this.reason._tag === "Unavailable" || this.reason._tag === "Misconfigured"
  }
}

/**
 * Raised when a sink marked `required` cannot be acquired.
 *
 * @category errors
 * @since 0.1.0
 */
export class RequiredSinkError extends Data.TaggedError("RequiredSinkError")<{
  readonly message: string
  readonly cause: unknown
}> {}

/**
 * Creates an error for a batch that may succeed later.
 *
 * @category errors
 * @since 0.1.0
 */
export const unavailable = (
  sink: string,
  message: string,
  options?: {
    readonly retryAfter?: Duration.Input | undefined
    readonly ambiguous?: boolean | undefined
    readonly stored?: number | undefined
    readonly cause?: unknown
  }
): SinkError =>
  new SinkError({
    sink,
    message,
    cause: options?.cause,
    reason: {
      _tag: "Unavailable",
      retryAfter: options?.retryAfter,
      ambiguous: options?.ambiguous,
      stored: options?.stored
    }
  })

/**
 * Creates an error for a batch, or for some records of it, refused for good.
 *
 * @category errors
 * @since 0.1.0
 */
export const rejected = (
  sink: string,
  message: string,
  options?: { readonly records?: ReadonlyArray<number> | undefined; readonly cause?: unknown }
): SinkError =>
  new SinkError({ sink, message, cause: options?.cause, reason: { _tag: "Rejected", records: options?.records } })

/**
 * Creates an error for a batch that is too big for the destination.
 *
 * @category errors
 * @since 0.1.0
 */
export const tooLarge = (sink: string, message: string, options?: { readonly cause?: unknown }): SinkError =>
  new SinkError({ sink, message, cause: options?.cause, reason: { _tag: "TooLarge" } })

/**
 * Creates an error for a destination that needs somebody to change something.
 *
 * @category errors
 * @since 0.1.0
 */
export const misconfigured = (sink: string, message: string, options?: { readonly cause?: unknown }): SinkError =>
  new SinkError({ sink, message, cause: options?.cause, reason: { _tag: "Misconfigured" } })

/**
 * Creates an error for a destination that is gone for good.
 *
 * @category errors
 * @since 0.1.0
 */
export const closed = (sink: string, message: string, options?: { readonly cause?: unknown }): SinkError =>
  new SinkError({ sink, message, cause: options?.cause, reason: { _tag: "Closed" } })
