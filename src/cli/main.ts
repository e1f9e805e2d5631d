import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Runtime from "effect/Runtime"
import * as Schema from "effect/Schema"
import { fileURLToPath } from "node:url"
import { command } from "./command.ts"

const decodePackage = Schema.decodeEffect(Schema.fromJsonString(Schema.Struct({ version: Schema.String })))

/** The version of the package that this file is a part of, built or not. */
const version = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = fileURLToPath(new URL("../../package.json", import.meta.url))
  return (yield* decodePackage(yield* fs.readFileString(path))).version
}).pipe(Effect.orDie)

/** Arguments that are wrong, which was said with the help: nothing was done. */
class UsageError extends Data.TaggedError("UsageError") {
  override readonly [Runtime.errorExitCode] = 2
  override readonly [Runtime.errorReported] = false
}

const isUsageError = (error: unknown): boolean =>
  CliError.isCliError(error) && error._tag === "ShowHelp" && error.errors.length > 0

/** Runs the command line of the process. */
export const main = (): void => {
  version.pipe(
    Effect.flatMap((version) => Command.run(command, { version })),
    Effect.mapError((error) => isUsageError(error) ? new UsageError() : error),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain
  )
}
