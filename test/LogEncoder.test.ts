import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Cause, Effect, Layer, Logger, Schema } from "effect"
import { LogEncoder, Logging, LogRecord, MemorySink } from "../src/index.ts"
import { LogSpans } from "../src/record/LogSpans.ts"
import { RecordContext, RecordOrigin } from "../src/record/RecordOrigin.ts"
import { makeSnapshot } from "./support/capture.ts"

import * as Hostile from "./support/hostile.ts"
import { hostileRecord } from "./support/hostileRecord.ts"

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)

const fieldsOf = (line: string): ReadonlyArray<string> => Object.keys(Object(JSON.parse(line)))

describe("F35: one record is one line", () => {
  const runs = { arbitrary: { runs: 300 } }
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are what must be missing
  const control = /[\u0000-\u001f\u0080-\u009f\u2028\u2029]/

  it.prop("in JSON, which parses and has no fields but ours", [hostileRecord], ([record]) => {
    const line = LogEncoder.json().encode(record)
    assert.notMatch(line, control)
    const known = ["message", "level", "timestamp", "cause", "annotations", "spans", "fiberId", "traceId", "spanId"]
    const fields = fieldsOf(line)
    assert.strictEqual(new Set(fields).size, fields.length)
    assert.deepStrictEqual(fields, known.filter((name) => fields.includes(name)))
    assert.include(line, `,"level":"INFO","timestamp":"`)
  }, runs)

  it.prop("in logfmt", [hostileRecord], ([record]) => {
    assert.notMatch(LogEncoder.logfmt().encode(record), control)
  }, runs)

  it.prop("and further lines are indented, without control characters, for people", [hostileRecord], ([record]) => {
    const lines = LogEncoder.pretty().encode(record).split("\n")
    for (const line of lines) assert.notMatch(line, control)
    for (const line of lines.slice(1)) assert.isTrue(line.startsWith("    "), line)
  }, runs)
})

const sharedOrigin = new RecordOrigin(
  "Info",
  new RecordContext({}, 0),
  undefined,
  1,
  undefined,
  undefined,
  undefined,
  "r"
)

describe("a batch", () => {
  it.prop(
    "is the bytes of its records, each ended by a line break, in every format",
    [Arbitrary.array(hostileRecord, { maxLength: 4 })],
    ([batch]) => {
      for (const format of ["json", "logfmt", "pretty"] as const) {
        const encoder = LogEncoder.make(format)
        const one = LogEncoder.make(format)
        const expected = batch.map((record) => one.encode(record) + "\n").join("")
        assert.strictEqual(decode(encoder.encodeBatch(batch)), expected.toWellFormed())
      }
    }
  )

  const neighbour = Schema.Struct({
    time: Schema.Literals([0, 1]),
    fails: Schema.Boolean,
    fiber: Schema.Literals([1, 2])
  })

  it.prop(
    "is the same whatever a record shares with its neighbours",
    [Arbitrary.array(Hostile.text, { maxLength: 12 }), Arbitrary.array(Arbitrary.schema(neighbour), { maxLength: 12 })],
    ([messages, neighbours]) => {
      const context = new RecordContext({ path: "/é\u2028" }, 0)
      const origins = [1, 2].map((fiber) =>
        new RecordOrigin("Info", context, undefined, fiber, undefined, undefined, undefined, "r")
      )
      const batch = neighbours.map(({ fails, fiber, time }, i) => {
        const cause = fails ? [{ kind: "Fail" as const, error: "no" }] : undefined
        const message = messages[i] ?? [i]
        return new LogRecord.LogRecord(i, time, message, cause, origins[fiber - 1]!, 0, 0)
      })
      const lines = batch.map((record) => `${LogEncoder.json().encode(record)}\n`)
      assert.strictEqual(decode(LogEncoder.json().encodeBatch(batch)), lines.join("").toWellFormed())
    }
  )

  // One for all runs: what it has written before must not show.
  const remembering = LogEncoder.json()
  const recurring = Schema.Literals([
    "",
    "ordered",
    "paid by card",
    "paid my card",
    "shipped by \"us\"",
    "a".repeat(49)
  ])

  it.prop(
    "is the same when texts come again, at the start or inside, alike or not",
    [Arbitrary.array(Arbitrary.schema(Schema.Struct({ message: recurring, note: recurring })), { maxLength: 12 })],
    ([texts]) => {
      const snapshot = makeSnapshot()
      const batch = texts.flatMap(({ message, note }) =>
        [message, { note }, [message, { note, more: { message } }]].map((u) =>
          new LogRecord.LogRecord(0, 0, snapshot.message(u), undefined, sharedOrigin, 0, 0)
        )
      )
      const lines = batch.map((record) => `${LogEncoder.json().encode(record)}\n`)
      assert.strictEqual(decode(remembering.encodeBatch(batch)), lines.join(""))
    }
  )

  it.prop(
    "is the same in long runs of records that share all but the message, while its memory grows",
    [
      Arbitrary.array(Arbitrary.schema(recurring), { minLength: 1, maxLength: 6 }),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200 })),
      Arbitrary.array(Arbitrary.schema(Schema.Literals([0, 63, 64, 65, 128, 190])), { maxLength: 3 })
    ],
    ([texts, length, changes]) => {
      const snapshot = makeSnapshot()
      let time = 0
      const batch = Array.from({ length }, (_, i) => {
        if (changes.some((at) => at === i)) time++
        const text = texts[i % texts.length]
        const message = snapshot.message(i % 150 === 149 ? [text, { text }] : i % 3 === 2 ? i : text)
        return new LogRecord.LogRecord(i, time, message, undefined, sharedOrigin, 0, 0)
      })
      const lines = batch.map((record) => `${LogEncoder.json().encode(record)}\n`)
      assert.strictEqual(decode(LogEncoder.json().encodeBatch(batch)), lines.join(""))
    }
  )

  it("has numbers as JSON has them", () => {
    const powers = Array.from({ length: 12 }, (_, power) => 10 ** power)
    const numbers = [0, -0, 1.5, 1e21, 2 ** 31, -(2 ** 31), ...powers.flatMap((n) => [n - 1, n, n + 1, -n])]
    const message = numbers.map((n) => ({ n }))
    const records = [...numbers.map((n) => LogRecord.make({ message: n })), LogRecord.make({ message })]
    const lines = decode(LogEncoder.json().encodeBatch(records)).trimEnd().split("\n")
    assert.deepStrictEqual(
      lines.map((line) => line.slice(0, line.indexOf(",\"level\""))),
      [...numbers, message].map((value) => `{"message":${JSON.stringify(value)}`)
    )
  })

  it.each<[title: string, message: string]>([
    ["ASCII with DEL", "a\u007fb"],
    ["Latin", "é\u0085"],
    ["astral", "😀\u2028"]
  ])("grows for what is larger than its memory: %s", (_, message) => {
    const encoder = LogEncoder.json()
    const records = [1, 40_000, 300_000, 1, 70_000].map((size) => LogRecord.make({ message: message.repeat(size) }))
    for (const record of records) {
      assert.strictEqual(decode(encoder.encodeBatch([record])), `${encoder.encode(record)}\n`)
    }
    assert.strictEqual(
      decode(encoder.encodeBatch(records)),
      records.map((each) => `${encoder.encode(each)}\n`).join("")
    )
    assert.strictEqual(encoder.encodeBatch([]).length, 0)
  })
})

