import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Cause, Schema } from "effect"
import { emptyContext, extended, extendedOnce } from "../../src/capture/attributes.ts"
import { LogEncoder, LogRecord } from "../../src/index.ts"
import { LogSpans } from "../../src/record/LogSpans.ts"
import type { RecordContext } from "../../src/record/RecordOrigin.ts"
import { RecordOrigin } from "../../src/record/RecordOrigin.ts"
import { makeSnapshot, plain } from "../support/capture.ts"
import * as Hostile from "../support/hostile.ts"
import * as HostileRecord from "../support/hostileRecord.ts"
import { repeatedKeys } from "../support/repeatedKeys.ts"

type Options = LogEncoder.JsonOptions

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)

const words = { Trace: "DEFAULT", Debug: "DEBUG", Info: "INFO", Warn: "WARNING", Error: "ERROR", Fatal: "CRITICAL" }
const numbers = { Trace: -1, Debug: 0, Info: 1.5, Warn: 2, Error: 3, Fatal: 4 }

const names: ReadonlyArray<LogEncoder.JsonFields> = [
  {},
  { message: "msg", data: "é\u2028", level: "severity", timestamp: "@timestamp", cause: "err", traceId: "trace.id" },
  {
    level: "annotations.level",
    annotations: "a",
    spans: "level",
    fiberId: "message",
    message: "\"__proto__\"",
    uid: "user"
  },
  { level: false, timestamp: false, spans: false, fiberId: false, data: false },
  { annotations: false, cause: false, traceId: false, spanId: false }
]

const combinations: ReadonlyArray<Options> = names.flatMap((fields) =>
  (["iso", "millis", "seconds"] as const).flatMap((time) =>
    (["upper", "lower", "pino", "otel", words, numbers] as const).flatMap((level) =>
      (["nested", "flat"] as const).flatMap((annotations) =>
        (["text", "structured"] as const).flatMap((cause) =>
          (["asLogged", "text"] as const).map((message) => ({
            fields,
            time,
            level,
            annotations,
            cause,
            message,
            uid: (time === "iso") !== (cause === "text")
          }))
        )
      )
    )
  )
)

/**
 * Without the key `\\`: once V8 has parsed an object that has it, its `JSON.parse` takes
 * any escape at the start of a key at that place of a like object for it.
 */
const hostileRecord = Arbitrary.filter(
  HostileRecord.hostileRecord,
  ({ annotations }) => !Object.hasOwn(annotations, "\\")
)

/** A line parses, has no key twice, and is the same in every way an encoder is asked for it. */
const checkLines = (batch: ReadonlyArray<LogRecord.LogRecord>, options: Options, together: LogEncoder.LogEncoder) => {
  // First, while the messages are packed.
  const bytes = decode(together.encodeBatch(batch))
  const one = LogEncoder.json(options)
  const lines = batch.map((record) => one.encode(record))
  assert.strictEqual(bytes, lines.map((line) => `${line}\n`).join(""), JSON.stringify(options))
  for (const [i, line] of lines.entries()) {
    assert.doesNotThrow(() => JSON.parse(line), undefined, line)
    if (options.uid === true) assert.strictEqual(JSON.parse(line)[options.fields?.uid ?? "uid"], batch[i]?.uid, line)
    assert.deepStrictEqual(repeatedKeys(line), [], line)
  }
  return lines
}

// One for all runs: what it has seen before must not show.
const snapshot = makeSnapshot()
const reset = () => {
  snapshot.reset()
  return snapshot
}

const bounds = [{}, { a: 1, path: "/é\u2028" }, { level: "gold", "annotations.level": 1 }].map((given) =>
  extended(emptyContext, given, reset())
)
const own = [{ user: 1, route: "/" }, { level: "gold" }, { "annotations.level": {}, n: 1 }, { message: { a: [1] } }]
const contexts: ReadonlyArray<RecordContext> = bounds.flatMap((bound) =>
  [undefined, ...own, ...own].map((given) => given === undefined ? bound : extendedOnce(bound, given, reset()))
)
const error = Object.assign(new TypeError("no", { cause: new RangeError("root") }), { code: 3, message: "no" })
error.stack = "TypeError: no\n    at load (repo.ts:3:9)"
const messages = ["placed", 3, null, "\ud800", { order: 1 }, ["placed", { order: 1 }, { order: 2 }, [1], true, error]]

