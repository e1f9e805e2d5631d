import * as CliError from "effect/cli/CliError"
import * as Data from "effect/Data"
import * as Runtime from "effect/Runtime"
import { unavailable } from "../spool/disk/SpoolError.ts"

/** Why the tool stopped: exit code 1 when it has found that something is wrong, 2 when nothing could be done. */
export class ToolError extends Data.TaggedError("ToolError")<{
  readonly message: string
  readonly exitCode: 1 | 2
}> {
  override get [CliError.userMessage](): string {
    return this.message
  }
  override get [Runtime.errorExitCode](): number {
    return this.exitCode
  }
}

/** An error of the operating system or of a spool. */
export const toolError = (path: string, doing: string) => (cause: unknown): ToolError =>
  cause instanceof ToolError
    ? cause
    : new ToolError({ exitCode: 2, message: unavailable(path, doing, cause).message })
