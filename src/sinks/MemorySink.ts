/**
 * Keeps records in memory, for tests and for showing the last records of a
 * running program.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { type Given, given } from "../contract/given.ts"
import type { LogRecord } from "../LogRecord.ts"
import * as LogSink from "../LogSink.ts"

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
 * Creates a sink that keeps records in memory. Its lane has no batch window.
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
  const { limit = 10_000, name = "memory", ...lane } = options
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new RangeError(`MemorySink.make: limit must be a whole number of at least 1, got ${limit}`)
  }
  const records: Array<LogRecord> = []
  const keep = (batch: ReadonlyArray<LogRecord>): void => {
    for (const record of batch) records.push(record)
    if (records.length > limit) records.splice(0, records.length - limit)
  }
  const sink = LogSink.make({
    name,
    batchWindow: 0,
    ...given(lane),
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
