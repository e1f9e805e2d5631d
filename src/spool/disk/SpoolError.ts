/**
 * What can go wrong with a spool as a whole. Damaged data is not among it: that
 * is set aside and counted.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import { codeOf } from "../../node/codeOf.ts"

/**
 * Why a spool cannot be used, or an operation on it was not done.
 *
 * **Details**
 *
 * - `Options`: an option is out of range.
 * - `Insecure`: a directory is a symbolic link, belongs to somebody else, or can
 *   be written by group or others.
 * - `Unavailable`: the operating system refused; `code` says how (`ENOSPC`, say).
 * - `Closed`: the store was closed before.
 *
 * @category errors
 * @since 0.1.0
 */
export type SpoolErrorReason = "Options" | "Insecure" | "Unavailable" | "Closed"

/**
 * The error of a spool. `message` names the path and what to change.
 *
 * @category errors
 * @since 0.1.0
 */
export class SpoolError extends Data.TaggedError("SpoolError")<{
  readonly reason: SpoolErrorReason
  readonly path: string
  readonly message: string
  readonly code?: string | undefined
  readonly cause?: unknown
}> {}

/**
 * What was thrown while something was opened, as the error of a spool.
 *
 * @internal
 */
export const notOpened = (message: string) => (cause: unknown): SpoolError =>
  cause instanceof SpoolError
    ? cause
    : new SpoolError({ reason: "Unavailable", path: "", message, cause })

/**
 * Wraps what the operating system threw.
 *
 * @internal
 */
export const unavailable = (path: string, doing: string, cause: unknown): SpoolError => {
  if (cause instanceof SpoolError) return cause
  const code = codeOf(cause)
  return new SpoolError({
    reason: "Unavailable",
    path,
    code,
    message: `cannot ${doing} ${JSON.stringify(path)}: ${
      code ?? (cause instanceof Error ? cause.message : "unknown error")
    }`,
    cause
  })
}
