import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "logfmt" })], lowestLevel: "Debug" })

const charge = Effect.logDebug("charging").pipe(Logging.scope("billing"))
const search = Effect.logDebug("searching").pipe(Logging.scope("catalogue"))

const program = Effect.gen(function*() {
  yield* Effect.all([charge, search])
  yield* Logging.setLevel("Debug", { scope: "billing", for: "5 minutes" })
  yield* Effect.all([charge, search])
})

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
