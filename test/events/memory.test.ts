import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Scope } from "effect"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { opened } from "../../src/events/opened.ts"
import { Logging, LogSink, MemorySink, WideEvent } from "../../src/index.ts"
import { said } from "../support/events.ts"

setFlagsFromString("--expose-gc")
const gc: () => void = runInNewContext("gc")

const heap = (): number => {
  gc()
  return process.memoryUsage().heapUsed
}

/** A text of its own, as a request brings one. */
const large = (i: number): string => Buffer.alloc(1000, 97 + i % 26).toString("latin1")

/** Turns of the event loop, in which the engine tells of what it has dropped. */
const turn = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))

describe("the memory of events", () => {
  it.live("is given back: 100,000 leave none", () =>
    Effect.gen(function*() {
      const sink = LogSink.make({ name: "nothing", write: () => Effect.void })
      const work = (i: number) =>
        Effect.all([WideEvent.add({ text: large(i) }), Effect.logInfo("line")]).pipe(
          WideEvent.record("work", { keepLines: 3 })
        )
      yield* Effect.gen(function*() {
        const { flush } = yield* Logging.Logging
        const some = (count: number) =>
          Effect.andThen(Effect.forEach(Array.from({ length: count }, (_, i) => i), work, { discard: true }), flush)
        yield* Effect.repeat(some(1000), { times: 4 })
        const before = heap()
        yield* Effect.repeat(some(1000), { times: 99 })
        yield* turn
        assert.isBelow(heap() - before, 2_000_000)
      }).pipe(Effect.provide(Logging.layer({ sinks: [sink] })))
      assert.strictEqual(opened.count, 0)
    }))

  it.live("of those that nobody can end is given back too, and each is a record that says so", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const count = 20
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Logging.layer({ sinks: [memory] }), scope)
      const drop = Effect.gen(function*() {
        const started = yield* Deferred.make<void>()
        // It waits for what nobody else knows.
        const waiting = Effect.andThen(
          WideEvent.add({ step: 1 }),
          Effect.andThen(Deferred.succeed(started, undefined), Deferred.make<void>())
        )
        yield* Effect.forkDetach(
          Effect.provideContext(
            WideEvent.record("work")(Effect.flatMap(waiting, (never) => Deferred.await(never))),
            context
          )
        )
        yield* Deferred.await(started)
      })
      yield* Effect.replicateEffect(drop, count, { discard: true })
      const held = yield* Effect.forkChild(
        Effect.provideContext(WideEvent.record("held")(Effect.never), context),
        { startImmediately: true }
      )
      assert.strictEqual(opened.count, count + 1)
      // What the engine has dropped it tells in its own time.
      for (let turns = 0; opened.count > 1 && turns < 1000; turns++) {
        gc()
        yield* turn
      }
      assert.strictEqual(opened.count, 1)
      yield* Fiber.interrupt(held)
      yield* Scope.close(scope, yield* Effect.exit(Effect.void))
      const all = memory.records.map(({ annotations }) => said(annotations))
      assert.deepStrictEqual(all.filter((event) => JSON.stringify(event).includes("abandoned")).length, count)
      assert.deepStrictEqual(all.at(-1), { "event.name": "held", "event.outcome": "interrupted" })
      assert.strictEqual(all.length, count + 1)
    }))
})
