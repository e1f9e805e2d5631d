import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { Ledger, Logging, type LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { messages, numbers, settle } from "../support/lanes.ts"
import { makeRuntime, type RuntimeUnderTest } from "../support/runtime.ts"

setFlagsFromString("--expose-gc")
const gc: () => void = runInNewContext("gc")

const heap = (): number => {
  gc()
  return process.memoryUsage().heapUsed
}

/** Attaches a sink, logs, and detaches it again. */
const comeAndGo = (runtime: RuntimeUnderTest, name: string, source: LogSink.LogSink = MemorySink.make({ name })) =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const given = yield* runtime.service.attach(source).pipe(Scope.provide(scope))
    yield* runtime.run(Effect.logInfo("while it is there"))
    yield* Scope.close(scope, Exit.void)
    return given
  })

const sumOf = (lanes: Readonly<Record<string, Ledger.LaneBooks>>, count: (books: Ledger.LaneBooks) => number) =>
  Object.values(lanes).reduce((sum, books) => sum + count(books), 0)

describe("books of lanes that have gone", () => {
  it.effect.each([
    { attached: 10_000, queue: false },
    { attached: 1_000, queue: true }
  ])("are exact, and they and memory bounded, after many: %o", ({ attached, queue }) =>
    Effect.gen(function*() {
      const stays = MemorySink.make({ name: "stays" })
      const runtime = yield* makeRuntime({ sinks: [stays], queue })
      const names = new Set<string>()
      let half = Infinity
      for (const n of numbers(0, attached)) {
        names.add(yield* comeAndGo(runtime, n % 2 === 0 ? "one" : `session-${n}`))
        if (n === attached / 2) {
          stays.clear()
          half = heap()
        }
      }
      stays.clear()
      // Each lane would keep more than a kilobyte.
      assert.isBelow(heap() - half, attached / 2 * 500)
      yield* runtime.service.flush
      const { lanes } = yield* runtime.service.stats
      yield* runtime.close()
      const [report] = runtime.reports
      assert.isDefined(report)
      for (const books of [lanes, report.lanes]) {
        assert.strictEqual(Object.keys(books).length, 1 + 1 + 100)
        const { detached, stays: present, ...named } = books
        assert.isTrue(detached !== undefined && Ledger.balanced(detached))
        assert.deepInclude(detached, { accepted: attached - 100, delivered: attached - 100 })
        assert.deepInclude(present, { accepted: attached, delivered: attached })
        assert.strictEqual(sumOf(named, ({ delivered }) => delivered), 100)
      }
      assert.strictEqual(lanes["detached"]?.status, "closed")
      assert.isBelow(JSON.stringify(report).length, 60_000)
      // Those of one name are numbered again when nobody knows the numbers any more.
      assert.isBelow(Array.from(names).filter((name) => name.startsWith("one")).length, 110)
    }))

  it.effect("are those of another lane, when a name is given again", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [] })
      const scope = yield* Scope.make()
      yield* runtime.service.attach(MemorySink.make({ name: "early" })).pipe(Scope.provide(scope))
      yield* runtime.service.detach("early")
      for (const n of numbers(0, 100)) yield* comeAndGo(runtime, `later-${n}`)
      const gone = yield* Effect.flip(runtime.service.detach("early"))
      assert.instanceOf(gone, Logging.LaneError)
      const second = MemorySink.make({ name: "early" })
      const name = yield* Effect.scoped(Effect.gen(function*() {
        const given = yield* runtime.service.attach(second)
        yield* Scope.close(scope, Exit.void)
        yield* runtime.run(Effect.logInfo("still there"))
        return given
      }))
      assert.strictEqual(name, "early")
      assert.deepStrictEqual(messages(second.records), ["still there"])
      assert.strictEqual((yield* runtime.service.detach("early")).delivered, 1)
      yield* runtime.close()
    }))

  it.effect("do not take the name of a lane of the program", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ name: "detached" })] })
      for (const n of numbers(0, 101)) yield* comeAndGo(runtime, `later-${n}`)
      const { lanes } = yield* runtime.service.stats
      assert.strictEqual(lanes["detached"]?.delivered, 101)
      assert.strictEqual(lanes["detached#2"]?.delivered, 1)
      yield* runtime.close()
    }))

  it.effect("tell of drops once, whichever entry has them", () =>
    Effect.gen(function*() {
      const stays = MemorySink.make({ name: "stays", filter: ({ annotations }) => "dropped" in annotations })
      const runtime = yield* makeRuntime({ sinks: [stays], shutdownTimeout: "1 second" })
      const refuses = (name: string) =>
        ScriptedSink.make({ name, otherwise: ScriptedSink.fail({ _tag: "Rejected" }), breaker: false })
      yield* comeAndGo(runtime, "first", refuses("first"))
      yield* settle
      yield* TestClock.adjust("30 seconds")
      yield* comeAndGo(runtime, "second", refuses("second"))
      for (const n of numbers(0, 101)) yield* comeAndGo(runtime, `later-${n}`)
      yield* TestClock.adjust("30 seconds")
      yield* settle
      yield* runtime.close()
      const told = messages(stays.records).map(String)
      assert.strictEqual(told.length, 2, told.join("\n"))
      assert.match(told[0]!, /^lane "first" dropped 1 record /)
      assert.match(told[1]!, /^lane "(second|detached)" dropped 1 record /)
      assert.strictEqual(runtime.reports[0]?.lanes["detached"]?.dropped.rejected_by_server, 2)
    }))

  it.effect("that did not end well are listed up to a hundred, and those before counted", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [], shutdownTimeout: "100 millis" })
      for (const n of numbers(0, 103)) {
        const hangs = ScriptedSink.make({ name: `hangs-${n}`, otherwise: ScriptedSink.hang, batchWindow: 0 })
        const going = yield* Effect.forkChild(comeAndGo(runtime, `hangs-${n}`, hangs), { startImmediately: true })
        yield* settle
        yield* TestClock.adjust("200 millis")
        yield* Fiber.join(going)
      }
      yield* runtime.close()
      const failures = runtime.reports[0]?.failures ?? []
      assert.strictEqual(failures.length, 101)
      assert.deepStrictEqual(failures[0], { step: "earlier steps", message: "3 not listed here" })
      assert.strictEqual(failures.at(-1)?.step, `drain "hangs-102"`)
    }))
})
