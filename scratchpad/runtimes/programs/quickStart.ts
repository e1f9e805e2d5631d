// The quick start with a spool and process hooks, a report, and 20,000 records more.
import { NodeRuntime } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { ConsoleSink, FileSink, Logging, ProcessHooks } from "../../../src/index.ts"
import { tellReport } from "../../../test/process/fixtures/report.ts"

const [, , folder = ""] = process.argv

const LoggingLive = Logging.layer({
  sinks: [
    ConsoleSink.make(),
    FileSink.make({ path: `${folder}/app.ndjson`, spool: { directory: `${folder}/spool`, mode: "always" } })
  ],
  onShutdown: tellReport
})

const program = Effect.gen(function*() {
  const { flush } = yield* Logging.Logging
  yield* Effect.logInfo("order placed").pipe(Effect.annotateLogs({ order: 1042, cardToken: "tok_4242" }))
  for (let i = 1; i <= 20_000; i++) {
    yield* Effect.logInfo(i)
    // Faster than the console is read it would be dropped, and counted.
    if (i % 1000 === 0) yield* flush
  }
})

program.pipe(Effect.provide(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive))), NodeRuntime.runMain)
