import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { ConsoleSink, Logging, LogSink } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [
    // For people: without what only machines read.
    ConsoleSink.make({ name: "people", format: "logfmt", stream: "stderr" }).pipe(
      LogSink.withOptions({ map: { drop: ["tenant"] } })
    ),
    // For a service that has names of its own.
    ConsoleSink.make({ name: "service", format: "logfmt" }).pipe(
      LogSink.withOptions({
        map: { rename: { user: "usr.id" }, add: { region: "eu-1", apiKey: "is a secret here too" } }
      })
    )
  ]
})

const program = Effect.logInfo("signed in").pipe(Effect.annotateLogs({ user: 7, tenant: "acme" }))

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
