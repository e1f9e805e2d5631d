import * as Data from "effect/Data"
import { codeOf } from "./codeOf.ts"

/** A call of the file system that failed, with the code of the system: `"ENOSPC"` say. */
export class CallFailure extends Data.TaggedError("CallFailure")<{
  readonly code: string
  readonly cause?: unknown
}> {}

export const callFailure = (error: unknown): CallFailure => {
  if (error instanceof CallFailure) return error
  if (!(error instanceof Error)) return new CallFailure({ code: "it threw", cause: error })
  return new CallFailure({ code: codeOf(error) ?? error.name, cause: error })
}