/** Records as a runtime makes them, of every kind and beside every other; packed anew, since to look unpacks them. */
const oddBatch = (): ReadonlyArray<LogRecord.LogRecord> =>
  contexts.flatMap((context, c) => {
    const m = (c + (c / 6 | 0)) % messages.length
    const ids = c % 3 === 0 ? "t" : undefined
    const level = LogRecord.levels[(c + m) % 6] ?? "Info"
    const origin = new RecordOrigin(
      level,
      context,
      c % 4 === 0 ? new LogSpans({ level: m }, 0) : undefined,
      c % 2,
      ids,
      ids,
      undefined,
      "r"
    )
    const times = [0, 1700000000123, 999.5, -1]
    // All but the last two share everything but the message.
    return [0, 1, 2, 3].map((i) => {
      const time = times[(c + (i > 1 ? i : 0)) % times.length] ?? 0
      const cause = i === 2 ? reset().cause(Cause.fail(error)) : undefined
      return new LogRecord.LogRecord(m, time, reset().message(messages[(m + i) % messages.length]), cause, origin, 0, 0)
    })
  })

describe("a line of JSON in another shape", () => {
  for (const [i, fields] of names.entries()) {
    it(`parses, has no key twice, and is in a batch what it is alone, whatever the options (names ${i + 1})`, () => {
      const all = combinations.filter((options) => options.fields === fields)
      assert.strictEqual(all.length, 144)
      for (const options of all) checkLines(oddBatch(), options, LogEncoder.json(options))
    })
  }

  const encoders = combinations.map((options) => ({ options, encoder: LogEncoder.json(options) }))
  const combination = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: combinations.length - 1 }))

  it.prop(
    "is so with hostile records, names and values",
    [Arbitrary.array(hostileRecord, { maxLength: 4 }), combination, Hostile.text],
    ([batch, index, name]) => {
      const { encoder, options } = encoders[index]!
      for (const line of checkLines(batch, options, encoder)) {
        // oxlint-disable-next-line eslint/no-control-regex -- control characters are what must be missing
        assert.notMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
      }
      const renamed = { ...options, fields: { ...options.fields, message: `${name}!` } }
      checkLines(batch, renamed, LogEncoder.json(renamed))
    },
    { arbitrary: { runs: 300 } }
  )

  it.prop(
    "says what the line of default says, under its own names",
    [hostileRecord, combination],
    ([record, index]) => {
      const options = { ...combinations[index]!, message: "asLogged" as const, cause: "text" as const, uid: false }
      const usual: Record<string, unknown> = JSON.parse(LogEncoder.json().encode(record))
      const line: Record<string, unknown> = JSON.parse(LogEncoder.json(options).encode(record))
      const { annotations, level, timestamp, ...rest } = usual
      const expected: Array<readonly [name: string | false, value: unknown]> = []
      const nameOf = (field: keyof LogEncoder.JsonFields): string | false => options.fields?.[field] ?? field
      for (const field of ["message", "cause", "spans", "fiberId", "traceId", "spanId"] as const) {
        if (Object.hasOwn(rest, field) && nameOf(field) !== false) expected.push([nameOf(field), rest[field]])
      }
      if (nameOf("level") !== false) expected.push([nameOf("level"), shownLevels(options)[record.level]])
      if (nameOf("timestamp") !== false) {
        const seconds = record.time / 1000
        expected.push([nameOf("timestamp"), { iso: timestamp, millis: record.time, seconds }[options.time ?? "iso"]])
      }
      assert.strictEqual(level, record.level.toUpperCase())
      if (nameOf("annotations") !== false) {
        if (options.annotations === "nested") expected.push([nameOf("annotations"), annotations])
        else expected.push(...flattened(Object(annotations), options))
      }
      assert.deepStrictEqual(line, Object.fromEntries(expected))
    },
    { arbitrary: { runs: 500 } }
  )
})

