import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Cause, Effect, Fiber, Logger, Schema } from "effect"
import { Capture } from "../../src/capture/Capture.ts"
import { FiberOrigins } from "../../src/capture/FiberOrigins.ts"
import type { Limits } from "../../src/capture/limits.ts"
import { Rules } from "../../src/capture/Rules.ts"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { LogRedactor } from "../../src/index.ts"
import type { Inlet } from "../../src/lane/Inlet.ts"
import { LaneCounters } from "../../src/lane/LaneCounters.ts"
import type { LogRecord } from "../../src/LogRecord.ts"
import * as Hostile from "../support/hostile.ts"

const limits: Limits = { depth: 4, keys: 4, fieldBytes: 60, recordBytes: 200 }
const warn = 3

/** Two lanes, of which one takes Warn and above only. Without room everything goes the long way. */
const makeCapture = (hasRoom: boolean, filter?: (record: LogRecord) => boolean) => {
  const all: Array<LogRecord> = []
  const urgent: Array<LogRecord> = []
  const quick: Array<LogRecord> = []
  const lines: Array<string> = []
  const hooks = { onAccept: () => {} }
  const inlet = (minimum: number, records: Array<LogRecord>): Inlet => ({
    name: "array",
    counters: new LaneCounters(),
    minimum,
    filter,
    isFull: () => false,
    refuse: () => {},
    offer: (record) => records.push(record),
    hasRoomFor: (bytes) => hasRoom && bytes < 500,
    accept(record) {
      records.push(record)
      quick.push(record)
      hooks.onAccept()
    }
  })
  const capture = new Capture({
    rules: new Rules({ inlets: [inlet(1, all), inlet(warn, urgent)], taps: [] }),
    origins: new FiberOrigins("r"),
    redactor: LogRedactor.make(),
    limits,
    diagnostics: new Diagnostics((line) => lines.push(line), () => 0),
    now: () => 0,
    spanEvents: false
  })
  return { all, capture, hooks, lines, quick, urgent }
}

const text = Schema.Union([
  Schema.Literals(["", "request handled", "🦉", "\ud800", "é".repeat(30), "x".repeat(20), "x".repeat(61)]),
  Schema.String
])

const call = Schema.Struct({
  level: Schema.Literals(["Trace", "Debug", "Info", "Warn", "Error", "Fatal"]),
  message: text,
  more: Schema.UndefinedOr(Schema.Union([text, Schema.Finite])),
  failures: Schema.Literals([0, 0, 0, 1]),
  note: Schema.UndefinedOr(text),
  fiber: Schema.Literals(["this", "another"])
})

/** Twice each: the second one comes from a fiber that is known. */
const logged = ({ failures, fiber, level, message, more, note }: typeof call.Type): Effect.Effect<void> => {
  const log = Effect.logWithLevel(level)(
    message,
    ...(more === undefined ? [] : [more]),
    ...(failures > 0 ? [Cause.fail("no")] : [])
  )
  const both = Effect.andThen(log, log)
  const annotated = note === undefined ? both : Effect.annotateLogs(both, { note, password: note })
  return fiber === "this" ? annotated : Effect.flatMap(Effect.forkChild(annotated), Fiber.join)
}

/** What is logged, by a fiber that is known, with some of it replaced by what only a caller by hand can pass. */
const loggedOddly = (captures: ReadonlyArray<Capture>, odd: Partial<Logger.Options<unknown>>): Effect.Effect<void> => {
  let calls = 0
  const logger = Logger.make<unknown, void>((options) => {
    calls++
    for (const capture of captures) capture.log(calls === 2 ? { ...options, ...odd } : options)
  })
  const log = Effect.logInfo("text")
  return Effect.provide(Effect.andThen(log, Effect.andThen(log, log)), Logger.layer([logger]))
}

const throws = (): never => {
  throw new Error("no")
}

class OddDate extends Date {
  private readonly tell: () => number

  constructor(tell: () => number) {
    super(0)
    this.tell = tell
  }

  override getTime(): number {
    return this.tell()
  }
}

const getting = (get: () => unknown): ReadonlyArray<unknown> => Object.defineProperty([0], 0, { get })

