import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Redacted } from "effect"
import { Logging, LogRecord, TestLogging, WideEvent } from "../../src/index.ts"
import { plain } from "../support/capture.ts"
import { events, recorded, said } from "../support/events.ts"
import { revoked, secret, value } from "../support/hostile.ts"

const named = (more: object) => ({ "event.name": "work", "event.outcome": "success", ...more })

const nested = (depth: number): unknown => depth === 0 ? "end" : { deeper: nested(depth - 1) }

const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i]))

describe("what is added to an event", () => {
  it.effect("is what it was when it was added, redacted", () =>
    Effect.gen(function*() {
      const items = [1]
      const user = { name: "ada", password: secret, key: Redacted.make(secret) }
      const all = yield* recorded(
        WideEvent.record("work")(Effect.gen(function*() {
          yield* WideEvent.add({ items, user, url: `https://ada:${secret}@shop.example/` })
          items.push(2)
          user.name = "alan"
          yield* WideEvent.count("apiKey", 7)
          yield* WideEvent.count("apiKey", 7)
        }))
      )
      assert.notInclude(JSON.stringify(all), secret)
      assert.deepStrictEqual(all, [named({
        "event.omitted": 1,
        items: [1],
        user: { name: "ada", password: "<redacted>", key: "<redacted>" },
        url: "https://redacted@shop.example/",
        apiKey: "<redacted>"
      })])
    }))

  it.effect("is redacted as the runtime says, which may be not at all", () =>
    Effect.gen(function*() {
      const shown = Effect.gen(function*() {
        yield* WideEvent.record("work")(WideEvent.add({ password: "hunter2", iban: "DE1" }))
        return (yield* events).map(({ annotations }) => said(annotations))
      })
      const options = { redact: { allow: ["password"], keys: ["iban"] } }
      assert.deepStrictEqual(yield* Effect.provide(shown, Logging.layerTest(options)), [
        named({ password: "hunter2", iban: "<redacted>" })
      ])
      assert.deepStrictEqual(yield* Effect.provide(shown, Logging.layerTest({ redact: false })), [
        named({ password: "hunter2", iban: "DE1" })
      ])
    }))

  it.effect("is what a log call with the same annotations says, cut once", () =>
    Effect.gen(function*() {
      const fields = {
        items: Array.from({ length: 150 }, (_, i) => i),
        text: "a".repeat(40_000),
        deep: nested(20),
        error: new Error("no", { cause: new TypeError("why") })
      }
      const annotated = Effect.annotateLogs(Effect.logInfo("line"), fields)
      yield* WideEvent.record("work", { maxBytes: 1e6 })(Effect.andThen(WideEvent.add(fields), annotated))
      const [line, event] = yield* (yield* TestLogging.TestLogging).records
      assert.deepStrictEqual(said(event?.annotations ?? {}), {
        ...named({ "event.lines.info": 1 }),
        ...Object(plain(line?.annotations))
      })
      assert.instanceOf(event?.annotations["error"], LogRecord.ErrorSnapshot)
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("is bounded by number; what is over is counted, and what is there may change", () =>
    Effect.gen(function*() {
      const added = [
        WideEvent.add(numbered(10)),
        WideEvent.count("more"),
        WideEvent.count("f1", 9),
        WideEvent.add({ f0: "new" })
      ]
      assert.deepStrictEqual(yield* recorded(WideEvent.record("work", { maxFields: 3 })(Effect.all(added))), [
        named({ "event.omitted": 8, f0: "new", f1: 10, f2: 2 })
      ])
      assert.deepStrictEqual(yield* recorded(WideEvent.record("work", { maxFields: 0 })(WideEvent.count("a"))), [
        named({ "event.omitted": 1 })
      ])
    }))

  it.effect("is bounded by bytes, also those that another value has made room for", () =>
    Effect.gen(function*() {
      const text = "x".repeat(400)
      const added = [{ a: text }, { b: text }, { a: 1 }, { b: text }].map((fields) => WideEvent.add(fields))
      assert.deepStrictEqual(yield* recorded(WideEvent.record("work", { maxBytes: 1000 })(Effect.all(added))), [
        named({ "event.omitted": 1, a: 1, b: text })
      ])
    }))

  it.effect("goes with the annotations into the bounds of a record", () =>
    Effect.gen(function*() {
      yield* Effect.annotateLogs(WideEvent.record("work")(WideEvent.add(numbered(60))), { tenant: "acme" })
      const [event] = yield* events
      const keys = Object.keys(event?.annotations ?? {})
      assert.deepStrictEqual(keys.slice(0, 4), ["tenant", "event.name", "event.outcome", "event.duration_ms"])
      assert.strictEqual(keys.length, 21)
      assert.strictEqual(event?.annotations["…"], "[more keys]")
    }).pipe(Effect.provide(Logging.layerTest({ limits: { keys: 20 } }))))

  it.effect("is no more than a record may have, whatever the bounds of the event are", () =>
    Effect.gen(function*() {
      const texts = Array.from({ length: 20 }, (_, i) => ({ [`f${i}`]: "x".repeat(500) }))
      yield* WideEvent.record("work", { maxBytes: 1e6 })(Effect.forEach(texts, (fields) => WideEvent.add(fields)))
      const [event] = yield* events
      assert.isAtMost(event?.bytes ?? Infinity, 6000)
      assert.strictEqual(event?.annotations["event.outcome"], "success")
    }).pipe(Effect.provide(Logging.layerTest({ limits: { recordBytes: 4000 } }))))

  it.effect("takes no room from what the event says of itself, however much it is", () =>
    Effect.gen(function*() {
      const sizes = Array.from({ length: 60 }, (_, i) => 40 * i)
      yield* Effect.forEach(sizes, (size) =>
        Effect.andThen(WideEvent.add({ text: "x".repeat(size) }), Effect.fail("no")).pipe(
          WideEvent.record("work", { maxBytes: 1e6 }),
          Effect.exit
        ))
      assert.deepStrictEqual(
        (yield* events).map(({ annotations, message }) => [
          message,
          annotations["event.name"],
          annotations["event.outcome"],
          annotations["error.type"]
        ]),
        sizes.map(() => ["work", "work", "failure", "_OTHER"])
      )
    }).pipe(Effect.provide(Logging.layerTest({ limits: { recordBytes: 2000 } }))))

  it.effect("is shown to the functions of an event as a copy", () =>
    Effect.gen(function*() {
      const change = (fields: object): void => {
        const user: unknown = Reflect.get(fields, "user")
        Object.assign(fields, { big: 1n, password: secret, late: true })
        Object.assign(Object(user), { user })
        Object.defineProperty(fields, "bad", {
          enumerable: true,
          get() {
            throw new Error("no")
          }
        })
      }
      const asked: Array<unknown> = []
      const all = yield* recorded(
        WideEvent.record("work", {
          when: ({ fields }) => {
            asked.push(plain(fields))
            change(fields)
            return true
          },
          level: ({ fields }) => {
            change(Object(fields["user"]))
            return "Warn"
          }
        })(WideEvent.add({ user: { name: "ada" } }))
      )
      assert.deepStrictEqual(asked, [{ user: { name: "ada" } }])
      assert.deepStrictEqual(all, [named({ user: { name: "ada" } })])
    }))

  it.effect("has none of the names that events have themselves, and no counter that is no number", () =>
    Effect.gen(function*() {
      const added = [
        WideEvent.add({ "event.name": "other", "event.outcome": "great", text: "a" }),
        WideEvent.count("text"),
        WideEvent.count("n", Number.NaN),
        WideEvent.count("n", Number.POSITIVE_INFINITY),
        WideEvent.count("n".repeat(1000)),
        WideEvent.count("n", -2),
        WideEvent.count("n", 0.5),
        WideEvent.count("large", Number.MAX_VALUE),
        WideEvent.count("large", Number.MAX_VALUE)
      ]
      assert.deepStrictEqual(yield* recorded(WideEvent.record("work")(Effect.all(added))), [
        named({ "event.omitted": 5, text: "a", n: -1.5, large: Number.MAX_VALUE })
      ])
    }))

  it.effect("may be hostile: it becomes a marker, and the event is recorded", () =>
    Effect.gen(function*() {
      const fail = (): never => {
        throw new Error("no")
      }
      const throwing = Object.defineProperty({ good: 1 }, "bad", { get: fail, enumerable: true })
      const odd = [
        revoked(),
        throwing,
        new Proxy({}, { ownKeys: fail }),
        new Error("no"),
        [1],
        new Date(NaN),
        new Map()
      ]
      for (const given of odd) {
        const all = yield* recorded(
          WideEvent.record("work")(Effect.andThen(WideEvent.add(Object(given)), WideEvent.add({ after: 1 })))
        )
        assert.strictEqual(all.length, 1)
        assert.propertyVal(all[0], "after", 1)
      }
      assert.deepStrictEqual(yield* recorded(WideEvent.record("work")(WideEvent.add(throwing))), [
        named({ good: 1, bad: "[threw]" })
      ])
    }))

  it.effect("may add to its event while it is read, without end, and may end it", () =>
    Effect.gen(function*() {
      const all = yield* recorded(Effect.gen(function*() {
        const event = WideEvent.openUnsafe(yield* Effect.context(), "work")
        const again = {
          get more(): number {
            event.add(again)
            return 1
          }
        }
        assert.isTrue(event.add(again))
        const ending = {
          get last(): boolean {
            return event.end(Exit.void)
          }
        }
        assert.isFalse(event.add(ending))
        assert.isFalse(event.isOpen)
      }))
      assert.strictEqual(all.length, 1)
      assert.propertyVal(all[0], "more", 1)
    }))

  it.effect.prop("is recorded whatever it is", { given: value }, ({ given }) =>
    Effect.gen(function*() {
      const all = yield* recorded(
        Effect.all([WideEvent.add({ given }), WideEvent.add(Object(given)), WideEvent.add({ after: 1 })]).pipe(
          WideEvent.record("work", { maxFields: 1000, maxBytes: 1e9 })
        )
      )
      assert.strictEqual(all.length, 1)
      assert.notInclude(JSON.stringify(all), secret)
    }), { arbitrary: { runs: 300 } })
})
