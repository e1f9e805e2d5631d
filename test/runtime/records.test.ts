import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Redacted, Stream } from "effect"
import { Logging, LogSink, MemorySink } from "../../src/index.ts"
import { settle } from "../support/lanes.ts"
import { logMany, makeRuntime, type RuntimeUnderTest } from "../support/runtime.ts"
import { watch } from "../support/watching.ts"

const log = (runtime: RuntimeUnderTest, ...texts: ReadonlyArray<string>): Effect.Effect<void> =>
  runtime.run(Effect.forEach(texts, (text) => Effect.logInfo(text), { discard: true }))

const captured = (runtime: RuntimeUnderTest) => Effect.map(runtime.service.stats, ({ capture }) => capture)

describe("the stream of live records", () => {
  it.effect("shows what is logged while it runs, as the lanes have it, and ends at shutdown after the last record", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [memory] })
      yield* log(runtime, "before")
      const watcher = yield* watch(runtime.service)
      yield* runtime.run(Effect.logWarning("one", { password: "hunter2", pin: Redacted.make("1234") }))
      runtime.service.logger.info("two", { token: "hunter2" })
      yield* log(runtime, "three")
      yield* settle
      const shown = watcher.records()
      assert.strictEqual(shown.length, 3)
      yield* log(runtime, "last")
      yield* runtime.close()
      yield* watcher.ended
      assert.deepStrictEqual(watcher.records().map(({ uid }) => uid), memory.records.slice(1).map(({ uid }) => uid))
      assert.deepStrictEqual(watcher.told().slice(1), ["two", "three", "last"])
      const texts = JSON.stringify(watcher.seen)
      assert.include(texts, "password")
      assert.notInclude(texts, "hunter2")
      assert.notInclude(texts, "1234")
    }))

  it.effect("shows what a crash logs, too", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      const watcher = yield* watch(runtime.service)
      runtime.control.crash(new Error("boom"))
      yield* runtime.close()
      yield* watcher.ended
      assert.deepStrictEqual(watcher.records().map(({ level }) => level), ["Fatal"])
    }))

  it.effect("slows nobody: what a slow one has no room for is counted where it would have been", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [memory] })
      const slow = yield* watch(runtime.service, { capacity: 4 }, "slow")
      const fast = yield* watch(runtime.service)
      yield* log(runtime, "first")
      yield* settle
      yield* runtime.run(logMany(100))
      yield* settle
      assert.deepStrictEqual(slow.told(), ["first"])
      assert.strictEqual(fast.records().length, 101)
      assert.strictEqual(memory.records.length, 101)
      yield* slow.goOn
      yield* log(runtime, "later")
      yield* settle
      const queued = ["record 0", "record 1", "record 2", "record 3"]
      assert.deepStrictEqual(slow.told(), ["first", ...queued, "96 missed", "later"])
      yield* runtime.close()
      yield* slow.ended
      assert.strictEqual(slow.told().length, 7)
    }))

  it.effect("tells of what was missed last, and shows what still waits, when the log ends", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      const slow = yield* watch(runtime.service, { capacity: 2 }, "slow")
      yield* log(runtime, "first")
      yield* settle
      yield* runtime.run(logMany(5))
      yield* runtime.close()
      assert.isFalse(slow.hasEnded())
      yield* slow.goOn
      yield* slow.ended
      assert.deepStrictEqual(slow.told(), ["first", "record 0", "record 1", "3 missed"])
    }))

  it.effect("holds 256 records for who does not say otherwise", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      const slow = yield* watch(runtime.service, undefined, "slow")
      yield* log(runtime, "first")
      yield* settle
      yield* runtime.run(logMany(300))
      yield* slow.goOn
      assert.strictEqual(slow.records().length, 257)
      assert.strictEqual(slow.told().at(-1), "44 missed")
      yield* runtime.close()
    }))

  it.effect("queues only what the level, the scope and the filter let through", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      const inScope = (scope: unknown, text: string) => Effect.annotateLogs(Effect.logInfo(text), { scope })
      const some = { capacity: 2 }
      const watchers = {
        level: yield* watch(runtime.service, { ...some, minimumLevel: "warn" }),
        scope: yield* watch(runtime.service, { ...some, scope: "http" }),
        scopes: yield* watch(runtime.service, { ...some, capacity: 3, scope: "http.*" }),
        filter: yield* watch(runtime.service, { ...some, filter: ({ message }) => message === "warning" }),
        both: yield* watch(runtime.service, {
          ...some,
          scope: "http.*",
          filter: ({ message }) => String(message).endsWith("client")
        })
      }
      yield* runtime.run(Effect.gen(function*() {
        yield* logMany(20)
        yield* Effect.logWarning("warning")
        yield* inScope("http", "http")
        yield* inScope("http.client", "client")
        yield* inScope("http.client", "closed")
        yield* inScope("https", "https")
        yield* inScope(80, "a number")
        yield* inScope("billing.client", "billing client")
      }))
      yield* settle
      assert.deepStrictEqual(Object.entries(watchers).map(([name, { told }]) => [name, told()]), [
        ["level", ["warning"]],
        ["scope", ["http"]],
        ["scopes", ["http", "client", "closed"]],
        ["filter", ["warning"]],
        ["both", ["client"]]
      ])
      yield* runtime.close()
    }))

  it.effect("has nothing built or kept while nobody watches", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ minimumLevel: "Warn" })] })
      let built = 0
      const counted = {
        get read() {
          return built++
        }
      }
      const count = runtime.run(Effect.logInfo(counted)).pipe(Effect.andThen(settle), Effect.map(() => built))
      const stream = runtime.service.records({ filter: () => true })
      assert.strictEqual(yield* count, 0)
      const one = yield* watch(runtime.service)
      const other = yield* watch(runtime.service)
      assert.strictEqual(yield* count, 1, "one record for all")
      yield* one.stop
      assert.strictEqual(yield* count, 2)
      yield* other.stop
      assert.strictEqual(yield* count, 2)
      assert.strictEqual((yield* Stream.runCollect(Stream.take(stream, 0))).length, 0)
      assert.strictEqual(yield* count, 2)
      yield* log(runtime, "unseen")
      assert.deepStrictEqual([one.seen.length, other.seen.length], [1, 2])
      yield* runtime.close()
    }))

  it.effect("counts what only a stream wants as filtered, and what a lane takes as accepted", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ minimumLevel: "Warn" })] })
      const watcher = yield* watch(runtime.service)
      yield* runtime.run(Effect.gen(function*() {
        yield* logMany(3)
        yield* Effect.logWarning("warning")
        yield* Effect.logWarning("warning")
      }))
      yield* settle
      assert.strictEqual(watcher.records().length, 5)
      const { accepted, filtered, offered } = yield* captured(runtime)
      assert.deepStrictEqual({ accepted, filtered, offered }, { accepted: 2, filtered: 3, offered: 5 })
      yield* runtime.close()
    }))

  it.effect("counts what only a slow stream wants, and has no room for, as filtered too", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ minimumLevel: "Warn" })] })
      const slow = yield* watch(runtime.service, { capacity: 1 }, "slow")
      yield* runtime.run(logMany(5))
      runtime.service.logger.info("direct")
      const { accepted, filtered, offered } = yield* captured(runtime)
      assert.deepStrictEqual({ accepted, filtered, offered }, { accepted: 0, filtered: 6, offered: 6 })
      yield* slow.goOn
      assert.deepStrictEqual(slow.told(), ["record 0", "5 missed"])
      yield* runtime.close()
    }))

  it.effect("shows records that every lane drops, or counts them", () =>
    Effect.gen(function*() {
      const opened = yield* Deferred.make<void>()
      const sink = LogSink.make({ name: "full", capacity: 2, maxBatchSize: 1, write: () => Deferred.await(opened) })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const fast = yield* watch(runtime.service)
      const slow = yield* watch(runtime.service, { capacity: 1 }, "slow")
      yield* log(runtime, "first")
      yield* settle
      yield* runtime.run(logMany(10))
      yield* settle
      assert.strictEqual(fast.records().length, 11)
      yield* fast.stop
      yield* runtime.run(logMany(10))
      const { accepted, offered } = yield* captured(runtime)
      assert.deepStrictEqual({ accepted, offered }, { accepted: 21, offered: 21 })
      yield* slow.goOn
      assert.deepStrictEqual(slow.told(), ["first", "record 0", "19 missed"])
      yield* Deferred.succeed(opened, undefined)
      yield* runtime.close()
      assert.strictEqual(runtime.reports[0]?.lanes["full"]?.dropped.queue_full, 18)
    }))

  it.effect("is not hurt by a filter that throws, nor is anybody else", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [memory] })
      const throws = (): boolean => {
        throw new Error("bad filter")
      }
      const bad = yield* watch(runtime.service, { filter: throws })
      const good = yield* watch(runtime.service)
      yield* log(runtime, "one", "two")
      yield* settle
      for (const { told } of [bad, good]) assert.deepStrictEqual(told(), ["one", "two"])
      yield* runtime.close()
      assert.strictEqual(memory.records.length, 2)
    }))

  it.effect("is not hurt by a filter that logs: what it says is dropped", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [memory] })
      const logs = (): boolean => {
        runtime.service.logger.info("from the filter")
        return true
      }
      const bad = yield* watch(runtime.service, { filter: logs })
      const good = yield* watch(runtime.service)
      yield* log(runtime, "one", "two")
      yield* runtime.run(Effect.logInfo({ three: 3 }))
      yield* settle
      for (const { records } of [bad, good]) assert.strictEqual(records().length, 3)
      yield* runtime.close()
      assert.strictEqual(memory.records.length, 3)
      assert.include(runtime.lines[0], "a sink logged: INFO through the direct logger; it is dropped")
      assert.strictEqual(runtime.reports[0]?.capture.offered, 3)
    }))

  it.effect("works without queues, and without lanes", () =>
    Effect.gen(function*() {
      for (const options of [{ sinks: [MemorySink.make()], queue: false }, { sinks: [] }]) {
        const runtime = yield* makeRuntime(options)
        const watcher = yield* watch(runtime.service)
        yield* log(runtime, "one", "two")
        yield* settle
        assert.deepStrictEqual(watcher.told(), ["one", "two"])
        yield* runtime.close()
        yield* watcher.ended
      }
    }))

  it.effect("goes on for the others when one has seen enough", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      const other = yield* watch(runtime.service)
      const first = yield* Effect.forkChild(Stream.runHead(runtime.service.records()), { startImmediately: true })
      yield* log(runtime, "one")
      yield* settle
      assert.isDefined(first.pollUnsafe())
      yield* log(runtime, "two")
      yield* settle
      assert.deepStrictEqual(other.told(), ["one", "two"])
      yield* runtime.close()
    }))

  it.effect("may be watched by who logs, who sees that too", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [memory] })
      const { records } = runtime.service
      const echo = Stream.runForEach(
        records({ filter: ({ annotations }) => annotations["echo"] !== true }),
        (element) => element._tag === "Missed" ? Effect.void : Effect.logInfo(`saw ${String(element.record.message)}`)
      ).pipe(Effect.annotateLogs({ echo: true }))
      yield* runtime.run(Effect.gen(function*() {
        yield* Effect.forkChild(echo, { startImmediately: true })
        yield* Effect.logInfo("one")
        yield* settle
        yield* Effect.logInfo("two")
        yield* settle
      }))
      yield* runtime.close()
      assert.deepStrictEqual(memory.records.map(({ message }) => message), ["one", "saw one", "two", "saw two"])
    }))

  it.effect("goes on when lanes come and go, and stops when lanes have come since", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      const more = MemorySink.make({ name: "more" })
      const watcher = yield* watch(runtime.service)
      yield* log(runtime, "one")
      yield* runtime.service.attach(more)
      yield* log(runtime, "two")
      yield* runtime.service.detach("more")
      yield* log(runtime, "three")
      yield* settle
      assert.deepStrictEqual(watcher.told(), ["one", "two", "three"])
      yield* runtime.service.attach(more)
      yield* watcher.stop
      yield* log(runtime, "four")
      yield* runtime.close()
      assert.deepStrictEqual(more.records.map(({ message }) => message), ["two", "four"])
      assert.strictEqual(watcher.records().length, 3)
    }))

  it.effect("shows what the levels of now let through", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ minimumLevel: "Warn" })], lowestLevel: "Debug" })
      const { setLevel } = runtime.service
      const watcher = yield* watch(runtime.service)
      const call = (text: string) =>
        runtime.run(Effect.gen(function*() {
          yield* Effect.logDebug(`${text} debug`)
          yield* Effect.logInfo(`${text} billing`).pipe(Logging.scope("billing"))
          yield* Effect.logInfo(`${text} info`)
        }))
      yield* call("at first")
      yield* setLevel("Debug")
      yield* call("lowered")
      yield* setLevel("Warn", { scope: "billing" })
      yield* call("scoped")
      yield* settle
      assert.deepStrictEqual(watcher.told(), [
        "at first billing",
        "at first info",
        "lowered debug",
        "lowered billing",
        "lowered info",
        "scoped debug",
        "scoped info"
      ])
      yield* runtime.close()
      assert.strictEqual(runtime.reports[0]?.capture.accepted, 0)
    }))

  it.effect("has nothing in it once the log has ended", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      yield* runtime.service.shutdown
      assert.strictEqual((yield* Stream.runCollect(runtime.service.records())).length, 0)
      yield* runtime.close()
    }))

  it.effect("is there in tests of programs", () =>
    Effect.gen(function*() {
      const service = yield* Logging.Logging
      const watcher = yield* watch(service)
      yield* Effect.logInfo("one")
      yield* settle
      assert.deepStrictEqual(watcher.told(), ["one"])
    }).pipe(Effect.provide(Logging.layerTest())))
})
