import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Limits } from "../capture/limits.ts"
import type { ShutdownReport } from "../Ledger.ts"
import type { Level } from "../LogRecord.ts"
import type * as LogRedactor from "../LogRedactor.ts"
import type * as LogSink from "../LogSink.ts"

/**
 * Options of `Logging.layer`, besides `sinks`.
 *
 * **Details**
 *
 * | option | default | meaning |
 * |---|---|---|
 * | `minimumLevel` | the program's | sets Effect's `MinimumLogLevel` for the program |
 * | `shutdownTimeout` | 5 s | the deadline of shutdown, for all lanes together |
 * | `gracePeriod` | none | what the platform grants after SIGTERM; a start-up check warns when shutdown may take longer |
 * | `onShutdown` | nothing | run with the report, before the scope is closed; bounded by the deadline |
 * | `mergeWithExisting` | `false` | keep the loggers the program has, as in `Logger.layer`; they show what they are given, nothing is redacted for them |
 * | `spanEvents` | `true` where log calls were events before, as Effect has it | whether a log call inside a span is also an event of the span, redacted like the record; Effect's own logger for that is replaced, with `mergeWithExisting` too |
 * | `redact` | the default keys | options of `LogRedactor.make`, or `false` for none |
 * | `limits` | depth 8, keys 100, field 32 KiB, record 256 KiB | bounds of one record |
 * | `queue` | `true` | `false`: sinks that can are written synchronously, in the log call |
 * | `diagnostics` | stderr | takes the runtime's own lines |
 *
 * @category models
 * @since 0.1.0
 */
export interface RuntimeOptions {
  readonly minimumLevel?: Level | "All" | "None" | undefined
  readonly shutdownTimeout?: Duration.Input | undefined
  readonly gracePeriod?: Duration.Input | undefined
  readonly onShutdown?: ((report: ShutdownReport) => Effect.Effect<unknown, unknown>) | undefined
  readonly mergeWithExisting?: boolean | undefined
  readonly spanEvents?: boolean | undefined
  readonly redact?: LogRedactor.Options | false | undefined
  readonly limits?: Partial<Limits> | undefined
  readonly queue?: boolean | undefined
  readonly diagnostics?: ((line: string) => void) | undefined
}

/**
 * Options of `Logging.layer`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<Sources extends ReadonlyArray<LogSink.Source>> extends RuntimeOptions {
  readonly sinks: Sources
}
