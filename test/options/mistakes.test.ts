/** Programs that are wrong, as somebody writes them who has no types, and the sentence that each is answered with. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer } from "effect"
import {
  ConsoleSink,
  DeadLetters,
  FileSink,
  Ledger,
  LogEncoder,
  Logging,
  LogRecord,
  LogRedactor,
  LogSink,
  MemorySink,
  ProcessHooks,
  ScriptedSink,
  SinkConformance,
  TestLogging
} from "../../src/index.ts"
import { givenTo, sentenceOf } from "../support/mistakes.ts"

const layer = (options?: unknown): unknown => givenTo(Logging.layer, options)
const withConsole = (options: object): unknown => layer({ sinks: [ConsoleSink.make()], ...options })
const toConsole = (options: object): unknown => givenTo(ConsoleSink.make, options)

const aCount = "must be a whole number of at least 1"
const aDuration = (least: string): string => `must be a ${least} 0, like "5s", "500 millis" or a number of milliseconds`
const aPath = "must be a path that is not blank and has no control characters"
const sources = "must be an array, each item a sink or an Effect of one"

const refused: ReadonlyArray<readonly [call: () => unknown, sentence: string]> = [
  [() => toConsole({ capacity: -1 }), `ConsoleSink.make: capacity ${aCount}, got -1`],
  [() => toConsole({ capacity: "1000" }), `ConsoleSink.make: capacity ${aCount}, got "1000"`],
  [() => toConsole({ capacity: Number.NaN }), `ConsoleSink.make: capacity ${aCount}, got NaN`],
  [() => toConsole({ capasity: 10 }), `ConsoleSink.make has no option "capasity"; did you mean "capacity"?`],
  [() => withConsole({ minLevel: "Debug" }), `Logging.layer has no option "minLevel"; did you mean "minimumLevel"?`],
  [() => layer({}), `Logging.layer: sinks ${sources}, got undefined`],
  [() => layer(), `Logging.layer takes an object of options, got undefined`],
  [
    () => layer({ sinks: ConsoleSink.make() }),
    `Logging.layer: sinks ${sources}, got a single one; put it into an array`
  ],
  [
    () => layer({ sinks: MemorySink.make() }),
    `Logging.layer: sinks ${sources}, got a single one; put it into an array`
  ],
  [
    () => layer({ sinks: [ConsoleSink.make] }),
    `Logging.layer: sinks[0] must be a sink or an Effect of one, got a function; call it`
  ],
  [() => layer({ sinks: ["console"] }), `Logging.layer: sinks[0] must be a sink or an Effect of one, got "console"`],
  [
    () => toConsole({ format: "text" }),
    `ConsoleSink.make: format must be "json", "logfmt" or "pretty", or a LogEncoder, got "text"`
  ],
  [() => toConsole({ stream: "stdot" }), `ConsoleSink.make: stream must be "stdout" or "stderr", got "stdot"`],
  [
    () => toConsole({ strategy: "drop" }),
    `ConsoleSink.make: strategy must be "dropping", "sliding" or "sampling", got "drop"`
  ],
  [() => toConsole({ batchWindow: -5 }), `ConsoleSink.make: batchWindow ${aDuration("duration of at least")}, got -5`],
  [
    () => withConsole({ shutdownTimeout: -1 }),
    `Logging.layer: shutdownTimeout ${aDuration("finite duration above")}, got -1`
  ],
  [
    () => withConsole({ redact: { keys: "iban" } }),
    `Logging.layer: redact.keys must be an array, each item a text that is not blank, got "iban"`
  ],
  [
    () => withConsole({ redact: { paths: ["a.b"] } }),
    `Logging.layer: redact has no option "paths"; it has keys, allow, isSensitive, marker, defaults`
  ],
  [
    () => withConsole({ redact: true }),
    `Logging.layer: redact must be an object with the options keys, allow, isSensitive, marker, defaults, or false, got true`
  ],
  [
    () => withConsole({ limits: { maxDepth: 3 } }),
    `Logging.layer: limits has no option "maxDepth"; did you mean "depth"?`
  ],
  [
    () => withConsole({ limits: { depth: -3 } }),
    `Logging.layer: limits.depth must be a whole number of at least 0, got -3`
  ],
  [() => givenTo(FileSink.make, {}), `FileSink.make: path ${aPath}, got undefined`],
  [() => givenTo(FileSink.make, { path: "" }), `FileSink.make: path ${aPath}, got ""`],
  [
    () => givenTo(FileSink.make, { path: "x.log", mode: "0644" }),
    `FileSink.make: mode must be permissions as a number like 0o640, got "0644"`
  ],
  [() => givenTo(MemorySink.make, { limit: -1 }), `MemorySink.make: limit ${aCount}, got -1`],
  [
    () => givenTo(LogSink.make, { write: () => Effect.void }),
    `LogSink.make: name must be a text that is not blank, got undefined`
  ],
  [
    () => givenTo(LogSink.make, { name: "x" }),
    `LogSink.make("x"): write must be a function that returns an Effect, got undefined`
  ],
  [() => toConsole({ spool: { mode: "always" } }), `ConsoleSink.make: spool.directory ${aPath}, got undefined`],
  [
    () => toConsole({ spool: { mode: "on", directory: "spool" } }),
    `ConsoleSink.make: spool.mode must be "overflow" or "always", got "on"`
  ],
  [
    () => toConsole({ retry: 3 }),
    `ConsoleSink.make: retry must be a Schedule, like LogSink.exponentialRetry gives one, got 3`
  ],
  [
    () => toConsole({ breaker: true }),
    `ConsoleSink.make: breaker must be an object with the options failures, cooldown, or false, got true`
  ],
  [() => withConsole({ queue: { capacity: 10 } }), `Logging.layer: queue must be true or false, got an object`],
  [
    () => givenTo(ProcessHooks.layerWith, { lastResort: 5 }),
    `ProcessHooks.layerWith: lastResort must be "stderr", or a path that is not blank and has no control characters, got 5`
  ],
  [
    () => givenTo(Logging.layerTest, { sinks: [] }),
    "Logging.layerTest has no option \"sinks\"; it has minimumLevel, scopes, lowestLevel, mergeWithExisting, spanEvents, redact, limits, fields, enrich, diagnostics"
  ],
  [() => givenTo(Logging.make, { sinks: 3 }), `Logging.make: sinks ${sources}, got 3`],
  [() => givenTo(Logging.layerFromConfig, { sinks: 3 }), `Logging.layerFromConfig: sinks ${sources}, got 3`],
  [
    () => givenTo(LogSink.withMinimumLevel, MemorySink.make(), "loud"),
    `LogSink.withMinimumLevel("memory"): minimumLevel must be ` +
    `All, a level (Trace, Debug, Info, Warn, Error, Fatal) or None, got "loud"`
  ],
  [
    () => givenTo(LogSink.withOptions, ConsoleSink.make, { capacity: 1 }),
    "LogSink.withOptions: self must be a sink or an Effect of one, got a function; call it"
  ],
  [
    () => givenTo(LogSink.withOptions, ConsoleSink.make(), { capacity: 0 }),
    `LogSink.withOptions: capacity ${aCount}, got 0`
  ],
  [
    () => givenTo(LogSink.filter, MemorySink.make(), "Warn"),
    `LogSink.filter("memory"): predicate must be a function that is not async, got "Warn"`
  ],
  [
    () => givenTo(LogSink.withFallback, MemorySink.make(), MemorySink.make),
    `LogSink.withFallback("memory"): fallback must be a sink or an Effect of one, got a function; call it`
  ],
  [
    () => givenTo(LogSink.withName, MemorySink.make(), ""),
    `LogSink.withName("memory"): name must be a text that is not blank, got ""`
  ],
  [
    () => givenTo(LogSink.required, FileSink.make),
    "LogSink.required: self must be a sink or an Effect of one, got a function; call it"
  ],
  [
    () => layer({ sinks: [ConsoleSink] }),
    "Logging.layer: sinks[0] must be a sink or an Effect of one, got a module; did you mean its make()?"
  ],
  [() => layer({ sinks: ConsoleSink }), `Logging.layer: sinks ${sources}, got a module; did you mean its make()?`],
  [
    () => givenTo(LogSink.withFallback, MemorySink.make(), FileSink),
    `LogSink.withFallback("memory"): fallback must be a sink or an Effect of one, got a module; did you mean its make()?`
  ],
  [
    () => givenTo(LogSink.withName, { make: () => MemorySink.make() }, "bundled"),
    "LogSink.withName: self must be a sink or an Effect of one, got a module; did you mean its make()?"
  ],
  [
    () => toConsole({ format: LogEncoder }),
    `ConsoleSink.make: format must be "json", "logfmt" or "pretty", or a LogEncoder, got a module; ` +
    "did you mean its json(), logfmt() or pretty()?"
  ],
  [
    () => toConsole({ format: LogEncoder.json }),
    `ConsoleSink.make: format must be "json", "logfmt" or "pretty", or a LogEncoder, got a function; call it`
  ],
  [
    () => givenTo(Logging.runMain, Logging, () => {}),
    "Logging.runMain: layer must be a Layer, got a module; did you mean its layer() or layerFromConfig()?"
  ],
  [
    () => givenTo(DeadLetters.into, DeadLetters),
    "DeadLetters.into: store must be what DeadLetters.open gives, got a module; did you mean its open()?"
  ],
  [
    () => toConsole({ retry: LogRecord }),
    `ConsoleSink.make: retry must be a Schedule, like LogSink.exponentialRetry ` +
    "gives one, got a module; did you mean its make()?"
  ],
  ...[["stdout", "./stdout"], ["STDERR", "./STDERR"], ["stderror", "./stderror"]].map(([name, file]) =>
    [
      () => givenTo(ProcessHooks.layerWith, { lastResort: name }),
      `ProcessHooks.layerWith: lastResort must be "stderr", or a path that is not blank and has no control characters, ` +
      `got "${name}"; a file of that name is "${file}"`
    ] as const
  ),
  [
    () => givenTo(LogSink.exponentialRetry, { base: "soon", times: 0.5 }),
    `LogSink.exponentialRetry: base ${aDuration("finite duration of at least")}, got "soon"\n` +
    "LogSink.exponentialRetry: times must be a whole number of at least 0, got 0.5"
  ],
  [
    () => givenTo(LogSink.unavailable, "busy", { retryIn: 5 }),
    `LogSink.unavailable has no option "retryIn"; it has retryAfter, ambiguous, stored, cause`
  ],
  [
    () => givenTo(LogSink.unavailable, "busy", { retryAfter: "soon" }),
    `LogSink.unavailable: retryAfter ${aDuration("duration of at least")}, got "soon"`
  ],
  [
    () => givenTo(LogSink.rejected, "no", { records: 3 }),
    "LogSink.rejected: records must be an array, each item a number, got 3"
  ],
  [
    () => givenTo(LogSink.make, { name: "x", write: async () => {} }),
    `LogSink.make("x"): write must be a function that returns an Effect, got an async function; ` +
    "wrap what it does in Effect.tryPromise, or make it with Effect.fn"
  ],
  [
    () => givenTo(LogSink.make, { name: "x", *write() {} }),
    `LogSink.make("x"): write must be a function that returns an Effect, got a generator function; ` +
    "wrap what it does in Effect.tryPromise, or make it with Effect.fn"
  ],
  [
    () => givenTo(MemorySink.make, { deadLetter: async () => {} }),
    "MemorySink.make: deadLetter must be a function that is not async, got an async function; " +
    "nobody waits for what it returns"
  ],
  [
    () =>
      givenTo(SinkConformance.cases, { make: Effect.void, stored: () => Effect.void, answers: { refuse: () => {} } }),
    `SinkConformance.cases: answers has no option "refuse"; did you mean "refused"?`
  ],
  [
    () => givenTo(SinkConformance.cases, { make: Effect.void, stored: async () => [], secrets: ["a"] }),
    "SinkConformance.cases: stored must be a function that is not async, got an async function; " +
    "nobody waits for what it returns\n" +
    `SinkConformance.cases: secrets[0] must be a text of at least 3 characters, got "a"`
  ],
  [
    () => givenTo(LogSink.rejected, "no", { records: [1], count: 1 }),
    "LogSink.rejected takes records, which names the refused ones, or count where nobody knows which they are, not both"
  ],
  [
    () => givenTo(LogSink.perRecord, "no", { refused: [3] }),
    "LogSink.perRecord: refused[0] must be an object with the options record, message, got 3"
  ],
  [
    () => givenTo(LogSink.unavailable, "archive", "busy", {}),
    `LogSink.unavailable takes an object of options, got "busy"`
  ],
  [
    () => givenTo(LogSink.closed, "gone", new Error("gone")),
    "LogSink.closed takes an object of options, got an object of Error"
  ],
  [
    () => givenTo(LogEncoder.make, "xml"),
    `LogEncoder.make: format must be "json", "logfmt" or "pretty", got "xml"`
  ],
  [
    () => givenTo(LogEncoder.fromRenderer, 3),
    "LogEncoder.fromRenderer: render must be a function that is not async, got 3"
  ],
  [() => givenTo(LogRedactor.make, { keys: [5] }), "LogRedactor.make: keys[0] must be a text that is not blank, got 5"],
  [
    () => givenTo(LogRecord.make, { text: "x" }),
    "LogRecord.make has no option \"text\"; it has message, seq, time, level, cause, annotations, spans, fiberId, traceId, spanId, sampled, runtimeId, place, bytes"
  ],
  [
    () => givenTo(DeadLetters.into, "spool"),
    `DeadLetters.into: store must be what DeadLetters.open gives, got "spool"`
  ],
  [
    () => givenTo(ScriptedSink.make, { script: ["fail"] }),
    `ScriptedSink.make: script[0] must be a step, like ScriptedSink.succeed, got "fail"`
  ],
  [
    () => givenTo(TestLogging.make().service.atLevel, "loud"),
    `TestLogging.atLevel: level must be a level: Trace, Debug, Info, Warn, Error or Fatal, got "loud"`
  ],
  [
    () => givenTo(TestLogging.make().service.await, 5),
    "TestLogging.await: wanted must be a text, or a function, got 5"
  ],
  [
    () => givenTo(TestLogging.make().service.withAnnotation, { item: "book" }),
    "TestLogging.withAnnotation: key must be a text, got an object"
  ],
  [
    () => givenTo(TestLogging.make().service.lines, "text"),
    `TestLogging.lines: encoder must be "json", "logfmt" or "pretty", or a LogEncoder, got "text"`
  ],
  [
    () => givenTo(ScriptedSink.fail, "Rejected"),
    `ScriptedSink.fail: reason must be a reason, like { _tag: "Rejected" }, got "Rejected"`
  ],
  [
    () => givenTo(ScriptedSink.make().push, ScriptedSink.succeed, ScriptedSink.fail),
    "ScriptedSink.push: steps[1] must be a step, like ScriptedSink.succeed, got a function; call it"
  ],
  [
    () => givenTo(ScriptedSink.make().started, 0),
    "ScriptedSink.started: n must be a whole number of at least 1, got 0"
  ],
  [() => givenTo(Ledger.format, []), "Ledger.format: report must be a report of shutdown, got an empty array"],
  [
    () => givenTo(LogRecord.batchId, ["a"]),
    "LogRecord.batchId: records must be an array of records, got an array"
  ]
]

/** What was once a mistake, or looks like one. */
const taken: ReadonlyArray<readonly [what: string, call: () => unknown]> = [
  ["a short unit", () => toConsole({ batchWindow: "1 sec" })],
  ["a short unit of the runtime", () => withConsole({ shutdownTimeout: "5 sec" })],
  ["a level in small letters", () => toConsole({ minimumLevel: "warn" })],
  ["a level of the runtime in small letters", () => withConsole({ minimumLevel: "debug" })],
  ["no sinks", () => layer({ sinks: [] })],
  ["two consoles", () => layer({ sinks: [ConsoleSink.make(), ConsoleSink.make({ stream: "stderr" })] })],
  ["a combinator on an Effect", () => layer({ sinks: [ConsoleSink.make().pipe(LogSink.withMinimumLevel("Warn"))] })],
  ["a sink that is there, and required", () => layer({ sinks: [LogSink.required(MemorySink.make())] })],
  ["a file for the last resort", () => givenTo(ProcessHooks.layerWith, { lastResort: "./stdout" })],
  ["a file with an ending for it", () => givenTo(ProcessHooks.layerWith, { lastResort: "stdout.ndjson" })],
  ["a filter of an Effect", () => layer({ sinks: [LogSink.filter(ConsoleSink.make(), () => false)] })]
]

