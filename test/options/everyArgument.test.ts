/** Every function of every public module, and of what it gives, called with what is no argument of it. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import * as Modules from "../../src/index.ts"
import { givenTo, sentenceOf } from "../support/mistakes.ts"

const {
  ConsoleSink,
  DeadLetters,
  FileSink,
  Ledger,
  LogEncoder,
  LogEvent,
  LogFields,
  Logging,
  LogLevels,
  LogRecord,
  LogRedactor,
  LogRoutes,
  LogSink,
  MemorySink,
  ProcessHooks,
  RetryAfter,
  ScriptedSink,
  SinkConformance,
  TestLogging,
  WideEvent
} = Modules

/** A place of an argument that may be anything. */
const anything = Symbol("anything")

interface Checked {
  readonly call: (...args: never) => unknown
  /** Arguments that are right. Each is replaced by what is wrong. */
  readonly right: ReadonlyArray<unknown>
}

const sink = MemorySink.make()
const { service: logged } = TestLogging.make()
const scripted = ScriptedSink.make()
const levels = LogLevels.make()
const noEvents = LogEvent.catalogue([])
const noLosses = Ledger.noDrops()
const captureBooks = { offered: 0, filtered: 0, accepted: 0, rejected: noLosses }
const laneBooks = {
  accepted: 0,
  delivered: 0,
  recovered: 0,
  dropped: noLosses,
  deadLettered: 0,
  queued: 0,
  inFlight: 0,
  retrying: 0,
  spooled: 0,
  restarts: 0,
  marked: 0
}
const report = {
  reason: "completed",
  elapsedMillis: 0,
  drained: 0,
  balanced: true,
  capture: captureBooks,
  lanes: { memory: laneBooks },
  failures: []
}

/** What throws where an Effect fails. Nothing can be opened there. */
const openLetters = (options: Modules.DeadLetters.Options): void => {
  const { message } = Effect.runSync(Effect.flip(Effect.scoped(DeadLetters.open(options))))
  throw new RangeError(message)
}

const inRuntime = <A>(use: (logging: Modules.Logging.Logging["Service"]) => A): A =>
  Effect.runSync(Effect.scoped(
    Effect.map(Layer.build(Logging.layerTest()), (context) => use(Context.get(context, Logging.Logging)))
  ))

const replayed = (letters: Modules.DeadLetters.DeadLetters, options: { readonly into?: string }): unknown =>
  inRuntime(({ replay }) => replay(letters, options))

const attached = (source: Modules.LogSink.Source): unknown => inRuntime(({ attach }) => attach(source))

const replaced = (name: string, source: Modules.LogSink.Source): unknown =>
  inRuntime(({ replace }) => replace(name, source))

const setRules = (rules: Partial<Modules.Logging.Rules>): unknown => inRuntime((logging) => logging.setRules(rules))
const setLane = (name: string, options: Modules.Logging.LaneSettings): unknown =>
  inRuntime((logging) => logging.setLane(name, options))

const detached = (name: string): unknown => inRuntime(({ detach }) => detach(name))

const watched = (options: Modules.Logging.RecordsOptions): unknown => inRuntime(({ records }) => records(options))

const ran = (program: Effect.Effect<void>): void => Logging.runMain(Logging.layer({ sinks: [sink] }), () => {})(program)

