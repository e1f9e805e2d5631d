import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { FileSink, Ledger, Logging } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [FileSink.make({ path: "logs/import.ndjson", capacity: 1000, required: true })],
  onShutdown: (report) => Console.log(`${report.capture.accepted} logged, ${Ledger.lost(report)} lost`)
})

const program = Effect.gen(function*() {
  const { room } = yield* Logging.Logging
  for (let row = 0; row < 200_000; row++) {
    yield* room
    yield* Effect.logInfo("row imported", { row })
  }
})

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
