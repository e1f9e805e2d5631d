import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { Ledger, type Logging, LogRecord, LogSink, MemorySink } from "../../src/index.ts"
import { makeRuntime } from "../support/runtime.ts"

/** Levels that Effect does not know, as a program that is not type-checked may set them. */
const unknownLevels: ReadonlyArray<string> = ["warning", "WARN", "info", ""]

interface Kind {
  readonly name: string
  readonly sinks: ReadonlyArray<MemorySink.MemorySink>
  /** Whether any lane takes a record of this level. */
  readonly isTaken: (level: LogRecord.Level) => boolean
}

const from = (least: LogRecord.Level) => (level: LogRecord.Level): boolean =>
  LogRecord.severityOf(level) >= LogRecord.severityOf(least)

const above = (name: string, minimumLevel: LogRecord.Level): MemorySink.MemorySink =>
  MemorySink.make({ name, minimumLevel })

const only = (name: string, ...levels: ReadonlyArray<LogRecord.Level>): MemorySink.MemorySink =>
  MemorySink.make({ name, filter: ({ level }) => levels.includes(level) })

/** Some lanes, made anew for each test. */
const kinds = (): ReadonlyArray<Kind> => [
  { name: "no lane at all", sinks: [], isTaken: () => false },
  { name: "a lane for every level", sinks: [MemorySink.make()], isTaken: () => true },
  { name: "one lane from a level on", sinks: [above("a", "Warn")], isTaken: from("Warn") },
  {
    name: "several lanes from levels on",
    sinks: [above("a", "Fatal"), above("b", "Error"), above("c", "Fatal")],
    isTaken: from("Error")
  },
  {
    name: "lanes with filters",
    sinks: [only("a", "Info", "Error"), only("b", "Error", "Trace")],
    isTaken: (level) => ["Info", "Error", "Trace"].includes(level)
  },
  {
    name: "a lane with a level and one with a filter",
    sinks: [above("a", "Error"), only("b", "Debug")],
    isTaken: (level) => level === "Debug" || from("Error")(level)
  },
  {
    name: "a lane with both",
    sinks: [only("a", "Info", "Error").pipe(LogSink.withMinimumLevel("Warn"))],
    isTaken: (level) => level === "Error"
  },
  {
    name: "a filter that throws lets the record through",
    sinks: [MemorySink.make({
      filter: () => {
        throw new Error("bad filter")
      }
    })],
    isTaken: () => true
  },
  {
    name: "lanes that are full",
    sinks: [MemorySink.make({ name: "a", capacity: 1, minimumLevel: "Info", batchWindow: "1 hour" })],
    isTaken: from("Info")
  }
]

/** Ways to log a text, and what is no text, at a level. */
const ways: ReadonlyArray<{
  readonly name: string
  readonly log: (service: Logging.Logging["Service"], level: LogRecord.Level) => Effect.Effect<void>
}> = [
  {
    name: "with Effect",
    log: (_, level) =>
      Effect.andThen(
        // The fiber that has logged before takes the shortest way.
        Effect.andThen(Effect.logWithLevel(level)("first"), Effect.logWithLevel(level)("second")),
        Effect.logWithLevel(level)("third", { a: 1 })
      )
  },
  {
    name: "with the direct logger",
    log: ({ logger }, level) =>
      Effect.sync(() => {
        const { debug, error, fatal, info, trace, warn } = logger
        const log = { Trace: trace, Debug: debug, Info: info, Warn: warn, Error: error, Fatal: fatal }[level]
        log("first")
        log("second", { a: 1 })
        log({ a: 1 })
      })
  }
]

const callsEach = 3

describe("what no lane took", () => {
  for (const queue of [true, false]) {
    for (const way of ways) {
      it.effect.each(kinds())(
        `is filtered and never accepted: %s, ${way.name}, ${queue ? "queued" : "synchronous"}`,
        ({ isTaken, sinks }) =>
          Effect.gen(function*() {
            const runtime = yield* makeRuntime({ sinks, queue, minimumLevel: "All" })
            let accepted = 0
            for (const [index, level] of LogRecord.levels.entries()) {
              yield* runtime.run(way.log(runtime.service, level))
              const { capture, lanes } = yield* runtime.service.stats
              if (isTaken(level)) accepted += callsEach
              const offered = callsEach * (index + 1)
              assert.deepInclude(capture, { offered, accepted, filtered: offered - accepted }, level)
              assert.strictEqual(Ledger.total(capture.rejected), 0)
              const most = Math.max(0, ...Object.values(lanes).map((lane) => lane.accepted))
              assert.isAtLeast(Object.values(lanes).reduce((sum, lane) => sum + lane.accepted, 0), accepted)
              assert.isAtMost(most, accepted)
            }
            yield* runtime.close()
          })
      )
    }
  }

  it.effect.each(unknownLevels)(
    "is filtered and never accepted: a call whose level Effect does not know, %j",
    (level) =>
      Effect.gen(function*() {
        for (const { name, sinks } of kinds()) {
          const runtime = yield* makeRuntime({ sinks, minimumLevel: "All" })
          const loggers = yield* runtime.run(Effect.service(Logger.CurrentLoggers))
          const misspelt = Logger.make<unknown, void>(({ cause, date, fiber, message }) => {
            const options: Logger.Options<unknown> = { cause, date, fiber, message, logLevel: "Info" }
            Reflect.set(options, "logLevel", level)
            for (const logger of loggers) logger.log(options)
          })
          const log = Effect.forEach(["a text", "another", { a: 1 }], (message) => Effect.logInfo(message))
          yield* Effect.provide(log, Logger.layer([misspelt]))
          const { capture, lanes } = yield* runtime.service.stats
          // It is below no lane's level.
          const accepted = sinks.every(({ options }) => options.filter !== undefined) && !name.includes("throws")
            ? 0
            : 3
          assert.deepInclude(capture, { offered: 3, accepted, filtered: 3 - accepted }, name)
          assert.strictEqual(Math.max(0, ...Object.values(lanes).map((lane) => lane.accepted)), accepted, name)
          yield* runtime.close()
        }
      })
  )
})
