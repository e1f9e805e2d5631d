import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Limits } from "../capture/limits.ts"
import type { Given } from "../contract/given.ts"
import type { Voice } from "../diagnostics/Diagnostics.ts"
import type { ShutdownReport } from "../Ledger.ts"
import type * as LogRedactor from "../LogRedactor.ts"
import type { Route } from "../LogRoutes.ts"
import type * as LogSink from "../LogSink.ts"
import type { DurationInput } from "../options/duration.ts"
import type { BoundInput } from "../options/level.ts"

/**
 * Options of `Logging.layer`, besides `sinks`.
 *
 * @category options
 * @since 0.1.0
 */
export interface RuntimeOptions {
  /**
   * The lowest level that is logged: Effect's `MinimumLogLevel`, set for the program.
   *
   * @default the program's
   */
  readonly minimumLevel?: BoundInput | undefined
  /**
   * Levels of scopes, which `Logging.scope` names: of one (`"billing"`), or of one and all
   * below it (`"http.*"`). Of several that fit the longest counts.
   *
   * @default none
   */
  readonly scopes?: Readonly<Record<string, BoundInput>> | undefined
  /**
   * The lowest level that may be set while the program runs. Where it is below the level at
   * the start, Effect's `MinimumLogLevel` becomes `"All"`, and the runtime says which calls
   * are logged; what a region sets for itself still counts there.
   *
   * @default the lowest level that is set at the start
   */
  readonly lowestLevel?: BoundInput | undefined
  /**
   * The deadline of shutdown, for all lanes together. What is left then is dropped as
   * `shutdown_deadline`, or as `unconfirmed` when it may have arrived.
   *
   * @default 5 s
   */
  readonly shutdownTimeout?: DurationInput | undefined
  /**
   * What the platform grants between SIGTERM and SIGKILL. A line on stderr says so at the
   * start when shutdown may take longer.
   *
   * @default none
   */
  readonly gracePeriod?: DurationInput | undefined
  /**
   * Runs with the report before the scope is closed, bounded by the deadline.
   *
   * @default none
   */
  readonly onShutdown?: ((report: ShutdownReport) => Effect.Effect<unknown, unknown>) | undefined
  /**
   * Whether the loggers that the program has are kept, as in `Logger.layer`. They show
   * what they are given: nothing is redacted for them.
   *
   * @default false
   */
  readonly mergeWithExisting?: boolean | undefined
  /**
   * Whether a log call inside a span is also an event of the span, redacted like the
   * record. Effect's own logger for that is replaced, with `mergeWithExisting` too.
   *
   * @default true where log calls were events before, as Effect has it, and no sink sends them to where spans go (`OtlpSink`)
   */
  readonly spanEvents?: boolean | undefined
  /**
   * What every record says: annotations that are copied, redacted and encoded once, when the
   * runtime is built. Those of a log call go before them. `LogFields` makes the usual ones.
   *
   * @default none
   */
  readonly fields?: Readonly<Record<string, unknown>> | undefined
  /**
   * Which values are secrets: options of `LogRedactor.make`, or `false` for none but
   * `Redacted` and `Redactable` ones.
   *
   * @default the lists of `LogRedactor.defaults`
   */
  readonly redact?: LogRedactor.Options | false | undefined
  /**
   * The bounds of one record: {@link Limits}. What is cut says so.
   *
   * @default depth 8, keys 100, field 32 KiB, record 256 KiB
   */
  readonly limits?: Given<Limits> | undefined
  /**
   * Fields that the records of a fiber have besides its annotations, from its services. It is asked
   * once for the services that a fiber has, in its first log call with them, and must be fast; an annotation of
   * the same name counts. Where it throws, its records have none of its fields.
   *
   * @default none
   */
  readonly enrich?: ((services: Context.Context<never>) => Readonly<Record<string, unknown>> | undefined) | undefined
  /**
   * Which lanes get a record: an ordered list of {@link Route}, of which the first that holds decides. A lane's
   * own level and filter hold still. Lanes that are attached later and that no route names take what these let through.
   *
   * @default all lanes
   */
  readonly routes?: ReadonlyArray<Route> | undefined
  /**
   * Whether records are queued. With `false` sinks that can are written synchronously, in
   * the log call, once: what such a write does not deliver is given up as
   * `retries_exhausted`.
   *
   * @default true
   */
  readonly queue?: boolean | undefined
  /**
   * How the runtime's own lines are written to stderr: `"text"`, or `"json"` for objects
   * with `timestamp`, `level`, `logger`, `source` and `message`. A function takes the
   * lines, as text.
   *
   * @default "text"
   */
  readonly diagnostics?: Voice | undefined
}

/**
 * Options of `Logging.layer`.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options<Sources extends ReadonlyArray<LogSink.Source>> extends RuntimeOptions {
  /** The destinations, each with a lane of its own: sinks, or Effects that build one. */
  readonly sinks: Sources
}

/** Options of `Logging.layerFromConfig`. */
export interface FromConfigOptions<Sources extends ReadonlyArray<LogSink.Source>> extends RuntimeOptions {
  readonly sinks?: Sources | undefined
}

/**
 * Options of `Logging.layerTest`: those that say what a record is, and which there are.
 *
 * @category options
 * @since 0.1.0
 */
export type TestOptions = Pick<
  RuntimeOptions,
  | "diagnostics"
  | "enrich"
  | "fields"
  | "limits"
  | "lowestLevel"
  | "mergeWithExisting"
  | "minimumLevel"
  | "redact"
  | "scopes"
  | "spanEvents"
>
