import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { emptyContext, extended, extendedOnce } from "../../src/capture/attributes.ts"
import { LogEncoder, LogRedactor } from "../../src/index.ts"
import { LogRecord, make } from "../../src/LogRecord.ts"
import { LogSpans } from "../../src/record/LogSpans.ts"
import { PackedMessage } from "../../src/record/PackedMessage.ts"
import { RecordContext, RecordOrigin } from "../../src/record/RecordOrigin.ts"
import { makeSnapshot, plain, snapshotOf } from "../support/capture.ts"
import * as Hostile from "../support/hostile.ts"

const origin = new RecordOrigin("Info", emptyContext, undefined, 0, undefined, undefined, undefined, "r")
const recordOf = (content: unknown): LogRecord => new LogRecord(0, 0, content, undefined, origin, 0, 0)

const textOf = (record: LogRecord): string => new TextDecoder().decode(LogEncoder.json().encodeBatch([record]))

/** How every encoder shows a message that was never packed. */
const unpackedTextOf = (message: unknown): string => `${LogEncoder.json().encode(make({ message }))}\n`

describe("a packed message", () => {
  // One for all runs: what it has seen before must not show.
  const snapshot = makeSnapshot()
  const contentOf = (messages: ReadonlyArray<unknown>): unknown => {
    snapshot.reset()
    return snapshot.messages(messages)
  }

  it.prop(
    "says what the copies of its values say, whatever they are",
    [Arbitrary.array(Hostile.value, { maxLength: 4 })],
    ([messages]) => {
      const copies = messages.map((value) => snapshotOf(value) ?? null)
      const expected = messages.length === 1 ? copies[0] : copies
      const alone = recordOf(contentOf(messages))
      const text = textOf(alone)
      // A second one of its kind: now the layout is shared, and written in another way.
      const record = recordOf(contentOf(messages))
      assert.strictEqual(textOf(record), text)
      assert.strictEqual(LogEncoder.json().encode(record), text.slice(0, -1))
      assert.deepStrictEqual(plain(record.message), plain(expected))
      assert.strictEqual(text, unpackedTextOf(expected))
      assert.strictEqual(textOf(record), text)
    },
    { arbitrary: { runs: 1000 } }
  )

  it("is laid flat, nested objects too, and shares its layout with others of its kind", () => {
    const message = (n: number) => ["m", { n, user: { id: n, roles: ["a", n] }, none: {} }, null]
    const [first, second] = [1, 2].map((n) => contentOf(message(n)))
    assert.instanceOf(first, PackedMessage)
    assert.instanceOf(second, PackedMessage)
    assert.strictEqual(first.layout, second.layout)
    assert.deepStrictEqual(second.leaves, ["m", 2, 2, ["a", 2], null])
    assert.deepStrictEqual(plain(first.unpack()), message(1))
  })

  it("shares its layout also where the rest of an object is left out", () => {
    const message = (n: number) => Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, n]))
    const [first, second] = [1, 2].map((n) => contentOf([message(n)]))
    assert.instanceOf(first, PackedMessage)
    assert.instanceOf(second, PackedMessage)
    assert.strictEqual(first.layout, second.layout)
    assert.deepStrictEqual(second.leaves.slice(99), [2, "[1 more key]"])
  })

  it("holds no more after it was encoded when its keys are data", () => {
    const record = recordOf(contentOf(["m", { [`key-${Math.random()}`]: 1 }]))
    const { content } = record
    assert.instanceOf(content, PackedMessage)
    const before = JSON.stringify(content.layout)
    textOf(record)
    LogEncoder.json().encode(record)
    assert.strictEqual(JSON.stringify(content.layout), before)
  })

  it("lets go of long layouts, however many kinds of messages end differently", () => {
    const long = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`field${i}`, i]))
    const seen = (message: object): PackedMessage => {
      const content = contentOf([message])
      assert.instanceOf(content, PackedMessage)
      return content
    }
    const { layout } = seen(long)
    for (let i = 0; i < 50; i++) seen({ ...long, [`last${i}`]: i })
    assert.strictEqual(seen(long).layout, layout)
    for (let i = 0; i < 64; i++) for (let j = 0; j < 4; j++) seen({ ...long, [`last${i}`]: i, [`more${j}`]: j })
    assert.notStrictEqual(seen(long).layout, layout)
  })

  it("asks no rule about what the runtime itself puts into it", () => {
    const redactor = LogRedactor.make({
      isSensitive: (key) => {
        if (!/^\w+$/.test(key)) throw new Error(key)
        return false
      }
    })
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`k${i}`, i]))
    const record = recordOf(makeSnapshot({}, redactor).messages([many]))
    assert.include(JSON.stringify(record.message), "\"…\":\"[50 more keys]\"")
  })

  it("is unpacked once, when somebody asks for the message", () => {
    const record = recordOf(contentOf([{ a: { b: 1 } }]))
    const { message } = record
    assert.deepStrictEqual(plain(message), { a: { b: 1 } })
    assert.strictEqual(record.message, message)
    assert.strictEqual(textOf(record), unpackedTextOf(message))
  })

  it("has every name once, also where a name stands for several keys", () => {
    const long = "x".repeat(300)
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`k${i}`, i]))
    for (const message of [{ [`${long}a`]: 1, [`${long}b`]: 2 }, { "\ud800": 1, "\ud801": 2 }, { "…": 1, ...many }]) {
      const record = recordOf(contentOf([message]))
      assert.strictEqual(textOf(record), unpackedTextOf(snapshotOf(message)))
      assert.deepStrictEqual(record.message, snapshotOf(message))
    }
  })

  it("keeps what stood before a value that fails while it is walked", () => {
    const failing = new Proxy({ a: 1, b: 2 }, {
      getOwnPropertyDescriptor: (target, key) => {
        if (key === "b") throw new Error("hostile")
        return Reflect.getOwnPropertyDescriptor(target, key)
      }
    })
    const record = recordOf(contentOf(["m", { before: 1, failing, after: 2 }]))
    assert.deepStrictEqual(plain(record.message), ["m", { before: 1, failing: "[threw]", after: 2 }])
  })

  it("stays right through a flood of keys and of kinds", () => {
    const wrong: Array<unknown> = []
    for (let i = 0; i < 12_000; i++) {
      const message = { [`key${i}`]: { [`other${i % 70}`]: i }, last: [i] }
      const record = recordOf(contentOf([i, message]))
      if (i % 100 === 0 && textOf(record) !== unpackedTextOf([i, message])) wrong.push(message)
    }
    assert.deepStrictEqual(wrong, [])
  })
})

