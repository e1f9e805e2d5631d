import { Console, Effect, Layer } from "effect"
import { ConsoleSink, FileSink, Ledger, Logging, LoggingConfig, ProcessHooks } from "../../src/index.ts"

/**
 * Lines for people on the console, JSON lines in a file, and the report when the
 * program ends. The `LOGGING_*` variables go before what is written here.
 */
export const LoggingLive = ProcessHooks.layer.pipe(
  Layer.provideMerge(Layer.unwrap(Effect.map(LoggingConfig.load, (environment) =>
    Logging.layerFromConfig({
      sinks: [
        ConsoleSink.make({ format: environment.format ?? "pretty", stream: environment.stream }),
        FileSink.make({ path: environment.file ?? "logs/service.ndjson" })
      ],
      onShutdown: (report) => Console.log(Ledger.format(report))
    }))))
)