describe("JSON", () => {
  it.effect("has the fields of Effect's formatStructured, with the same values for ordinary records", () =>
    Effect.gen(function*() {
      const expected: Array<string> = []
      const sink = MemorySink.make()
      const core = Logger.map(Logger.formatJson, (line) => expected.push(line))
      yield* Effect.gen(function*() {
        yield* Effect.log("plain")
        yield* Effect.logWarning("several", { a: [1, true, null], b: { c: "d" } }, 3)
        yield* Effect.logDebug([1, 2]).pipe(Effect.annotateLogs({ service: "api", n: 1, on: false, at: new Date(0) }))
        yield* Effect.logError("with spans").pipe(Effect.withLogSpan("inner"), Effect.withLogSpan("outer"))
        yield* Effect.logFatal("é 漢 😀")
        yield* Effect.logTrace()
        yield* Effect.flatMap(Logging.Logging, ({ flush }) => flush)
      }).pipe(
        Effect.provide(
          Logging.layer({ sinks: [sink], minimumLevel: "All", mergeWithExisting: true }).pipe(
            Layer.provide(Logger.layer([core]))
          )
        )
      )
      const lines = sink.records.map((record) => LogEncoder.json().encode(record))
      assert.strictEqual(lines.length, 6)
      assert.deepStrictEqual(lines.map((line) => JSON.parse(line)), expected.map((line) => JSON.parse(line)))
      assert.deepStrictEqual(lines.map(fieldsOf), expected.map(fieldsOf))
    }))

  it("has a cause only where there is one, and ids only inside a span", () => {
    const encoder = LogEncoder.json()
    assert.deepStrictEqual(fieldsOf(encoder.encode(LogRecord.make({ message: "a" }))), [
      "message",
      "level",
      "timestamp",
      "annotations",
      "spans",
      "fiberId"
    ])
    const full = LogRecord.make({
      message: "a",
      cause: [{ kind: "Fail", error: "no" }],
      traceId: "t",
      spanId: "s"
    })
    assert.deepInclude(JSON.parse(encoder.encode(full)), { cause: "no", traceId: "t", spanId: "s" })
    const half = encoder.encode(LogRecord.make({ message: "a", traceId: "t" }))
    assert.notInclude(fieldsOf(half), "spanId")
  })

  it("what is kept from record to record is never shown for another", () => {
    const encoder = LogEncoder.json()
    const first = LogRecord.make({ message: "same", traceId: "t1", spanId: "s1", annotations: { a: 1 } })
    const records = [
      first,
      first,
      LogRecord.make({ message: "same", traceId: "t1", spanId: "s2", annotations: { a: 1 } }),
      LogRecord.make({ message: "same", time: 1, level: "Error", annotations: { a: 2 } }),
      LogRecord.make({ message: "same", time: 1, level: "Warn", fiberId: 9 }),
      LogRecord.make({ message: "other", time: 1000, spans: { x: 1 } }),
      LogRecord.make({ message: "other", time: 999.5, spans: { x: 2 } }),
      LogRecord.make({ message: ["other"], time: -1 }),
      LogRecord.make({ message: "x", time: Number.NaN }),
      LogRecord.make({ message: "x", time: 8.7e15 })
    ]
    for (const record of records) assert.strictEqual(encoder.encode(record), LogEncoder.json().encode(record))
    assert.include(encoder.encode(records[7]!), "1969-12-31T23:59:59.999Z")
    assert.include(encoder.encode(records[8]!), "Invalid Date")
  })

  it.prop(
    "a text said again has its own time and level, whatever came between",
    {
      picks: Schema.Array(Schema.Struct({
        message: Schema.Literals(["a", "b", "object", "list"]),
        time: Schema.Literals([1, 2]),
        level: Schema.Literals(["Info", "Error"]),
        context: Schema.Literals([0, 1]),
        spans: Schema.Boolean,
        spanId: Schema.Literals(["s1", "s2"])
      })).check(Schema.isMaxLength(12))
    },
    ({ picks }) => {
      const messages = { a: "a", b: "b", object: { x: 1 }, list: ["a", 1] }
      const origins = new Map<string, RecordOrigin>()
      const contexts = [0, 1].map((n) => new RecordContext({ n }, 0))
      const records = picks.map(({ context, level, message, spanId, spans, time }) => {
        const key = JSON.stringify([context, level, spanId, spans && time])
        const origin = origins.get(key) ??
          new RecordOrigin(
            level,
            contexts[context]!,
            spans ? new LogSpans({ x: time }, time) : undefined,
            1,
            "t",
            spanId,
            undefined,
            "r"
          )
        origins.set(key, origin)
        return new LogRecord.LogRecord(0, time, messages[message], undefined, origin, 256, 0)
      })
      for (const format of ["json", "logfmt", "pretty"] as const) {
        const encoder = LogEncoder.make(format)
        const lines = records.map((record) => LogEncoder.make(format).encode(record))
        assert.deepStrictEqual(records.map((record) => encoder.encode(record)), lines)
        assert.strictEqual(decode(encoder.encodeBatch(records)), lines.map((line) => `${line}\n`).join(""))
      }
    },
    { arbitrary: { runs: 200 } }
  )
})

