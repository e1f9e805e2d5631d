import { Console, Layer } from "effect"
import { ConsoleSink, FileSink, Ledger, Logging, ProcessHooks } from "../../src/index.ts"

/**
 * Lines for people on the console, JSON lines in a file, and the report when the
 * program ends. The `LOGGING_*` variables go before what is written here.
 */
export const LoggingLive = ProcessHooks.layer.pipe(
  Layer.provideMerge(Logging.layerFromConfig({
    // Levels may be lowered so far while the service runs.
    lowestLevel: "Debug",
    sinks: [ConsoleSink.make({ format: "pretty" }), FileSink.make({ path: "logs/service.ndjson" })],
    onShutdown: (report) => Console.log(Ledger.format(report))
  }))
)
