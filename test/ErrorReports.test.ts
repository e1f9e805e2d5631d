import { assert, describe, it } from "@effect/vitest"
import { Cause, Data, Effect, ErrorReporter, Layer } from "effect"
import { HttpRouter } from "effect/http"
import * as ErrorReports from "../src/ErrorReports.ts"
import { Logging, TestLogging, WideEvent } from "../src/index.ts"
import { served, servedBy } from "./support/access.ts"
import { givenTo } from "./support/mistakes.ts"

class Declined extends Data.TaggedError("Declined")<{ readonly order: number }> {
  override readonly [ErrorReporter.severity] = "Warn" as const
  override readonly [ErrorReporter.attributes] = { order: this.order, password: "hunter2" }
  override get message(): string {
    return "the card was declined"
  }
}

class Quiet extends Data.TaggedError("Quiet") {
  override readonly [ErrorReporter.ignore] = true
}

class Odd extends Data.TaggedError("Odd") {
  override get message(): string {
    // oxlint-disable-next-line typescript/only-throw-error -- what a message may do
    throw "odd"
  }
}

/** What was logged, each by its level, its message and what it has as its cause. */
const logged = Effect.gen(function*() {
  const { records } = yield* TestLogging.TestLogging
  return (yield* records).map(({ cause, level, message }) => [level, message, cause?.map(({ kind }) => kind) ?? []])
})

const reported = <E>(error: E) => Effect.exit(Effect.withErrorReporting(Effect.fail(error)))

const TestLive = Layer.provideMerge(ErrorReports.layer(), Logging.layerTest())

describe("ErrorReports.layer", () => {
  it.effect("makes one record of an error, with its severity, its attributes and its cause", () =>
    Effect.gen(function*() {
      yield* reported(new Declined({ order: 7 }))
      yield* Effect.exit(Effect.withErrorReporting(Effect.die(new TypeError("undefined"))))
      yield* ErrorReporter.report(Cause.fail("a text"))
      assert.deepStrictEqual(yield* logged, [
        ["Warn", "the card was declined", ["Fail"]],
        ["Error", "undefined", ["Die"]],
        ["Error", "a text", ["Fail"]]
      ])
      const { records } = yield* TestLogging.TestLogging
      const [first] = yield* records
      assert.deepStrictEqual({ ...first?.annotations }, { order: 7, password: "<redacted>" })
    }).pipe(Effect.provide(TestLive)))

  it.effect("says nothing of interruptions, and of what is to be ignored", () =>
    Effect.gen(function*() {
      yield* reported(new Quiet())
      yield* Effect.exit(Effect.withErrorReporting(Effect.interrupt))
      assert.deepStrictEqual(yield* logged, [])
    }).pipe(Effect.provide(TestLive)))

  it.effect("says once what several boundaries report", () =>
    Effect.gen(function*() {
      const error = new Declined({ order: 7 })
      yield* Effect.fail(error).pipe(
        Effect.withErrorReporting,
        Effect.catch((again) => Effect.fail(again)),
        Effect.withErrorReporting,
        Effect.exit
      )
      yield* ErrorReporter.report(Cause.die(error))
      assert.strictEqual((yield* logged).length, 1)
    }).pipe(Effect.provide(TestLive)))

  it.effect("leaves what an event inside has said out of one around it, save where that fails too", () =>
    Effect.gen(function*() {
      const failed = Effect.fail(new Declined({ order: 7 })).pipe(WideEvent.record("inner"), Effect.withErrorReporting)
      yield* failed.pipe(Effect.ignore, WideEvent.record("caught"))
      yield* failed.pipe(WideEvent.record("failed"), Effect.exit)
      const caught = failed.pipe(Effect.ignore, Effect.andThen(Effect.fail(new Odd())))
      yield* caught.pipe(WideEvent.record("other"), Effect.exit)
      assert.deepStrictEqual(yield* logged, [
        ["Error", "inner", ["Fail"]],
        ["Warn", "caught", []],
        ["Error", "inner", ["Fail"]],
        ["Warn", "failed", ["Fail"]],
        ["Error", "inner", ["Fail"]],
        ["Warn", "other", ["Fail", "Fail"]]
      ])
    }).pipe(Effect.provide(TestLive)))

  it.effect("gives an error to the event that is open, also one that is caught inside", () =>
    Effect.gen(function*() {
      yield* reported(new Declined({ order: 7 })).pipe(WideEvent.record("caught"))
      yield* Effect.fail(new Declined({ order: 8 })).pipe(
        Effect.withErrorReporting,
        WideEvent.record("failed"),
        Effect.withErrorReporting,
        Effect.exit
      )
      assert.deepStrictEqual(yield* logged, [["Warn", "caught", ["Fail"]], ["Warn", "failed", ["Fail"]]])
      const { records } = yield* TestLogging.TestLogging
      assert.deepStrictEqual(
        (yield* records).map(({ annotations }) => [
          annotations["event.outcome"],
          annotations["error.type"],
          annotations["order"],
          annotations["password"]
        ]),
        [["success", "Declined", 7, "<redacted>"], ["failure", "Declined", 8, "<redacted>"]]
      )
    }).pipe(Effect.provide(TestLive)))

  it.effect.each([served, servedBy])(
    "has one record of a request that fails, and no other of its error: %#",
    (serve) =>
      Effect.gen(function*() {
        const ask = yield* serve(HttpRouter.add("GET", "/", Effect.fail(new Declined({ order: 7 }))))
        yield* Effect.promise(() => ask("/"))
        assert.deepStrictEqual(yield* logged, [["Warn", "http.request", ["Fail"]]])
      }).pipe(Effect.provide(TestLive))
  )

  it.effect("has the level that it is told, beside reporters that stay or do not", () =>
    Effect.gen(function*() {
      const seen: Array<string> = []
      const other = ErrorReporter.layer([ErrorReporter.make(({ error }) => {
        seen.push(error.message)
      })])
      const once = (text: string, mergeWithExisting: boolean) =>
        reported(text).pipe(
          Effect.provide(Layer.provideMerge(ErrorReports.layer({ level: "Debug", mergeWithExisting }), other))
        )
      yield* once("beside", true)
      yield* once("alone", false)
      assert.deepStrictEqual(yield* logged, [["Debug", "beside", ["Fail"]], ["Debug", "alone", ["Fail"]]])
      assert.deepStrictEqual(seen, ["beside"])
    }).pipe(Effect.provide(Logging.layerTest({ minimumLevel: "Debug" }))))

  it.effect("is total: an error may be anything", () =>
    Effect.gen(function*() {
      const hostile = new Proxy({}, {
        get: () => {
          throw new Error("trapped")
        },
        has: () => {
          throw new Error("trapped")
        }
      })
      yield* reported(hostile)
      yield* reported(new Odd())
      yield* reported(undefined)
      assert.deepStrictEqual(
        (yield* logged).map(([level, message]) => [level, message]),
        [
          ["Error", "_OTHER"],
          ["Error", "Odd"],
          ["Error", "_OTHER"]
        ]
      )
    }).pipe(Effect.provide(TestLive)))

  it("names an option that is wrong", () => {
    assert.throws(() => givenTo(ErrorReports.layer, { level: "loud" }), RangeError, /ErrorReports\.layer.*level/)
  })
})