describe("the shortest way of a text", () => {
  let texts = 0

  it.effect.prop(
    "leads to the same records, lanes and books as the long one, whatever is logged",
    { calls: Arbitrary.array(Arbitrary.schema(call), { minLength: 4, maxLength: 12 }) },
    ({ calls }) =>
      Effect.gen(function*() {
        const short = makeCapture(true)
        const long = makeCapture(false)
        yield* Effect.provide(
          Effect.forEach(calls, logged, { discard: true }),
          Logger.layer([Logger.make(short.capture.log), Logger.make(long.capture.log)])
        )
        assert.deepStrictEqual(short.all.map(seen), long.all.map(seen))
        assert.deepStrictEqual(short.urgent.map(seen), long.urgent.map(seen))
        assert.deepStrictEqual(short.capture.books(), long.capture.books())
        assert.isEmpty(long.quick)
        texts += short.quick.length
      }),
    { arbitrary: { runs: 300 } }
  )

  it("was gone hundreds of times", () => {
    assert.isAbove(texts, 300)
  })

  it.effect.each<[title: string, odd: Partial<Logger.Options<unknown>>]>([
    ["message is a revoked array", { message: Hostile.revoked() }],
    ["message throws when it is read", { message: getting(throws) }],
    ["cause throws when it is read", { cause: new Proxy(Cause.empty, { get: throws }) }],
    ["date throws when it is read", { date: new OddDate(throws) }]
  ])("leads to a stub too where the %s", ([, odd]) =>
    Effect.gen(function*() {
      const short = makeCapture(true)
      const long = makeCapture(false)
      yield* loggedOddly([short.capture, long.capture], odd)
      const stub = "[record withheld: it could not be captured]"
      assert.deepStrictEqual(short.all.map(({ message }) => message), ["text", stub, "text"])
      assert.deepStrictEqual(short.all.map(seen), long.all.map(seen))
      assert.deepStrictEqual(short.capture.books(), long.capture.books())
    }))

  it.effect.each<[title: string, oddOf: (log: () => void) => Partial<Logger.Options<unknown>>]>([
    ["message", (log) => ({
      message: getting(() => {
        log()
        return "read"
      })
    })],
    ["date", (log) => ({
      date: new OddDate(() => {
        log()
        return 0
      })
    })]
  ])("is no way around the bounds where the %s logs itself while it is read", ([, oddOf]) =>
    Effect.gen(function*() {
      const { all, capture } = makeCapture(true)
      let reads = 0
      let again: Logger.Options<unknown> | undefined
      const odd = oddOf(() => {
        reads++
        if (again !== undefined) capture.log(again)
      })
      const logger = Logger.make<unknown, void>((options) => {
        again = { ...options, ...odd }
        capture.log(options)
        capture.log(again)
      })
      yield* Effect.provide(Effect.logInfo("text"), Logger.layer([logger]))
      assert.strictEqual(reads, 2)
      assert.deepStrictEqual(all.map(({ seq }) => seq), [1, 2, 3])
      assert.deepInclude(capture.books(), { offered: 4, accepted: 3 })
      assert.strictEqual(capture.books().rejected.encode_failed, 1)
    }))

  it.effect("is closed to whoever is called by a lane that takes the record", () =>
    Effect.gen(function*() {
      const { all, capture, hooks, lines } = makeCapture(true)
      const logger = Logger.make<unknown, void>((options) => {
        hooks.onAccept = () => capture.log(options)
        capture.log(options)
      })
      yield* Effect.provide(Effect.andThen(Effect.logInfo("a"), Effect.logInfo("b")), Logger.layer([logger]))
      assert.deepStrictEqual(all.map(({ message }) => message), ["a", "b"])
      assert.deepInclude(capture.books(), { offered: 2, accepted: 2 })
      assert.isNotEmpty(lines)
    }))

  it.effect("is not gone once capture is closed, or where a filter has a say", () =>
    Effect.gen(function*() {
      const { all, capture, quick } = makeCapture(true)
      const filtered = makeCapture(true, () => false)
      const log = Effect.provide(
        Effect.andThen(Effect.logError("a"), Effect.logError("b")),
        Logger.layer([Logger.make(capture.log), Logger.make(filtered.capture.log)])
      )
      yield* log
      capture.close()
      yield* log
      assert.deepStrictEqual(all.map(({ message }) => message), ["a", "b"])
      assert.isNotEmpty(quick)
      assert.strictEqual(capture.books().rejected.closed, 2)
      assert.isEmpty(filtered.all)
      assert.isEmpty(filtered.quick)
      assert.strictEqual(filtered.capture.books().filtered, 4)
    }))
})

const seen = (record: LogRecord): unknown => JSON.parse(JSON.stringify(record))
