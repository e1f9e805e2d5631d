/**
 * Records of the errors that Effect's boundaries report: `Effect.withErrorReporting`, `ErrorReporter.report`,
 * HTTP and RPC servers.
 *
 * **Example** (A record of what is reported)
 *
 * ```ts
 * import { Data, Effect, ErrorReporter } from "effect"
 * import { Logging, TestLogging } from "effect-spillway"
 * import * as ErrorReports from "effect-spillway/ErrorReports"
 *
 * class Declined extends Data.TaggedError("Declined")<{ readonly order: number }> {
 *   override readonly [ErrorReporter.severity] = "Warn" as const
 *   override readonly [ErrorReporter.attributes] = { order: this.order }
 *   override get message(): string {
 *     return "the card was declined"
 *   }
 * }
 *
 * const pay = Effect.fail(new Declined({ order: 1042 })).pipe(Effect.withErrorReporting, Effect.exit)
 *
 * const program = Effect.gen(function*() {
 *   yield* pay
 *   const { records } = yield* TestLogging.TestLogging
 *   return (yield* records)[0]!
 * })
 *
 * const { annotations, level, message } = await program.pipe(
 *   Effect.provide(ErrorReports.layer()),
 *   Effect.provide(Logging.layerTest()),
 *   Effect.runPromise
 * )
 * level // => "Warn"
 * message // => "the card was declined"
 * annotations["order"] // => 1042
 * ```
 *
 * @since 0.1.0
 */
import * as ErrorReporter from "effect/ErrorReporter"
import type * as Layer from "effect/Layer"
import * as Check from "./options/check.ts"
import { checkOptions } from "./options/checkOptions.ts"
import { type LevelInput, levelOf } from "./options/level.ts"
import { recordReport } from "./serving/recordReport.ts"
import { reporterTo } from "./serving/reporting.ts"

/**
 * Options of records of reported errors.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The level of an error that says no `ErrorReporter.severity` itself.
   *
   * @default "Error"
   */
  readonly level?: LevelInput | undefined
  /**
   * Whether the reporters that are there already stay.
   *
   * @default true
   */
  readonly mergeWithExisting?: boolean | undefined
}

/**
 * Makes a record of each error that is reported: its message (its tag or its name where it has none), the severity and the attributes that it says, and the
 * error with its stack as the cause.
 *
 * **Details**
 *
 * Where an event is open, as that of a request (`AccessLog`) or of `WideEvent.record`, the error is
 * that event's: its cause, its level when the error says a severity, its attributes as fields. It is no record of its own.
 * An error that some record had as its cause is not reported again, like Effect's own reporters do.
 *
 * Interruptions are no errors, and what says `ErrorReporter.ignore` is left out.
 *
 * The records go through the loggers of the fiber that reports, like any log call. Throws a `RangeError` for an option that is not
 * what it must be.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<never> => {
  const { level = "Error", mergeWithExisting = true } = checkOptions("ErrorReports.layer", checks, options)
  return ErrorReporter.layer([reporterTo(recordReport(levelOf(level)))], { mergeWithExisting })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = {
  level: Check.level,
  mergeWithExisting: Check.flag
}