const checked: Readonly<Record<string, Checked>> = {
  "ConsoleSink.make": { call: ConsoleSink.make, right: [{}] },
  "DeadLetters.into": { call: DeadLetters.into, right: [{ append: () => {} }] },
  "DeadLetters.open": { call: openLetters, right: [{ directory: "/dev/null/spool", lane: "a" }] },
  "FileSink.make": { call: FileSink.make, right: [{ path: "app.log" }] },
  "Ledger.balanced": { call: Ledger.balanced, right: [laneBooks] },
  "Ledger.captureBalanced": { call: Ledger.captureBalanced, right: [captureBooks] },
  "Ledger.format": { call: Ledger.format, right: [report] },
  "Ledger.formatJson": { call: Ledger.formatJson, right: [report, { time: 0 }] },
  "Ledger.lost": { call: Ledger.lost, right: [report] },
  "Ledger.reasons": { call: Ledger.reasons, right: [noLosses] },
  "Ledger.total": { call: Ledger.total, right: [noLosses] },
  "LogEvent.catalogue": { call: LogEvent.catalogue, right: [[]] },
  "LogEvent.compare": { call: LogEvent.compare, right: [noEvents, noEvents] },
  "LogEvent.toJsonSchema": { call: LogEvent.toJsonSchema, right: [noEvents] },
  "LogEvent.toMarkdown": { call: LogEvent.toMarkdown, right: [noEvents] },
  "LogEvent.error": { call: LogEvent.error, right: [Schema.TaggedError()("Wrong", {}), {}] },
  "LogEvent.make": { call: LogEvent.make, right: ["order.paid", { fields: {} }] },
  "LogEvent.sensitive": { call: LogEvent.sensitive, right: [Schema.String] },
  "LogFields.fromEnvironment": { call: LogFields.fromEnvironment, right: [{}] },
  "LogEncoder.fromRenderer": { call: LogEncoder.fromRenderer, right: [() => "", (lines: string) => lines] },
  "LogEncoder.json": { call: LogEncoder.json, right: [{}] },
  "LogEncoder.logfmt": { call: LogEncoder.logfmt, right: [{}] },
  "LogEncoder.make": { call: LogEncoder.make, right: ["json", {}] },
  "LogEncoder.pretty": { call: LogEncoder.pretty, right: [{}] },
  "LogLevels.current": { call: LogLevels.current, right: [levels] },
  "LogLevels.format": { call: LogLevels.format, right: [levels] },
  "LogLevels.levelOf": { call: LogLevels.levelOf, right: [levels, "billing"] },
  "LogLevels.make": { call: LogLevels.make, right: [{}] },
  "LogLevels.parse": { call: LogLevels.parse, right: ["Info"] },
  "LogLevels.set": { call: LogLevels.set, right: [levels, "Info", {}] },
  "LogLevels.unset": { call: LogLevels.unset, right: [levels, {}] },
  "LogRecord.batchId": { call: LogRecord.batchId, right: [[LogRecord.make({ message: "a" })]] },
  "LogRecord.make": { call: LogRecord.make, right: [{ message: "a" }] },
  "LogRedactor.make": { call: LogRedactor.make, right: [{}] },
  "LogRoutes.lanesOf": { call: LogRoutes.lanesOf, right: [[], LogRecord.make({ message: "a" })] },
  "LogRoutes.make": { call: LogRoutes.make, right: [[]] },
  "LogSink.closed": { call: LogSink.closed, right: ["busy", {}] },
  "LogSink.exponentialRetry": { call: LogSink.exponentialRetry, right: [{ base: 5 }] },
  "LogSink.filter": { call: LogSink.filter, right: [sink, () => true] },
  "LogSink.make": { call: LogSink.make, right: [{ name: "archive", write: () => Effect.void }] },
  "LogSink.misconfigured": { call: LogSink.misconfigured, right: ["busy", {}] },
  "LogSink.perRecord": { call: LogSink.perRecord, right: ["busy", {}] },
  "LogSink.rejected": { call: LogSink.rejected, right: ["busy", {}] },
  "LogSink.required": { call: LogSink.required, right: [Effect.succeed(sink)] },
  "LogSink.tooLarge": { call: LogSink.tooLarge, right: ["busy", {}] },
  "LogSink.unavailable": { call: LogSink.unavailable, right: ["busy", {}] },
  "LogSink.withFallback": { call: LogSink.withFallback, right: [sink, MemorySink.make({ name: "other" })] },
  "LogSink.withMinimumLevel": { call: LogSink.withMinimumLevel, right: [sink, "Warn"] },
  "LogSink.withName": { call: LogSink.withName, right: [sink, "other"] },
  "LogSink.withOptions": { call: LogSink.withOptions, right: [sink, {}] },
  "Logging.attach": { call: attached, right: [sink] },
  "Logging.detach": { call: detached, right: ["memory"] },
  "Logging.layer": { call: Logging.layer, right: [{ sinks: [] }] },
  "Logging.layerFromConfig": { call: Logging.layerFromConfig, right: [{}] },
  "Logging.layerTest": { call: Logging.layerTest, right: [{}] },
  "Logging.make": { call: Logging.make, right: [{ sinks: [] }] },
  "Logging.records": { call: watched, right: [{}] },
  "Logging.replace": { call: replaced, right: ["memory", sink] },
  "Logging.setLane": { call: setLane, right: ["memory", {}] },
  "Logging.setRules": { call: setRules, right: [{}] },
  "Logging.replay": { call: replayed, right: [{ append: () => {}, lane: "test", next: () => undefined }, {}] },
  "Logging.runMain": { call: Logging.runMain, right: [Logging.layer({ sinks: [sink] }), () => {}] },
  "Logging.runMain()": { call: ran, right: [Effect.void] },
  "Logging.scope": { call: Logging.scope, right: ["billing"] },
  "Logging.setLevel": { call: Logging.setLevel, right: ["Debug", {}] },
  "MemorySink.make": { call: MemorySink.make, right: [{}] },
  "ProcessHooks.layerWith": { call: ProcessHooks.layerWith, right: [{}] },
  "RetryAfter.parse": { call: RetryAfter.parse, right: [anything, 0] },
  "SinkConformance.cases": {
    call: SinkConformance.cases,
    right: [{ make: Effect.void, stored: () => Effect.succeed([]) }]
  },
  "ScriptedSink.fail": { call: ScriptedSink.fail, right: [{ _tag: "Closed" }] },
  "ScriptedSink.make": { call: ScriptedSink.make, right: [{}] },
  "ScriptedSink.push": { call: scripted.push, right: [ScriptedSink.succeed, ScriptedSink.hang] },
  "ScriptedSink.started": { call: scripted.started, right: [1] },
  "TestLogging.atLevel": { call: logged.atLevel, right: ["Warn"] },
  "TestLogging.await": { call: logged.await, right: ["a"] },
  "TestLogging.lines": { call: logged.lines, right: ["json"] },
  "TestLogging.withAnnotation": { call: logged.withAnnotation, right: ["item", anything] },
  "WideEvent.openUnsafe": { call: WideEvent.openUnsafe, right: [Context.empty(), "upload", {}] },
  "WideEvent.record": { call: WideEvent.record, right: ["checkout", {}] },
  "WideEvent.time": { call: WideEvent.time, right: ["db"] }
}