describe("the text of a cause", () => {
  const causeOf = (cause: Cause.Cause<unknown>): string => {
    const record = LogRecord.make({ message: "x", cause: makeSnapshot().cause(cause) })
    return String(Object(JSON.parse(LogEncoder.json().encode(record))).cause)
  }

  it("has type, message, stack, own fields and the chain of causes", () => {
    const root = Object.assign(new RangeError("root"), { code: "E_ROOT", password: Hostile.secret })
    const text = causeOf(Cause.fail(new TypeError("top", { cause: new Error("middle", { cause: root }) })))
    assert.match(text, /^TypeError: top\n {4}at /)
    assert.match(text, /\n {2}\[cause\]: Error: middle\n {6}at /)
    assert.match(text, /\n {4}\[cause\]: RangeError: root\n {8}at /)
    assert.include(text, "\n      code: E_ROOT")
    assert.notInclude(text, Hostile.secret)
  })

  it("tells failures, defects and interruptions apart", () => {
    const text = causeOf(Cause.fromReasons<unknown>([
      Cause.makeFailReason("no"),
      Cause.makeDieReason(new Error("bug")),
      Cause.makeInterruptReason(3),
      Cause.makeInterruptReason()
    ]))
    assert.match(text, /^no\nDefect: Error: bug\n[^]*\nInterrupted by #3\nInterrupted$/)
  })

  it("shows a message set after the stack was made, and errors without a stack", () => {
    const late = new Error("early")
    assert.include(String(late.stack), "early", "the stack is made when it is first read")
    late.message = "at"
    assert.match(causeOf(Cause.fail(late)), /^Error: at\n    at (?![^]*early)/)
    const bare = Object.assign(new Error("bare"), { stack: undefined })
    assert.include(causeOf(Cause.fail(bare)), "bare")
    assert.include(causeOf(Cause.fail({ _tag: "Plain", id: 1 })), `{"_tag":"Plain","id":1}`)
    assert.include(causeOf(Cause.die(new AggregateError([new Error("one"), "two"], "all"))), "[error]: two")
  })
})
