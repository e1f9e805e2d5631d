import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { ConsoleSink, Logging, LogRoutes } from "../../src/index.ts"

const routes = LogRoutes.make([
  // Of the noise of a health check only what goes wrong is logged at all.
  { when: { scope: "http.health", level: "Warn" }, to: ["errors"] },
  { when: { scope: "http.health" }, to: [] },
  { when: { level: "Error" }, to: ["all", "errors"] },
  { to: ["all"] }
])

const LoggingLive = Logging.layer({
  sinks: [
    ConsoleSink.make({ name: "all", format: "logfmt" }),
    ConsoleSink.make({ name: "errors", format: "logfmt", stream: "stderr" })
  ],
  routes
})

const program = Effect.gen(function*() {
  yield* Effect.logInfo("started")
  yield* Effect.logInfo("healthy").pipe(Effect.annotateLogs("scope", "http.health"))
  yield* Effect.logError("no answer")
})

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