describe("a text that is cut", () => {
  const long = ["plain ".repeat(20), "Größe ".repeat(20), "請求".repeat(30), "say \"no\"\n\ud800".repeat(10)]

  it.each([0, 10, 40, 47, 48, 49, 60])("says the same in every way it is written (field of %s bytes)", (fieldBytes) => {
    const snapshot = makeSnapshot({ fieldBytes })
    const messages = long.flatMap((text): ReadonlyArray<ReadonlyArray<unknown>> => [
      [text],
      [{ a: text, b: { text, n: 1 } }],
      [text, { a: text }, text]
    ])
    for (const message of messages) {
      const expected = message.map((value) => snapshotOf(value, { fieldBytes }))
      const text = unpackedTextOf(expected.length === 1 ? expected[0] : expected)
      for (let time = 0; time < 3; time++) {
        snapshot.reset()
        const record = recordOf(snapshot.messages(message))
        assert.strictEqual(textOf(record), text)
        assert.strictEqual(`${LogEncoder.json().encode(record)}\n`, text)
        assert.deepStrictEqual(plain(record.message), plain(expected.length === 1 ? expected[0] : expected))
        assert.strictEqual(textOf(record), text)
      }
    }
  })
})

describe("attributes of one call", () => {
  const snapshot = makeSnapshot()
  const reset = () => {
    snapshot.reset()
    return snapshot
  }
  const extendedBy = (bound: RecordContext, attributes: object): RecordContext =>
    extendedOnce(bound, { ...attributes }, reset())

  const call = Schema.Struct({
    bound: Schema.Literals([0, 1, 2]),
    time: Schema.Literals([0, 1]),
    fiber: Schema.Literals([0, 1]),
    spans: Schema.Boolean,
    trace: Schema.Boolean,
    fails: Schema.Boolean
  })

  it.prop(
    "stand after those that are bound, in every line of a batch",
    [
      Arbitrary.array(Arbitrary.schema(call), { maxLength: 12 }),
      Arbitrary.array(Hostile.text, { maxLength: 24 }),
      Arbitrary.array(Hostile.value, { maxLength: 24 })
    ],
    ([calls, keys, values]) => {
      const bounds = [{}, { a: 1, level: "é" }, { b: [1] }].map((given) => extended(emptyContext, given, reset()))
      const records = calls.map(({ bound, fails, fiber, spans, time, trace }, i) => {
        // Half of them have one layout, as the calls of a program have.
        const given = i % 2 === 0
          ? { n: i, path: `/${keys[i] ?? ""}` }
          : Object.fromEntries([2 * i, 2 * i + 1].map((n) => [keys[n] ?? "b", values[n]]))
        const context = extendedBy(bounds[bound]!, given)
        const id = trace ? "t" : undefined
        const origin = new RecordOrigin(
          "Info",
          context,
          spans ? new LogSpans({ x: 3 }, time - 1) : undefined,
          fiber,
          id,
          id,
          undefined,
          "r"
        )
        const cause = fails ? [{ kind: "Fail" as const, error: "no" }] : undefined
        const record = new LogRecord(i, time, "m", cause, origin, 0, 0)
        const annotations = { ...bounds[bound]!.annotations, ...asFields(snapshotOf(given)) }
        const merged = new RecordOrigin(
          "Info",
          new RecordContext(annotations, 0),
          origin.spans,
          fiber,
          id,
          id,
          undefined,
          "r"
        )
        return { record, plain: new LogRecord(i, time, "m", cause, merged, 0, 0) }
      })
      const lines = records.map(({ plain }) => LogEncoder.json().encode(plain))
      const batch = records.map(({ record }) => record)
      assert.deepStrictEqual(batch.map((record) => LogEncoder.json().encode(record)), lines)
      const bytes = LogEncoder.json().encodeBatch(batch)
      assert.strictEqual(new TextDecoder().decode(bytes), lines.map((line) => `${line}\n`).join(""))
      for (const { plain: expected, record } of records) {
        assert.deepStrictEqual(plain(record.annotations), plain(expected.annotations))
      }
    },
    { arbitrary: { runs: 500 } }
  )

  it("are put together only when somebody asks for them", () => {
    const bound = extended(emptyContext, { a: 1, b: 2 }, reset())
    const apart = extendedBy(bound, { c: { d: 3 } })
    assert.instanceOf(apart.own, PackedMessage)
    assert.deepStrictEqual(plain(apart.annotations), { a: 1, b: 2, c: { d: 3 } })
    assert.strictEqual(apart.annotations, apart.annotations)
    assert.deepStrictEqual(plain(extendedBy(bound, { b: 3 }).annotations), { a: 1, b: 3 })
  })
})

const asFields = (u: unknown): object => typeof u === "object" && u !== null ? u : {}
