import * as Data from "effect/Data"
import type { DurationInput } from "../options/duration.ts"

/**
 * Why a write failed, which decides what the lane does next.
 *
 * **Details**
 *
 * - `Unavailable`: not now. Retried under the lane's schedule.
 * - `Rejected`: refused for good: all of it, the records that are named, or so many of it
 *   of which nobody knows which they are.
 * - `PerRecord`: some records are refused, some are to be tried again, the others are stored.
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
  | ({ readonly _tag: "Unavailable" } & NotNow)
  | ({ readonly _tag: "Rejected" } & ForGood)
  | ({ readonly _tag: "PerRecord" } & OneByOne)
  | { readonly _tag: "TooLarge" }
  | { readonly _tag: "Misconfigured" }
  | { readonly _tag: "Closed" }

export interface Again {
  /**
   * How long the destination asked to be left alone; at most 5 minutes are waited.
   *
   * @default none
   */
  readonly retryAfter?: DurationInput | undefined
  /**
   * Whether what is tried again may have been stored all the same, so that it may be
   * there twice; when it is given up, that is as `unconfirmed`.
   *
   * @default false
   */
  readonly ambiguous?: boolean | undefined
}

export interface NotNow extends Again {
  /**
   * How many records at the head of the batch are known to be stored: they count as
   * delivered, and only the rest is tried again.
   *
   * @default 0
   */
  readonly stored?: number | undefined
}

export interface ForGood {
  /**
   * The positions in the batch that were refused; the others were stored.
   *
   * @default the whole batch was refused
   */
  readonly records?: ReadonlyArray<number> | undefined
  /**
   * How many records of the batch were refused, when nobody knows which: the others were
   * stored, and nothing is sent again. They count as `rejected_by_server`, and dead letters
   * get a copy of the whole batch.
   *
   * @default the whole batch was refused
   */
  readonly count?: number | undefined
}

export interface OneByOne extends Again {
  /**
   * The records that were refused, each by its position in the batch and with what the
   * destination said of it.
   *
   * @default none
   */
  readonly refused?: ReadonlyArray<Refusal> | undefined
  /**
   * The positions of the records that are to be tried again, and alone. All that is named
   * neither here nor in `refused` was stored.
   *
   * @default none
   */
  readonly again?: ReadonlyArray<number> | undefined
}

export interface Refusal {
  /** Its position in the batch, from 0. */
  readonly record: number
  /** Why: it is the `lastError` of its dead letter. Never a payload or a credential. */
  readonly message: string
}

export interface Caused {
  /**
   * What was caught. The first lines of its message and of those of its own causes, three
   * at most, are shown behind the message, and nothing else of it: no body, no header.
   *
   * @default none
   */
  readonly cause?: unknown
}

/**
 * The error of a sink's write.
 *
 * **Gotchas**
 *
 * `message` and the messages of its causes end up on stderr: never put a payload or a
 * credential into them.
 *
 * @category errors
 * @since 0.1.0
 */
export class SinkError extends Data.TaggedError("SinkError")<{
  readonly reason: Reason
  readonly message: string
  readonly cause?: unknown
  /** The name of the sink. Its lane sets it. */
  readonly sink?: string | undefined
}> {
  /** Whether the same batch, or some of it, may succeed later. */
  get isRetryable(): boolean {
    const { reason } = this
    if (reason._tag === "PerRecord") return (reason.again ?? []).length > 0
    return reason._tag === "Unavailable" || reason._tag === "Misconfigured"
  }
}

/** The error as the lane of a sink knows it. */
export const stamped = (sink: string, { cause, message, reason }: SinkError): SinkError =>
  new SinkError({ sink, reason, message, cause })

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
