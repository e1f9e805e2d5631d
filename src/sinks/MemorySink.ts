/**
 * Keeps records in memory, for tests and for showing the last records of a
 * running program.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import { type LogRecord, ordinary } from "../LogRecord.ts"
import * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"

/**
 * A sink with the records it holds.
 *
 * @category models
 * @since 0.1.0
 */
export interface MemorySink extends LogSink.LogSink {
  /** The records held, oldest first. */
  readonly records: ReadonlyArray<LogRecord>
  /** Forgets all records. */
  readonly clear: () => void
}

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<LogSink.LaneOptions> {
  /**
   * Most records held. Older ones are forgotten; they count as delivered.
   *
   * @default 10,000 records
   */
  readonly limit?: number | undefined
  /**
   * The name of the lane.
   *
   * @default "memory"
   */
  readonly name?: string | undefined
}

/**
 * Creates a sink that keeps records in memory. Its lane has no batch window. Throws
 * a `RangeError` for an option that is not known or not what it must be.
 *
 * **Example** (Looking at the last records)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, MemorySink } from "effect-spillway"
 *
 * const recent = MemorySink.make({ limit: 2 })
 *
 * const program = Effect.forEach(["one", "two", "three"], (message) => Effect.logInfo(message), { discard: true })
 *
 * await Effect.runPromise(program.pipe(Effect.provide(Logging.layer({ sinks: [recent] }))))
 *
 * recent.records.map((record) => record.message) // => ["two", "three"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): MemorySink => {
  const { limit = 10_000, name = "memory", ...lane } = checkOptions("MemorySink.make", checks, options)
  const records: Array<LogRecord> = []
  const keep = (batch: ReadonlyArray<LogRecord>): void => {
    for (const record of batch) records.push(ordinary(record))
    if (records.length > limit) records.splice(0, records.length - limit)
  }
  const sink = LogSink.make({
    name,
    batchWindow: 0,
    ...lane,
    write: (batch) => Effect.sync(() => keep(batch)),
    writeSync: keep
  })
  return {
    ...sink,
    records,
    clear() {
      records.length = 0
    }
  }
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = { limit: Check.wholeNumber(1), name: Check.text, ...laneChecks }
