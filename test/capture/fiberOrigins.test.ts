import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, References, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { emptyContext } from "../../src/capture/attributes.ts"
import { FiberOrigins } from "../../src/capture/FiberOrigins.ts"
import { defaultLimits } from "../../src/capture/limits.ts"
import { SeenContexts } from "../../src/capture/SeenContexts.ts"
import { LogRecord } from "../../src/index.ts"
import { makeSnapshot, plain, recordsOf } from "../support/capture.ts"

const info = LogRecord.severityOf("Info")

/** The origin of a record that this fiber would log now, and whether it was known. */
const originIn = (origins: FiberOrigins, time = 0) =>
  Effect.map(Effect.fiber, (fiber) => {
    const known = origins.known(info, fiber)
    return { known: known !== undefined, origin: origins.of("Info", info, fiber, time, makeSnapshot()) }
  })

const one = { order: 1 }

describe("what many fibers log with", () => {
  it.effect("is found again when they take turns, and a batch is taken in between", () =>
    Effect.gen(function*() {
      const origins = new FiberOrigins("r")
      const fiber = (order: number) =>
        Effect.gen(function*() {
          const first = yield* originIn(origins)
          yield* Effect.yieldNow
          origins.release()
          const second = yield* originIn(origins)
          assert.deepStrictEqual([first.known, second.known], [false, true])
          assert.strictEqual(second.origin, first.origin)
          return second.origin.context.annotations["order"]
        }).pipe(Effect.annotateLogs({ order }), Effect.withLogSpan("request"), Effect.withSpan("request"))
      const orders = Array.from({ length: 100 }, (_, i) => i)
      assert.deepStrictEqual(yield* Effect.forEach(orders, fiber, { concurrency: "unbounded" }), orders)
    }))

  it.effect("is made anew when its annotations, its log spans, its span or what is in the annotations are others", () =>
    Effect.gen(function*() {
      const origins = new FiberOrigins("r")
      const changing: Record<string, unknown> = { order: 1 }
      const here = Effect.map(originIn(origins), ({ known }) => {
        origins.release()
        return known
      })
      const spanned = (spanId: string) => Effect.withParentSpan(here, Tracer.externalSpan({ traceId: "t", spanId }))
      const lasting = <A>(effect: Effect.Effect<A>): Effect.Effect<A> =>
        Effect.provideService(effect, References.CurrentLogAnnotations, changing)

      assert.deepStrictEqual([yield* lasting(here), yield* lasting(here)], [false, true])
      assert.isFalse(yield* lasting(Effect.withLogSpan(here, "a")))
      assert.isFalse(yield* lasting(here))
      assert.deepStrictEqual([yield* lasting(spanned("1")), yield* lasting(spanned("1"))], [false, true])
      assert.isFalse(yield* lasting(spanned("2")))
      assert.deepStrictEqual([yield* lasting(here), yield* lasting(here)], [false, true])
      changing["order"] = 2
      assert.isFalse(yield* lasting(here))
      assert.isFalse(yield* Effect.provideService(here, References.CurrentLogAnnotations, { order: 2 }))
    }))

  it.effect.each<[what: string, annotations: Record<string, unknown>]>([
    ["a secret", { password: "hunter2" }],
    ["a redacted value", { token: Redacted.make("hunter2") }],
    ["much text", { note: "x".repeat(600) }]
  ])("is not held beyond a batch when it is %s", ([, annotations]) =>
    Effect.gen(function*() {
      const origins = new FiberOrigins("r")
      const here = Effect.map(originIn(origins), ({ known }) => known)
      const seen = Effect.gen(function*() {
        const before = [yield* here, yield* here]
        origins.release()
        return [...before, yield* here]
      })
      const known = yield* Effect.provideService(seen, References.CurrentLogAnnotations, annotations)
      assert.deepStrictEqual(known, [false, true, false])
      origins.release()
      assert.notInclude(JSON.stringify(Object.values(origins), withoutWeak), "hunter2")
      assert.notInclude(JSON.stringify(Object.values(origins), withoutWeak), "xxxx")
    }))

  it.effect("is that of the fiber, whoever logs in a getter of its annotations", () =>
    Effect.gen(function*() {
      const origins = new FiberOrigins("r")
      const self = yield* Effect.fiber
      let inGetter = (): void => {}
      const annotations = {
        get order() {
          inGetter()
          return 1
        }
      }
      const elsewhere = Effect.gen(function*() {
        const fiber = yield* Effect.fiber
        const isInItsPlace = (fiber.id - self.id) % 256 === 0
        if (isInItsPlace) origins.of("Info", info, fiber, 0, makeSnapshot())
        return isInItsPlace
      }).pipe(Effect.annotateLogs({ order: 2 }))
      const here = Effect.provideService(originIn(origins), References.CurrentLogAnnotations, annotations)
      yield* here
      origins.release()
      inGetter = () => {
        inGetter = () => {}
        for (let isThere = false; !isThere;) isThere = Effect.runSync(elsewhere)
      }
      const { known, origin } = yield* here
      assert.deepStrictEqual([known, origin.fiberId, origin.context.annotations["order"]], [false, self.id, 1])
    }))

  it.effect("says of annotations that cannot be read any more which one it is", () =>
    Effect.gen(function*() {
      let isOpen = true
      const annotations = {
        order: 1,
        get user() {
          if (isOpen) return "ada"
          throw new Error("closed")
        }
      }
      const records = yield* recordsOf(
        Effect.gen(function*() {
          yield* Effect.logInfo("before")
          isOpen = false
          yield* Effect.logInfo("text")
          yield* Effect.logInfo({ an: "object" })
          isOpen = true
          yield* Effect.logInfo("after")
        }).pipe(Effect.provideService(References.CurrentLogAnnotations, annotations))
      )
      assert.deepStrictEqual(records.map(({ annotations, message }) => plain([message, annotations])), [
        ["before", { order: 1, user: "ada" }],
        ["text", { order: 1, user: "[threw]" }],
        [{ an: "object" }, { order: 1, user: "[threw]" }],
        ["after", { order: 1, user: "ada" }]
      ])
    }))

  it.effect("has the ids of a span as text that is well-formed", () =>
    Effect.gen(function*() {
      const span = Tracer.externalSpan({ traceId: "t\ud800", spanId: "\udc00s" })
      const records = yield* recordsOf(Effect.withParentSpan(Effect.logInfo("in it"), span))
      assert.deepStrictEqual(records.map(({ spanId, traceId }) => [traceId, spanId]), [["t\ufffd", "\ufffds"]])
    }))

  it("is found by the annotations that were asked for, whoever logs in a getter of them", () => {
    const contexts = new SeenContexts(emptyContext)
    const snapshot = makeSnapshot()
    let inGetter = (): void => {}
    const annotations = {
      get order() {
        inGetter()
        return 1
      }
    }
    contexts.of(annotations, snapshot)
    inGetter = () => {
      inGetter = () => {}
      for (let order = 2; order < 10; order++) contexts.of({ order }, makeSnapshot())
    }
    assert.strictEqual(contexts.of(annotations, snapshot).context.annotations["order"], 1)
  })

  it.effect("is what annotations say now that make it up when they are asked", () =>
    Effect.gen(function*() {
      let asked = 0
      const made: Record<string, unknown> = new (class {
        readonly [key: string]: unknown
        toJSON(): unknown {
          return { order: ++asked }
        }
      })()
      const read = {
        get password() {
          return `hunter${++asked}`
        },
        get far() {
          return "x".repeat(2 * defaultLimits.fieldBytes) + String(asked++ >> 1)
        }
      }
      const hidden = Object.defineProperty({ order: 1 }, "toJSON", { value: () => ({ order: ++asked }) })
      for (const annotations of [made, read, hidden]) {
        const origins = new FiberOrigins("r")
        const here = Effect.provideService(originIn(origins), References.CurrentLogAnnotations, annotations)
        assert.deepStrictEqual([(yield* here).known, (yield* here).known, (yield* here).known], [false, false, false])
      }
    }))

  it.effect("is let go of when no fiber has logged with it for a second or two", () =>
    Effect.gen(function*() {
      const origins = new FiberOrigins("r")
      const sweeper = yield* Effect.forkChild(origins.run)
      const here = Effect.provideService(originIn(origins), References.CurrentLogAnnotations, one)
      yield* here
      origins.release()
      yield* TestClock.adjust("1 second")
      assert.isTrue((yield* here).known)
      origins.release()
      yield* TestClock.adjust("2 seconds")
      assert.isFalse((yield* here).known)
      yield* Fiber.interrupt(sweeper)
    }))

  it.effect("has log spans that last as long as each record says", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(
        Effect.gen(function*() {
          yield* Effect.logInfo("at once")
          yield* TestClock.adjust("30 millis")
          yield* Effect.logInfo("later")
          yield* Effect.logInfo("at the same time")
        }).pipe(Effect.withLogSpan("inner"), Effect.withLogSpan("outer"))
      )
      assert.deepStrictEqual(records.map(({ spans }) => plain(spans)), [
        { inner: 0, outer: 0 },
        { inner: 30, outer: 30 },
        { inner: 30, outer: 30 }
      ])
    }))
})

/** What is only held weakly holds nothing. */
const withoutWeak = (_: string, value: unknown): unknown =>
  value instanceof WeakMap ? undefined : typeof value === "bigint" ? String(value) : value