const shownLevels = ({ level }: Options): Record<LogRecord.Level, unknown> => {
  if (typeof level === "object") return level
  return {
    upper: { Trace: "TRACE", Debug: "DEBUG", Info: "INFO", Warn: "WARN", Error: "ERROR", Fatal: "FATAL" },
    lower: { Trace: "trace", Debug: "debug", Info: "info", Warn: "warn", Error: "error", Fatal: "fatal" },
    pino: { Trace: 10, Debug: 20, Info: 30, Warn: 40, Error: 50, Fatal: 60 },
    otel: { Trace: 1, Debug: 5, Info: 9, Warn: 13, Error: 17, Fatal: 21 }
  }[level ?? "upper"]
}

/** Annotations beside the fields of a line, where those that have their names are moved. */
const flattened = (
  annotations: Record<string, unknown>,
  { fields = {} }: Options
): ReadonlyArray<readonly [name: string, value: unknown]> => {
  const all = ["message", "level", "timestamp", "cause", "spans", "fiberId", "traceId", "spanId"] as const
  const ours = new Set<string | false>(all.map((field) => fields[field] ?? field))
  return Object.entries(annotations).map(([key, value]) =>
    ours.has(key) ? [`${fields.annotations ?? "annotations"}.${key}`, value] : [key, value]
  )
}

const lineOf = (options: Options | undefined, record: LogRecord.LogRecord): string =>
  LogEncoder.json(options).encode(record)

const parsed = (options: Options, record: LogRecord.LogRecord): Record<string, unknown> =>
  JSON.parse(lineOf(options, record))

const order = LogRecord.make({
  message: ["placed", { order: 1 }],
  time: 1_700_000_000_123,
  level: "Warn",
  annotations: { service: "api", level: "gold" },
  spans: { request: 12 },
  fiberId: 7,
  traceId: "t1",
  spanId: "s1",
  cause: [{ kind: "Fail", error: "no" }]
})

describe("the default line", () => {
  const golden = String.raw`{"message":["placed",{"order":1}],"level":"WARN","timestamp":"2023-11-14T22:13:20.123Z",` +
    String.raw`"cause":"no","annotations":{"service":"api","level":"gold"},"spans":{"request":12},"fiberId":"#7",` +
    String.raw`"traceId":"t1","spanId":"s1"}`

  it("is what it was, byte for byte", () => {
    const bare = `{"message":"a\\u2028","level":"INFO","timestamp":"1970-01-01T00:00:00.000Z",` +
      `"annotations":{},"spans":{},"fiberId":"#0"}`
    const records = [order, LogRecord.make({ message: "a\u2028" })]
    for (const options of [undefined, {}, { fields: {} }, { level: "upper", time: "iso" } as const]) {
      assert.deepStrictEqual(records.map((record) => lineOf(options, record)), [golden, bare])
      assert.strictEqual(decode(LogEncoder.json(options).encodeBatch(records)), `${golden}\n${bare}\n`)
    }
  })
})

