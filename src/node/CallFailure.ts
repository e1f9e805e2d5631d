import * as Data from "effect/Data"

/** A call of the file system that failed, with the code of the system: `"ENOSPC"` say. */
export class CallFailure extends Data.TaggedError("CallFailure")<{
  readonly code: string
  readonly cause?: unknown
}> {}

export const callFailure = (error: unknown): CallFailure => {
  if (error instanceof CallFailure) return error
  if (!(error instanceof Error)) return new CallFailure({ code: "it threw", cause: error })
  return new CallFailure({
    code: "code" in error && typeof error.code === "string" ? error.code : error.name,
    cause: error
  })
}
