import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
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

/** Runs the command line of the process. */
export const main = (): void => {
  version.pipe(
    Effect.flatMap((version) => Command.run(command, { version })),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain
  )
}