describe("a mistake", () => {
  for (const [call, sentence] of refused) {
    it(`is answered: ${sentence}`, () => assert.strictEqual(sentenceOf(call), sentence))
  }

  it.effect.each<readonly [string, unknown]>([["a function; call it", MemorySink.make], ["undefined", undefined]])(
    "is named when the layer is built: an Effect of %s",
    ([given, value]) =>
      Effect.gen(function*() {
        const wrong = givenTo(Logging.layer, { sinks: [MemorySink.make(), Effect.succeed(value)] })
        assert.isTrue(Layer.isLayer(wrong))
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what no type allows
        const exit = yield* Effect.exit(Effect.scoped(Layer.build(wrong as Layer.Layer<Logging.Logging>)))
        assert.isTrue(Exit.isFailure(exit))
        const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
        assert.instanceOf(defect, RangeError)
        assert.strictEqual(defect.message, `Logging: sinks[1] must be an Effect of a sink, got one of ${given}`)
      })
  )

  it.effect("of a write that returns no Effect is said, and its records are counted", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      let writes = 0
      const sink = givenTo(LogSink.make, {
        name: "archive",
        batchWindow: 0,
        write: () => {
          writes++
          return Promise.reject(new Error("nobody hears of it"))
        }
      })
      assert.isTrue(LogSink.isLogSink(sink))
      if (!LogSink.isLogSink(sink)) return
      const stats = yield* Effect.scoped(
        Effect.gen(function*() {
          const { flush, stats } = yield* Logging.Logging
          yield* Effect.logInfo("sent")
          yield* flush
          return yield* stats
        }).pipe(Effect.provide(Logging.layer({ sinks: [sink], diagnostics: (line) => void lines.push(line) })))
      )
      const lane = stats.lanes["archive"]
      assert.strictEqual(lane?.dropped.unconfirmed, 1)
      assert.strictEqual(writes, 1, "what it does may have stored the batch")
      assert.include(lane?.lastError, "write must return an Effect, got an object of Promise")
      assert.include(lines.join("\n"), "write must return an Effect, got an object of Promise")
    }))

  it.effect("of an onShutdown that returns no Effect is said", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const onShutdown = (): Effect.Effect<void> => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what no type allows
        return undefined as unknown as Effect.Effect<void>
      }
      yield* Effect.scoped(Logging.make({ sinks: [], onShutdown, diagnostics: (line) => void lines.push(line) }))
      assert.include(lines.join("\n"), "onShutdown must return an Effect, got undefined")
    }))
})

describe("no mistake", () => {
  for (const [what, call] of taken) it(`is ${what}`, () => assert.isDefined(call()))
})
