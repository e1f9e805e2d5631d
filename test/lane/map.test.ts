import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { RecordMapper } from "../../src/capture/RecordMapper.ts"
import { LogRecord, LogRedactor, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { makeSnapshot } from "../support/capture.ts"
import * as Hostile from "../support/hostile.ts"
import { hostileRecord } from "../support/hostileRecord.ts"
import { settle } from "../support/lanes.ts"
import { makeRuntime } from "../support/runtime.ts"

const withheld = "[record withheld: its map failed]"

const mapper = (map: LogSink.RecordMap): RecordMapper => new RecordMapper(map, makeSnapshot())

const annotated = (annotations: Readonly<Record<string, unknown>>): LogRecord.LogRecord =>
  LogRecord.make({ message: "m", annotations })

/** What a record is known by. */
const identity = ({ fiberId, level, seq, spanId, spans, time, timeNanos, traceId, uid }: LogRecord.LogRecord) => ({
  fiberId,
  level,
  seq,
  spanId,
  spans,
  time,
  timeNanos,
  traceId,
  uid
})

/** What a map may give that no type allows. */
const badMap = (given: () => unknown): LogSink.RecordMap =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a program without types does
  given as unknown as LogSink.RecordMap

describe("a map of fields", () => {
  const annotationsOf = (map: LogSink.FieldMap, annotations: Readonly<Record<string, unknown>>) => ({
    ...mapper(map).of(annotated(annotations)).record.annotations
  })

  it("leaves out, renames and adds, in this order", () => {
    const map = { drop: ["debug", "gone"], rename: { user: "usr.id", gone: "back" }, add: { region: "eu-1", user: 0 } }
    assert.deepStrictEqual(annotationsOf(map, { debug: 1, user: 7, path: "/", gone: 2 }), {
      path: "/",
      "usr.id": 7,
      region: "eu-1",
      user: 0
    })
  })

  it("exchanges names, and what is renamed counts where both are there", () => {
    assert.deepStrictEqual(annotationsOf({ rename: { a: "b", b: "a" } }, { a: 1, b: 2 }), { a: 2, b: 1 })
    assert.deepStrictEqual(annotationsOf({ rename: { a: "b" } }, { a: 1, b: 2 }), { b: 1 })
  })

  it("is a matter of data, whatever names there are", () => {
    assert.deepStrictEqual(annotationsOf({ drop: ["a"] }, { constructor: 1, toString: 2, a: 3 }), {
      constructor: 1,
      toString: 2
    })
  })

  it("redacts and bounds what it adds, and what it names as a secret is", () => {
    const map: LogSink.FieldMap = {
      rename: { user: "password" },
      add: { apiKey: "12345", pin: Redacted.make("0000"), text: "x".repeat(100_000), at: new Date(0) }
    }
    const { text, ...rest } = annotationsOf(map, { user: "anna" })
    assert.deepStrictEqual(rest, {
      password: "<redacted>",
      apiKey: "<redacted>",
      pin: "<redacted>",
      at: "1970-01-01T00:00:00.000Z"
    })
    assert.match(String(text), /^x+…\[truncated: 100000 characters\]$/)
  })

  it("keeps an error an error, under another name too", () => {
    const error = new LogRecord.ErrorSnapshot({ message: "no" })
    const { cause, password } = annotationsOf({ rename: { error: "cause", other: "password" } }, {
      error,
      other: new LogRecord.ErrorSnapshot({ message: "hidden" })
    })
    assert.strictEqual(cause, error)
    assert.strictEqual(password, "<redacted>")
  })

  it("keeps what was cut as it was cut", () => {
    const long = makeSnapshot().value("x".repeat(100_000))
    assert.deepStrictEqual(annotationsOf({ add: { a: 1 } }, { long }), { long, a: 1 })
  })

  it("is carried out once for all records of an origin, so that encoders know it again", () => {
    let asked = 0
    const map = mapper({
      add: {
        get a() {
          return ++asked
        }
      }
    })
    const first = annotated({ b: 1 })
    const second = new LogRecord.LogRecord(1, 5, "n", undefined, first.origin, 100, 0)
    assert.strictEqual(map.of(first).record.origin, map.of(second).record.origin)
    assert.strictEqual(asked, 1)
  })
})

describe("a map that is a function", () => {
  it("changes message, annotations, or both, and nothing else", () => {
    const record = LogRecord.make({ message: "m", annotations: { a: 1 }, level: "Error", seq: 4, time: 9 })
    const said = (change: LogSink.MappedRecord) => {
      const { record: { annotations, message } } = mapper(() => change).of(record)
      return [message, { ...annotations }]
    }
    assert.deepStrictEqual(said({}), ["m", { a: 1 }])
    assert.deepStrictEqual(said(record), ["m", { a: 1 }])
    assert.deepStrictEqual(said({ annotations: { b: 2 } }), ["m", { b: 2 }])
    assert.deepStrictEqual(said({ message: "n", annotations: {} }), ["n", {}])
  })

  it("is total: what it gives is copied, redacted and bounded, whatever it is", () => {
    const secret = "hunter2hunter2"
    const { record, problem } = mapper(() => ({
      message: { password: secret, deep: Array.from({ length: 1000 }, (_, i) => i) },
      annotations: { token: secret, nested: { authorization: secret } }
    })).of(annotated({}))
    assert.isUndefined(problem)
    assert.notInclude(JSON.stringify(record), secret)
    assert.include(JSON.stringify(record.message), "more items")
  })

  for (
    const [what, map, problem] of [
      [
        "throws",
        badMap(() => {
          throw new Error("no user")
        }),
        "threw no user"
      ],
      ["gives nothing", badMap(() => undefined), "gave undefined"],
      ["gives a promise", badMap(() => Promise.reject(new Error("unseen"))), "gave an object of Promise"],
      ["gives a text", badMap(() => "text"), "gave \"text\""],
      ["gives annotations that are none", badMap(() => ({ annotations: 5 })), "gave 5 as annotations"],
      [
        "gives what cannot be read",
        badMap(() => ({
          get message() {
            throw new Error("a getter")
          }
        })),
        "threw a getter"
      ]
    ] as const
  ) {
    it(`that ${what} gives a marker, without what was logged`, () => {
      const record = LogRecord.make({
        message: "hidden",
        annotations: { hidden: 1 },
        cause: [{ kind: "Fail", error: "hidden", frames: undefined }],
        seq: 3
      })
      const mapped = mapper(map).of(record)
      assert.deepStrictEqual(identity(mapped.record), identity(record))
      assert.strictEqual(mapped.record.message, withheld)
      assert.notInclude(JSON.stringify(mapped.record), "hidden")
      assert.strictEqual(mapped.problem, problem)
    })
  }
})

describe("maps", () => {
  const options = { arbitrary: { runs: 200 } } as const
  const change = Arbitrary.all([Hostile.value, Hostile.value])

  it.prop("are total on hostile records, which keep what they are known by", [hostileRecord, change], ([
    record,
    [message, annotations]
  ]) => {
    const maps: ReadonlyArray<LogSink.RecordMap> = [
      { drop: ["a"], rename: { a: "b", password: "c" }, add: { message, annotations } },
      badMap(() => ({ message, annotations })),
      badMap(() => message),
      (given) => ({ message: given.annotations, annotations: { ...given.annotations, message: given.message } })
    ]
    for (const map of maps) {
      const mapped = mapper(map).of(record)
      assert.deepStrictEqual(identity(mapped.record), identity(record))
      assert.isTrue(mapped.record.bytes > 0)
      assert.isString(JSON.stringify(mapped.record))
      assert.strictEqual(mapped.problem !== undefined, mapped.record.message === withheld)
    }
  }, options)
})

describe("a lane with a map", () => {
  const twice = Effect.forEach([1, 2], (n) => Effect.annotateLogs(Effect.logInfo(`m${n}`), "user", n), {
    discard: true
  })

  it.effect("gives its sink what the map makes, and other lanes what was logged", () =>
    Effect.gen(function*() {
      const mapped = MemorySink.make({ name: "mapped", map: { rename: { user: "usr" } } })
      const plain = MemorySink.make({ name: "plain" })
      const { close, run } = yield* makeRuntime({ sinks: [mapped, plain] })
      yield* run(twice)
      yield* close()
      assert.deepStrictEqual(mapped.records.map(({ annotations }) => annotations), [{ usr: 1 }, { usr: 2 }])
      assert.deepStrictEqual(plain.records.map(({ annotations }) => annotations), [{ user: 1 }, { user: 2 }])
      assert.deepStrictEqual(mapped.records.map(identity), plain.records.map(identity))
    }))

  it.effect("maps by the rules of the runtime for secrets", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make({ map: { add: { iban: "DE00", token: "t" } } })
      const { close, run } = yield* makeRuntime({ sinks: [sink], redact: { keys: ["iban"], allow: ["token"] } })
      yield* run(Effect.logInfo("m"))
      yield* close()
      assert.deepStrictEqual(sink.records[0]?.annotations, { iban: "<redacted>", token: "t" })
      assert.strictEqual(LogRedactor.make().marker, "<redacted>")
    }))

  it.effect("asks the map once for each record, in the lane, however often it is written and split", () =>
    Effect.gen(function*() {
      const asked: Array<number> = []
      const batches: Array<ReadonlyArray<unknown>> = []
      const given: Array<ReadonlyArray<unknown>> = []
      const sink = LogSink.make({
        name: "once",
        batchWindow: 0,
        retry: LogSink.exponentialRetry({ base: "1 millis", times: 5 }),
        recordLimit: { maxBytes: 1000, sizeOf: () => 10 },
        map: ({ message, seq }) => {
          asked.push(seq)
          return { message: `${String(message)}!` }
        },
        write: (batch) => {
          batches.push(batch)
          given.push(batch.map(({ message }) => message))
          return given.length === 1
            ? Effect.fail(LogSink.unavailable("later"))
            : given.length === 2
            ? Effect.fail(LogSink.tooLarge("halve it"))
            : Effect.void
        }
      })
      const { close, run } = yield* makeRuntime({ sinks: [sink] })
      yield* run(twice)
      assert.deepStrictEqual(asked, [])
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* close()
      assert.deepStrictEqual(given, [["m1!", "m2!"], ["m1!", "m2!"], ["m1!"], ["m2!"]])
      // A sink over HTTP makes one body of one batch.
      assert.strictEqual(batches[1], batches[0])
      assert.strictEqual(asked.length, 2)
      assert.strictEqual(new Set(asked).size, 2)
    }))

  it.effect("gives up records as they were logged, to its fallback, whose map counts, and to dead letters", () =>
    Effect.gen(function*() {
      const letters: Array<LogSink.DeadLetter> = []
      const fallback = MemorySink.make({
        name: "fallback",
        map: ({ annotations }) => ({ annotations: { ...annotations, by: "fallback" } })
      })
      const failing = (name: string, options: Partial<LogSink.LaneOptions>) =>
        LogSink.make({
          name,
          map: { drop: ["user"] },
          batchWindow: 0,
          write: () => Effect.fail(LogSink.rejected("no")),
          ...options
        })
      const { close, run } = yield* makeRuntime({
        sinks: [
          failing("a", {}).pipe(LogSink.withFallback(fallback)),
          failing("b", { deadLetter: (more) => letters.push(...more) })
        ]
      })
      yield* run(twice)
      yield* close()
      const expected = [{ user: 1 }, { user: 2 }]
      assert.deepStrictEqual(fallback.records.map(({ annotations }) => annotations), [
        { user: 1, by: "fallback" },
        { user: 2, by: "fallback" }
      ])
      assert.deepStrictEqual(letters.map(({ record }) => LogRecord.ordinary(record).annotations), expected)
    }))

  it.effect("has a record measured and shortened as it is sent", () =>
    Effect.gen(function*() {
      const sizes: Array<unknown> = []
      const sink = LogSink.make({
        name: "measured",
        batchWindow: 0,
        map: { drop: ["large"] },
        recordLimit: {
          maxBytes: 100,
          sizeOf: ({ annotations }) => {
            sizes.push(Object.keys(annotations))
            return annotations["large"] === undefined ? 10 : 1000
          }
        },
        write: () => Effect.void
      })
      const { close, reports, run } = yield* makeRuntime({ sinks: [sink] })
      yield* run(Effect.annotateLogs(Effect.logInfo("m"), { large: "x", small: 1 }))
      yield* close()
      assert.deepStrictEqual(sizes, [["small"]])
      assert.strictEqual(reports[0]?.lanes["measured"]?.delivered, 1)
    }))

  for (const queue of [true, false]) {
    it.effect(`counts as marked what its map throws for, and says so once; queue ${queue}`, () =>
      Effect.gen(function*() {
        const sink = MemorySink.make({
          name: "marked",
          map: ({ annotations }) => {
            if (annotations["user"] === 2) throw new Error("not this one")
            return {}
          }
        })
        const { close, lines, reports, run, service } = yield* makeRuntime({ sinks: [sink], queue })
        yield* run(Effect.andThen(twice, twice))
        yield* service.flush
        assert.strictEqual((yield* service.stats).lanes["marked"]?.marked, 2)
        yield* close()
        assert.deepStrictEqual(sink.records.map(({ message }) => message), ["m1", withheld, "m1", withheld])
        const books = reports[0]?.lanes["marked"]
        assert.deepStrictEqual([books?.accepted, books?.delivered, books?.marked], [4, 4, 2])
        const told = lines.filter((line) => line.includes("the map of \"marked\" threw not this one; each such record"))
        assert.strictEqual(told.length, queue ? 1 : 0)
        assert.match(
          lines.at(-1) ?? "",
          /a map or an encoder failed for 2 records, written as markers: lane "marked" 2; mend what the first line/
        )
      }))
  }

  it.effect("that a sink takes the place of later has the map of that sink", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make({ map: { drop: ["user"] } })
      let attempts = 0
      const late = Effect.suspend(() => attempts++ === 0 ? Effect.fail("not yet") : Effect.succeed(memory))
      const { close, run } = yield* makeRuntime({ sinks: [late] })
      yield* run(twice)
      yield* close()
      assert.deepStrictEqual(memory.records.map(({ annotations }) => annotations), [{}, {}])
    }))

  it.effect("is refused for what is no map", () =>
    Effect.sync(() => {
      const scripted = ScriptedSink.make()
      assert.strictEqual(scripted.options.map, undefined)
      assert.throws(
        () => MemorySink.make({ map: { rename: { a: "" } } }),
        /MemorySink.make: map.rename must be an object of names that are not blank, by the names that they stand for/
      )
    }))
})