/** What is not checked, and why. */
const unchecked: Readonly<Record<string, string>> = {
  "FileSink.makeIn": "internal",
  "LogEncoder.copierOf": "internal",
  "LogRecord.isLogRecord": "a guard, which is asked of anything",
  "LogRecord.ordinal": "the former name of severityOf",
  "LogRecord.ordinary": "internal",
  "LogRecord.severityOf": "filters ask it, in the log call, where nothing is checked",
  "LogSink.isLogSink": "a guard, which is asked of anything",
  "Ledger.noDrops": "internal",
  "LogEvent.contradictions": "internal",
  "LogRoutes.conditionOf": "internal",
  "MemorySink.clear": "takes nothing",
  "TestLogging.make": "takes nothing",
  "WideEvent.add": "takes anything, as log calls do",
  "WideEvent.count": "takes anything, as log calls do",
  "ScriptedSink.die": "a defect is anything",
  "ScriptedSink.throws": "what is thrown is anything"
}

/** What fails for what is wrong with it, until then. */
const wrong: ReadonlyArray<unknown> = [Symbol("nothing"), Number.NaN, /nothing/]

const isClass = (value: (...args: never) => unknown): boolean =>
  /^class\b/.test(Function.prototype.toString.call(value))

const isFunction = (value: unknown): value is (...args: never) => unknown => typeof value === "function"

/** Functions of an object by their names. A class is none: errors are made by functions, services by layers. */
const functionsOf = (owner: string, of: object, without: object = {}): ReadonlyArray<string> =>
  Object.entries(of)
    .filter(([name, value]) => isFunction(value) && !isClass(value) && !Object.hasOwn(without, name))
    .map(([name]) => `${owner}.${name}`)

/** Those of a runtime's service. Its logger takes anything, as log calls do. */
const serviceFunctions = inRuntime((logging) => functionsOf("Logging", logging))

const all = [
  ...Object.entries(Modules).flatMap(([name, module]) => functionsOf(name, module)),
  ...serviceFunctions,
  ...functionsOf("MemorySink", sink, LogSink.make({ name: "plain", write: () => Effect.void })),
  ...functionsOf("ScriptedSink", scripted, LogSink.make({ name: "plain", write: () => Effect.void })),
  ...functionsOf("TestLogging", logged)
]

describe("every function of the public modules", () => {
  it("is called here, or has a reason why not", () => {
    const known = [...Object.keys(checked).filter((name) => !name.endsWith("()")), ...Object.keys(unchecked)]
    assert.deepStrictEqual(known.toSorted(), [...new Set(all)].toSorted())
  })

  for (const [name, { call, right }] of Object.entries(checked)) {
    right.forEach((place, i) => {
      if (place === anything) return
      it(`${name} refuses what cannot be its argument ${i + 1}`, () => {
        for (const value of wrong) {
          const sentence = sentenceOf(() => givenTo(call, ...right.with(i, value)))
          assert.isTrue(sentence.startsWith(name.replace("()", "")), sentence)
          assert.match(sentence, / (?:must be .*|takes an object of options), got /)
        }
      })
    })
  }
})
