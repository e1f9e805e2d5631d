import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { LogEncoder, Logging, MemorySink } from "../../src/index.ts"

const warnings = MemorySink.make({ name: "warnings", limit: 2, minimumLevel: "Warn" })
const { encode } = LogEncoder.logfmt()

const program = Effect.gen(function*() {
  yield* Effect.logInfo("ready")
  yield* Effect.forEach([1, 2, 3], (attempt) => Effect.annotateLogs(Effect.logWarning("no answer"), { attempt }))
  const { flush } = yield* Logging.Logging
  yield* flush
  yield* Console.log(warnings.records.map(encode).join("\n"))
})

program.pipe(Effect.provide(Logging.layer({ sinks: [warnings] })), NodeRuntime.runMain)
