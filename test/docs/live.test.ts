import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Option, Schedule } from "effect"
import { HttpRouter } from "effect/http"
import { TestClock } from "effect/testing"
import { readiness } from "../../scratchpad/examples/live-readiness.ts"
import * as Shedding from "../../scratchpad/examples/live-shedding.ts"
import { Logging, MemorySink, ScriptedSink } from "../../src/index.ts"
import { settle } from "../support/lanes.ts"

/** A log whose lane `audit` fails twice, then works: degraded for a second, open for ten. */
const weak = (): Layer.Layer<Logging.Logging> =>
  Logging.layer({
    sinks: [
      MemorySink.make(),
      ScriptedSink.make({
        name: "audit",
        script: [ScriptedSink.unavailable, ScriptedSink.unavailable],
        retry: Schedule.spaced("1 second"),
        breaker: { failures: 2, cooldown: "10 seconds" }
      })
    ],
    diagnostics: () => {}
  })

/** Logs a record, and asks at the start and after each change of the lane. */
const throughTrouble = <A, E, R>(ask: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    yield* settle
    const ok = yield* ask
    yield* Effect.logInfo("order placed")
    yield* settle
    yield* TestClock.adjust("100 millis")
    yield* settle
    const degraded = yield* ask
    yield* TestClock.adjust("900 millis")
    yield* settle
    const open = yield* ask
    yield* TestClock.adjust("10 seconds")
    yield* settle
    return [ok, degraded, open, yield* ask]
  })

/** What docs/live.md does with the states of lanes. */
describe("the recipes for the states of lanes", () => {
  it.effect("readiness: 503 while the lane's breaker is open, and not for a write that failed", () =>
    Effect.gen(function*() {
      const context = yield* Layer.build(weak())
      const { dispose, handler } = HttpRouter.toWebHandler(
        readiness("audit").pipe(Layer.provide(Layer.succeedContext(context))),
        { disableLogger: true }
      )
      const ask = Effect.promise(async () => {
        const response = await handler(new Request("http://localhost/ready"))
        return `${response.status} ${(await response.text()).trim()}`
      })
      const answers = yield* Effect.provide(throughTrouble(ask), context)
      assert.deepStrictEqual(answers, ["200 audit: ok", "200 audit: degraded", "503 audit: open", "200 audit: ok"])
      yield* Effect.promise(dispose)
    }))

  it.effect("shedding: what can be left out is, until every lane is ok again", () =>
    Effect.gen(function*() {
      const context = yield* Layer.build(Shedding.layer.pipe(Layer.provideMerge(weak())))
      const { unlessDegraded } = Context.get(context, Shedding.Shedding)
      const ask = Effect.map(unlessDegraded(Effect.succeed("done")), Option.getOrElse(() => "left out"))
      const answers = yield* Effect.provide(throughTrouble(ask), context)
      assert.deepStrictEqual(answers, ["done", "left out", "left out", "done"])
    }))
})