describe("the options of JSON", () => {
  it("time and level are numbers where they should be", () => {
    const at = (time: number, options: Options) => lineOf(options, LogRecord.make({ message: "m", time }))
    const few: Options = { fields: names[3]! }
    const timed = (time: "millis" | "seconds"): Options => ({
      time,
      fields: { ...few.fields, timestamp: "time", annotations: false }
    })
    assert.deepStrictEqual(
      [0, 1_700_000_000_000, 999.5, -1, Number.NaN].map((time) => at(time, timed("millis"))),
      ["0", "1700000000000", "999", "-1", "null"].map((time) => `{"message":"m","time":${time}}`)
    )
    assert.deepStrictEqual(
      [0, 1_700_000_000_123, -1, Number.POSITIVE_INFINITY].map((time) => at(time, timed("seconds"))),
      ["0.000", "1700000000.123", "-0.001", "null"].map((time) => `{"message":"m","time":${time}}`)
    )
  })

  it("a flat annotation that has the name of a field is moved behind the name of the annotations", () => {
    const record = LogRecord.make({
      message: "m",
      annotations: { level: 1, "annotations.level": 2, "annotations.level #2": 3, cause: 4, data: 5, annotations: 6 }
    })
    const onlyLevel: LogEncoder.JsonFields = { timestamp: "cause", cause: false, spans: false, fiberId: false }
    assert.deepStrictEqual(parsed({ annotations: "flat", fields: onlyLevel, time: "millis" }, record), {
      message: "m",
      level: "INFO",
      cause: 0,
      "annotations.level #3": 1,
      "annotations.level": 2,
      "annotations.level #2": 3,
      "annotations.cause": 4,
      data: 5,
      annotations: 6
    })
    const renamed = parsed({
      annotations: "flat",
      message: "text",
      fields: { annotations: "labels", level: "annotations" }
    }, record)
    assert.deepInclude(renamed, { annotations: "INFO", "labels.annotations": 6, level: 1, "labels.data": 5 })
    const without = parsed({ annotations: "flat", fields: { level: false, annotations: "x" } }, record)
    assert.deepInclude(without, { level: 1, "x.cause": 4 })
    assert.notProperty(parsed({ annotations: "flat", fields: { annotations: false } }, record), "data")
  })

  it("a message that is text has objects, errors too, in a field of their own", () => {
    const cases: ReadonlyArray<readonly [message: unknown, text: string, data?: unknown]> = [
      ["placed", "placed"],
      [[], ""],
      [null, "null"],
      [3, "3"],
      [["n", 3, true, null, [1, { a: 2 }]], "n 3 true null [1,{\"a\":2}]"],
      [{ order: 1 }, "", { order: 1 }],
      [["placed", { order: 1 }, { order: 2, by: { card: true } }], "placed", {
        order: 1,
        "order #2": 2,
        by: { card: true }
      }],
      [["failed", new TypeError("no"), { error: 1 }], "failed TypeError: no", {
        error: { name: "TypeError", message: "no" },
        "error #2": 1
      }],
      [Cause.fail("no"), "no"]
    ]
    for (const [message, text, data] of cases) {
      const record = LogRecord.make({ message: snapshot.value(message) })
      const line = parsed({ message: "text" }, record)
      assert.strictEqual(line["message"], text)
      const shown = plain(line["data"])
      if (data === undefined) assert.notProperty(line, "data")
      else assert.deepStrictEqual(withoutStacks(shown), data)
      assert.notProperty(parsed({ message: "text", fields: { data: false } }, record), "data")
    }
  })

  it("a structured cause has fields of one type each, whatever failed", () => {
    const top = Object.assign(new TypeError("top", { cause: new AggregateError([new RangeError("a"), "b"], "both") }), {
      code: "E_TOP",
      type: "mine",
      password: Hostile.secret
    })
    const cause = snapshot.cause(Cause.fromReasons<unknown>([
      Cause.makeFailReason(top),
      Cause.makeFailReason({ _tag: "NotFound", id: 3 }),
      Cause.makeFailReason(["x"]),
      Cause.makeDieReason("bug"),
      Cause.makeInterruptReason(3),
      Cause.makeInterruptReason()
    ]))
    const line = parsed({ cause: "structured" }, LogRecord.make({ message: "m", cause }))
    assert.deepStrictEqual(withoutStacks(line["cause"]), [
      {
        kind: "Fail",
        type: "TypeError",
        message: "top",
        fields: { code: "E_TOP", type: "mine", password: "<redacted>" },
        cause: {
          type: "AggregateError",
          message: "both",
          errors: [{ type: "RangeError", message: "a" }, { type: "string", message: "b" }]
        }
      },
      { kind: "Fail", type: "object", message: `{"_tag":"NotFound","id":3}`, fields: { _tag: "NotFound", id: 3 } },
      { kind: "Fail", type: "array", message: `["x"]` },
      { kind: "Die", type: "string", message: "bug" },
      { kind: "Interrupt", message: "Interrupted by #3", fiberId: "#3" },
      { kind: "Interrupt", message: "Interrupted" }
    ])
    const [first] = Array.isArray(line["cause"]) ? line["cause"] : []
    assert.match(String(Object(first).stack), /^TypeError: top\n {4}at /)
  })

  it("a structured cause has the calls that a failure came through, and how many reasons are left out", () => {
    const cause: LogRecord.LogRecord["cause"] = [
      { kind: "Fail", error: new LogRecord.ErrorSnapshot({ name: "A", tag: "B", frames: ["at a"] }), frames: ["at b"] },
      { kind: "Die", error: null, frames: ["at c"] },
      { kind: "Interrupt", fiberId: 1, frames: ["at d"], interruptor: ["at e", "at f"] },
      { kind: "More", count: 5 }
    ]
    assert.deepStrictEqual(parsed({ cause: "structured" }, LogRecord.make({ message: "m", cause }))["cause"], [
      { kind: "Fail", type: "A", message: "", tag: "B", stack: "A\n    at a\n    at b" },
      { kind: "Die", type: "null", message: "null", stack: "    at c" },
      {
        kind: "Interrupt",
        message: "Interrupted by #1",
        stack: "    at d",
        fiberId: "#1",
        interruptor: "    at e\n    at f"
      },
      { kind: "More", message: "[5 more reasons]", count: 5 }
    ])
  })

  it.each<[options: object, sentence: string]>([
    [
      { fields: { level: "message" } },
      `fields.level must be a name that no other field has, got that of message: "message"`
    ],
    [
      { fields: { spanId: "x", traceId: "x" } },
      `fields.spanId must be a name that no other field has, got that of traceId: "x"`
    ],
    [
      { message: "text", fields: { cause: "data" } },
      `fields.cause must be a name that no other field has, got that of data: "data"`
    ],
    [{ fields: { message: false } }, "fields.message must be a text that is not blank, got false"],
    [{ fields: { level: " " } }, `fields.level must be a name that is not blank, or false, got " "`],
    [{ fields: { msg: "m" } }, "has no option"],
    [{ time: "nanos" }, `time must be "iso", "millis" or "seconds", got "nanos"`],
    [{ level: "syslog" }, "level must be"],
    [{ level: { ...words, Warn: 4 } }, "level.Warn must be a text that is not blank, got 4"],
    [{ level: { ...numbers, Fatal: Number.NaN } }, "level.Fatal must be a number, got NaN"],
    [{ annotations: true }, "annotations must be \"nested\" or \"flat\", got true"],
    [{ cause: "object" }, "cause must be \"text\" or \"structured\", got \"object\""],
    [{ message: "string" }, "message must be \"asLogged\" or \"text\", got \"string\""]
  ])("are refused with a sentence: %j", (options, sentence) => {
    let text = ""
    try {
      // A program in JavaScript has no types.
      Reflect.apply(LogEncoder.json, undefined, [options])
    } catch (error) {
      assert.instanceOf(error, RangeError)
      text = error.message
    }
    assert.include(text, "LogEncoder.json")
    assert.include(text, sentence)
  })

  it("two fields may have one name if one of them never stands in a line", () => {
    const flat = LogEncoder.json({ annotations: "flat", fields: { annotations: "level" } })
    assert.include(flat.encode(LogRecord.make({ message: "m", annotations: { level: 1 } })), `"level.level":1`)
    LogEncoder.json({ fields: { cause: "data" } })
    LogEncoder.json({ fields: { cause: "spans", spans: false } })
  })
})

/** Plain data without the stacks in it, which are those of this file. */
const withoutStacks = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, each: unknown) => key === "stack" ? undefined : each)
