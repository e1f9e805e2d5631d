/**
 * What a program logged, as values, for assertions in its tests. Provided by
 * `Logging.layerTest`.
 *
 * **Example** (Looking at what was logged)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, TestLogging } from "effect-spillway"
 *
 * const program = Effect.gen(function*() {
 *   yield* Effect.logWarning("out of stock", { left: 0 }).pipe(Effect.annotateLogs("item", "book"))
 *
 *   const logged = yield* TestLogging.TestLogging
 *   const [warning] = yield* logged.atLevel("Warn")
 *   return [warning?.message, warning?.annotations]
 * })
 *
 * const seen = await Effect.runPromise(Effect.provide(program, Logging.layerTest()))
 * seen // => [["out of stock", { left: 0 }], { item: "book" }]
 * ```
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Exit from "effect/Exit"
import * as LogEncoder from "../LogEncoder.ts"
import { type LogRecord, ordinary } from "../LogRecord.ts"
import * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkArgument } from "../options/checkOptions.ts"
import { type LevelInput, levelOf } from "../options/level.ts"
import { formatCheck } from "../sinks/encoding/format.ts"

/**
 * The records of one test.
 *
 * **Details**
 *
 * A record is there as soon as the log call has returned. Each function throws a
 * `RangeError` for an argument that is not what it must be.
 *
 * @category services
 * @since 0.1.0
 */
export class TestLogging extends Context.Service<TestLogging, {
  /** All records so far, oldest first. */
  readonly records: Effect.Effect<ReadonlyArray<LogRecord>>
  /** Those of one level. */
  readonly atLevel: (level: LevelInput) => Effect.Effect<ReadonlyArray<LogRecord>>
  /** Those with an annotation of this key, and with this value when one is given, as the record shows it: compared by what it holds. */
  readonly withAnnotation: (key: string, value?: unknown) => Effect.Effect<ReadonlyArray<LogRecord>>
  /** All records as an encoder prints them; JSON without one. */
  readonly lines: (encoder?: LogEncoder.LogEncoder | LogEncoder.Format) => Effect.Effect<ReadonlyArray<string>>
  /**
   * The first record, already logged or yet to come, that has this message or passes
   * this test. Never sleeps.
   */
  readonly await: (wanted: string | ((record: LogRecord) => boolean)) => Effect.Effect<LogRecord>
  /** Forgets the records so far. */
  readonly clear: Effect.Effect<void>
}>()("effect-spillway/testing/TestLogging") {}

/**
 * Creates the service and the sink that feeds it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (): { readonly service: TestLogging["Service"]; readonly sink: LogSink.LogSink } => {
  const records: Array<LogRecord> = []
  const waiting = new Map<Deferred.Deferred<LogRecord>, (record: LogRecord) => boolean>()

  const keep = (batch: ReadonlyArray<LogRecord>): void => {
    for (const given of batch) {
      const record = ordinary(given)
      records.push(record)
      for (const [found, matches] of waiting) {
        if (matches(record)) {
          waiting.delete(found)
          Deferred.doneUnsafe(found, Exit.succeed(record))
        }
      }
    }
  }
  const those = (matches: (record: LogRecord) => boolean): Effect.Effect<ReadonlyArray<LogRecord>> =>
    Effect.sync(() => records.filter(matches))

  return {
    sink: LogSink.make({ name: "test", write: (batch) => Effect.sync(() => keep(batch)), writeSync: keep }),
    service: TestLogging.of({
      records: those(() => true),
      atLevel(level) {
        checkArgument("TestLogging.atLevel", "level", Check.level, level)
        const wanted = levelOf(level)
        return those((record) => record.level === wanted)
      },
      withAnnotation(...wanted) {
        const [key, value] = wanted
        checkArgument("TestLogging.withAnnotation", "key", Check.anyText, key)
        return those(({ annotations }) =>
          Object.hasOwn(annotations, key) && (wanted.length === 1 || Equal.equals(annotations[key], value))
        )
      },
      lines(encoder = "json") {
        checkArgument("TestLogging.lines", "encoder", formatCheck, encoder)
        return Effect.sync(() => {
          const { encode } = typeof encoder === "string" ? LogEncoder.make(encoder) : encoder
          return records.map((record) => encode(record))
        })
      },
      await(wanted) {
        checkArgument("TestLogging.await", "wanted", Check.either(Check.anyText, Check.aFunction), wanted)
        return Effect.suspend(() => {
          const matches = typeof wanted === "string" ? (record: LogRecord) => record.message === wanted : wanted
          const known = records.find(matches)
          if (known !== undefined) return Effect.succeed(known)
          const found = Deferred.makeUnsafe<LogRecord>()
          waiting.set(found, matches)
          return Effect.ensuring(Deferred.await(found), Effect.sync(() => waiting.delete(found)))
        })
      },
      clear: Effect.sync(() => {
        records.length = 0
      })
    })
  }
}
