import * as Data from "effect/Data"
import * as LogSink from "../../LogSink.ts"
import type { CallFailure } from "../../node/CallFailure.ts"

/** Why a file did not take all the records that were to be appended. */
export class AppendFailure extends Data.TaggedError("AppendFailure")<{
  readonly message: string
  readonly code: string
  /** How many records at the head are in the file. */
  readonly stored: number
  readonly cause?: unknown
}> {}

/** What a file that is open survives. */
export const keepsOpen = new Set(["ENOSPC", "EDQUOT", "EAGAIN", "EBUSY", "EINTR"])

const needsSomebody = new Set(["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "ELOOP"])

const explained: Readonly<Record<string, string>> = {
  EAGAIN: "EAGAIN: it is full, and its reader takes nothing",
  ENXIO: "ENXIO: a named pipe that nobody reads, or no file",
  EPIPE: "EPIPE: its reader is gone"
}

/** A call of the file system that failed. */
export const failed = (what: string, { cause, code }: CallFailure, stored: number): AppendFailure =>
  new AppendFailure({ message: `${what} (${explained[code] ?? code})`, code, stored, cause })

/** A call that was not made, because the system holds the one before. */
export const held = (what: string): AppendFailure =>
  new AppendFailure({ message: `${what}: the last call to the system has not returned`, code: "held", stored: 0 })

/** What a failure of the file system means to a lane. */
export const sinkError = (failure: AppendFailure): LogSink.SinkError => {
  const { code, message, stored } = failure
  return needsSomebody.has(code) && stored === 0
    ? LogSink.misconfigured(message, { cause: failure.cause })
    : LogSink.unavailable(message, { stored, cause: failure.cause })
}
