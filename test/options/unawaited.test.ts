import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schedule, Schema, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import * as PinoLogger from "../../src/bridges/PinoLogger.ts"
import { LogEncoder, LogEvent, Logging, LogRecord, LogSink, MemorySink, WideEvent } from "../../src/index.ts"
import * as HttpSink from "../../src/sinks/HttpSink.ts"

const logSome = Effect.andThen(Effect.logInfo("one"), WideEvent.record("two")(Effect.void))

/** What a Promise that fails would end a process with, while an effect runs. */
const unhandled = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const reasons: Array<unknown> = []
    const onRejection = (reason: unknown): number => reasons.push(reason)
    process.on("unhandledRejection", onRejection)
    return effect.pipe(
      // Node tells of them after the microtasks of a turn.
      Effect.andThen(Effect.promise(() => new Promise(setImmediate))),
      Effect.as(reasons),
      Effect.ensuring(Effect.sync(() => process.off("unhandledRejection", onRejection)))
    )
  })

/** A function that was asked for no Promise and gives one, like one with an async helper at its end. */
const failing = (): never => {
  const given: unknown = Promise.reject(new Error("nobody waits"))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what no compiler has looked at
  return given as never
}

/** An encoder that gets by where a sample is asked of it. */
const failingLater = ({ message }: LogRecord.LogRecord): string => message === "one" ? failing() : "{}"

const refusing = LogSink.make({
  name: "refusing",
  retry: Schedule.recurs(0),
  batchWindow: 0,
  write: () => Effect.fail(LogSink.rejected("no")),
  deadLetter: failing
})

/** A sink with one function that fails so. */
const sinkWith = (options: Partial<LogSink.Options>) =>
  LogSink.make({ name: "custom", batchWindow: 0, write: () => Effect.void, ...options })

const posting = (options: Partial<HttpSink.Options>) =>
  Effect.provideService(
    HttpSink.make({ url: "http://far.example", batchWindow: 0, ...options }),
    HttpClient.HttpClient,
    HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, new Response())))
  )

class NoStock extends Schema.Error<NoStock>("NoStock")({ item: Schema.String }) {}
const OutOfStock = LogEvent.error(NoStock, { why: failing })

/** What it gives for a record, and for a batch of one, be it nothing but an exception. */
const encoded = (encoder: LogEncoder.LogEncoder) => {
  const record = LogRecord.make({ message: "one" })
  return Effect.all([
    Effect.exit(Effect.sync(() => encoder.encode(record))),
    Effect.exit(Effect.sync(() => encoder.encodeBatch([record])))
  ])
}

const watched = Effect.gen(function*() {
  const { records } = yield* Logging.Logging
  const watcher = yield* Effect.forkChild(Stream.runCount(records({ filter: failing })), { startImmediately: true })
  yield* logSome
  yield* Fiber.interrupt(watcher)
})

const programs: ReadonlyArray<readonly [string, Effect.Effect<unknown, never, Logging.Logging>, object?]> = [
  ["a filter of a lane", logSome, { sinks: [MemorySink.make({ filter: failing })] }],
  ["a filter of who watches", watched],
  ["a condition of a route", logSome, { routes: [{ when: { is: failing }, to: ["memory"] }] }],
  ["enrich", logSome, { enrich: failing }],
  [
    "a rule of redaction",
    Effect.logInfo("one", { harmless: 1 }),
    { redact: { isSensitive: failing } }
  ],
  ["a map", logSome, { sinks: [MemorySink.make({ map: failing })] }],
  ["what tells of the runtime", logSome, { diagnostics: failing, enrich: () => failing() }],
  ["a synchronous write", logSome, { sinks: [sinkWith({ writeSync: failing })], queue: false }],
  ["reopening", Effect.sync(() => sinkWith({ reopen: failing }).reopen?.())],
  ["what measures a record", logSome, { sinks: [sinkWith({ recordLimit: { maxBytes: 1, sizeOf: failing } })] }],
  [
    "what measures a batch",
    logSome,
    { sinks: [sinkWith({ recordLimit: { maxBytes: 1, sizeOf: () => 1, allFit: failing } })] }
  ],
  ["an encoder", logSome, { sinks: [posting({ encoder: { ...LogEncoder.json(), encode: failingLater } })] }],
  ["a renderer", encoded(LogEncoder.fromRenderer(failing))],
  ["an escape", encoded(LogEncoder.fromRenderer(() => "é", failing))],
  ["a body", logSome, { sinks: [posting({ format: failing })] }],
  ["a sentence about an error", OutOfStock.log(new NoStock({ item: "tea" }))],
  [
    "a serializer",
    Effect.map(PinoLogger.make({ serializers: { user: failing } }), (logger) => logger.info({ user: 1 }, "one"))
  ],
  ["dead letters", logSome, { sinks: [refusing] }],
  ["when of an event", Effect.void.pipe(WideEvent.record("event", { when: failing }))],
  ["level of an event", Effect.void.pipe(WideEvent.record("event", { level: failing }))]
]

describe("a Promise that nobody has asked for, and that fails", () => {
  for (const [from, program, options] of programs) {
    it.live(`of ${from} ends no process`, () =>
      Effect.gen(function*() {
        const layer = Logging.layer({ sinks: [MemorySink.make()], diagnostics: () => {}, ...options })
        assert.deepStrictEqual(yield* unhandled(Effect.provide(program, layer)), [])
      }))
  }
})
