import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Layer, Logger } from "effect"
import { Logging, LogSink, MemorySink, TestLogging, WideEvent } from "../../src/index.ts"
import { plain } from "../support/capture.ts"
import { events, recorded, said } from "../support/events.ts"

const named = (more: object) => ({ "event.name": "work", "event.outcome": "success", ...more })

const everyLevel = Effect.all([
  Effect.logTrace("a"),
  Effect.logDebug("b"),
  Effect.logInfo("c"),
  Effect.logWarning("d"),
  Effect.logError("e"),
  Effect.logFatal("f"),
  Effect.logInfo("g")
])

describe("the lines inside of an event", () => {
  it.effect("are counted by level", () =>
    Effect.gen(function*() {
      const all = yield* recorded(WideEvent.record("work")(everyLevel))
      assert.deepStrictEqual(all, [named({
        "event.lines.trace": 1,
        "event.lines.debug": 1,
        "event.lines.info": 2,
        "event.lines.warn": 1,
        "event.lines.error": 1,
        "event.lines.fatal": 1
      })])
    }))

  it.effect("are counted as the levels let them through, which hold for the event too", () =>
    Effect.gen(function*() {
      const lines = Effect.andThen(everyLevel, Logging.scope("quiet")(everyLevel))
      const eventsAt = (level?: "Fatal") =>
        Effect.gen(function*() {
          const { records, ...sink } = MemorySink.make()
          yield* WideEvent.record("work", { level })(lines).pipe(
            Effect.provide(
              Logging.layer({ sinks: [{ records, ...sink }], minimumLevel: "Error", scopes: { quiet: "Fatal" } })
            )
          )
          return records.filter(({ message }) => message === "work").map(({ annotations }) => said(annotations))
        })
      assert.deepStrictEqual(yield* eventsAt(), [])
      assert.deepStrictEqual(yield* eventsAt("Fatal"), [named({ "event.lines.error": 1, "event.lines.fatal": 2 })])
    }))

  it.effect("are counted also where a full lane has dropped them, or a filter does not want them", () =>
    Effect.gen(function*() {
      const go = yield* Deferred.make<void>()
      const full = LogSink.make({ name: "full", capacity: 10, write: () => Deferred.await(go) })
      const memory = MemorySink.make({ name: "events", filter: ({ message }) => message === "work" })
      const inside: Array<unknown> = []
      const work = Effect.replicateEffect(Effect.logInfo("line"), 50).pipe(
        WideEvent.record("work", {
          when: ({ lines }) => {
            inside.push(lines)
            return true
          }
        }),
        Effect.andThen(Effect.flatMap(Logging.Logging, ({ stats }) => stats)),
        Effect.ensuring(Deferred.succeed(go, undefined))
      )
      const options = { diagnostics: () => {} }
      const { lanes } = yield* Effect.provide(work, Logging.layer({ sinks: [full, memory], ...options }))
      assert.isAbove(lanes["full"]?.dropped.queue_full ?? 0, 30)
      const event = memory.records.find(({ message }) => message === "work")
      assert.deepStrictEqual(said(event?.annotations ?? {}), named({ "event.lines.info": 50 }))
      yield* Effect.provide(work, Logging.layer({ sinks: [LogSink.withOptions(full, { capacity: 1 })], ...options }))
      assert.deepStrictEqual(inside, [{ Info: 50 }, { Info: 50 }])
    }))

  it.effect("are counted once where several runtimes take them, and not at all without one", () =>
    Effect.gen(function*() {
      const outer = MemorySink.make()
      const inner = MemorySink.make({ name: "inner" })
      const program = Effect.gen(function*() {
        yield* Effect.logInfo("line")
        yield* WideEvent.record("inside")(Effect.logWarning("line"))
      }).pipe(WideEvent.record("work"))
      yield* program.pipe(
        Effect.provide(
          Layer.provide(
            Logging.layer({ sinks: [inner], mergeWithExisting: true }),
            Logging.layer({ sinks: [outer] })
          )
        )
      )
      for (const { records } of [outer, inner]) {
        assert.deepStrictEqual(
          said(records.at(-1)?.annotations ?? {}),
          named({ "event.lines.info": 1, "event.inner": 1 })
        )
        assert.strictEqual(records.length, 4)
      }
      const seen: Array<string> = []
      yield* Effect.provide(program, Logger.layer([Logger.make(({ message }) => seen.push(JSON.stringify(message)))]))
      assert.strictEqual(seen.length, 4)
      assert.match(
        seen[3] ?? "",
        /^\[\{"event.name":"work","event.outcome":"success","event.duration_ms":0,"event.inner":1\}\]$/
      )
    }))

  it.effect("of the direct logger count in the event of the fiber, or of the one it is bound to", () =>
    Effect.gen(function*() {
      const { logger } = yield* Logging.Logging
      const work = WideEvent.openUnsafe(yield* Effect.context(), "work")
      const log = logger.with({ part: "a" }).within(work).scope("http")
      log.info("one")
      log.with({ b: 1 }).warn("two")
      logger.info("of nobody")
      yield* WideEvent.record("inside")(Effect.sync(() => {
        logger.error("of the fiber")
        log.info("three")
      }))
      work.endAs("success")
      log.info("late")
      assert.deepStrictEqual((yield* events).map(({ annotations }) => said(annotations)), [
        { "event.name": "inside", "event.outcome": "success", "event.lines.error": 1 },
        named({ "event.lines.info": 2, "event.lines.warn": 1 })
      ])
      const [first] = yield* (yield* TestLogging.TestLogging).records
      assert.deepStrictEqual(plain(first?.annotations), { part: "a", scope: "http" })
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("are part of it when that is asked: the last ones, and how many there were before", () =>
    Effect.gen(function*() {
      const lines = Effect.forEach([1, 2, 3, 4, 5], (line) => Effect.logInfo("line", { line, password: "hunter2" }))
      const all = yield* recorded(WideEvent.record("work", { keepLines: 2 })(lines))
      const kept = [4, 5].map((line) => ({
        at_ms: 0,
        level: "Info",
        message: ["line", { line, password: "<redacted>" }]
      }))
      assert.deepStrictEqual(all, [
        named({ "event.lines.info": 5, "event.log": kept, "event.log_omitted": 3 })
      ])
    }))
})
