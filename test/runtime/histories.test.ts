import { assert, describe, it } from "@effect/vitest"
import { Config, Effect, Exit, type Fiber, Option, Random, Schedule, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Ledger, type LogRecord, LogSink } from "../../src/index.ts"
import { makeRuntime } from "../support/runtime.ts"

const histories = 1000
const seeds = 1_000_000

type Mode = "works" | "fails" | "hangs"

/** What a lane should have, and what its sinks, one after the other, have stored. */
interface Modelled {
  readonly name: string
  readonly offered: Array<unknown>
  readonly stored: Array<unknown>
  /** What is refused before it is acquired is nobody's to close. */
  readonly sinks: Array<{ mode: Mode; closed: number; isRefused: boolean }>
  isAttached: boolean
  readonly detach: Effect.Effect<unknown, unknown>
}

/** Numbers from a seed, always the same. */
const numbersFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
    return ((state ^ (state >>> 12)) >>> 0) % below
  }
}

const sinkOf = (lane: Pick<Modelled, "stored" | "sinks">, name: string, maxBatchSize: number): LogSink.LogSink => {
  const state: Modelled["sinks"][number] = { mode: "works", closed: 0, isRefused: false }
  lane.sinks.push(state)
  const store = (batch: ReadonlyArray<LogRecord.LogRecord>): void => {
    assert.strictEqual(state.closed, 0, "no sink is written that is closed")
    if (state.mode !== "works") throw LogSink.unavailable("down")
    lane.stored.push(...batch.map(({ message }) => message))
  }
  return LogSink.make({
    name,
    maxBatchSize,
    capacity: 100,
    batchWindow: 0,
    writeTimeout: "3 seconds",
    retry: Schedule.spaced("1 second"),
    breaker: { failures: 2, cooldown: "5 seconds" },
    write: (batch) =>
      Effect.suspend(() => {
        if (state.mode === "hangs") return Effect.never
        if (state.mode === "fails") return Effect.fail(LogSink.unavailable("down"))
        // The event loop has a turn while it is written.
        return Effect.andThen(Effect.yieldNow, Effect.sync(() => lane.stored.push(...batch.map((one) => one.message))))
      }),
    writeSync: store,
    close: Effect.sync(() => {
      state.closed++
    })
  })
}

/** Whether these are among those, in their order, each once. */
const isWithin = (some: ReadonlyArray<unknown>, all: ReadonlyArray<unknown>): boolean => {
  let at = -1
  return some.every((one) => (at = all.indexOf(one, at + 1)) !== -1)
}

const ofProgram = (messages: ReadonlyArray<unknown>) => messages.filter((message) => typeof message === "number")

const fork = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(Effect.exit(effect), { startImmediately: true })

/** Some fibers get on, and some do not. */
const turns = Effect.forEach([1, 2, 3, 4, 5], () => Effect.yieldNow, { discard: true })

/** One history of a runtime, whose lanes are looked at after each of its steps. */
const history = (seed: number) =>
  Effect.gen(function*() {
    const below = numbersFrom(seed)
    const queue = below(8) > 0
    const lanes: Array<Modelled> = []
    const pending: Array<Fiber.Fiber<Exit.Exit<unknown, unknown>>> = []
    let next = 0
    let closing: Fiber.Fiber<Exit.Exit<unknown, unknown>> | undefined
    const first = { stored: [], sinks: [] }
    const runtime = yield* makeRuntime({ sinks: [sinkOf(first, "lane", 1 + below(20))], queue })
    const { service } = runtime
    lanes.push({ ...first, name: "lane", offered: [], isAttached: true, detach: service.detach("lane") })

    const log = (count: number) =>
      Effect.suspend(() => {
        const all = Array.from({ length: count }, () => next++)
        if (closing === undefined) { for (const lane of lanes) if (lane.isAttached) lane.offered.push(...all) }
        return runtime.run(Effect.forEach(all, (n) => Effect.logInfo(n), { discard: true }))
      })

    const attach = Effect.gen(function*() {
      const lane = { stored: [], sinks: [] }
      const scope = yield* Scope.make()
      const name = yield* service.attach(sinkOf(lane, "lane", 1 + below(20))).pipe(Scope.provide(scope))
      const detach = below(2) === 0 ? service.detach(name) : Scope.close(scope, Exit.void)
      lanes.push({ ...lane, name, offered: [], isAttached: true, detach })
    })

    const step = Effect.gen(function*() {
      const lane = lanes[below(lanes.length)]!
      switch (below(12)) {
        case 0:
        case 1:
        case 2:
          return yield* log(1 + below(9))
        case 3:
          return yield* log(110)
        case 4:
        case 5:
          return closing === undefined ? yield* attach : undefined
        case 6:
          if (closing === undefined) lane.isAttached = false
          return pending.push(yield* fork(lane.detach))
        case 7: {
          if (closing !== undefined) return
          const replacing = service.replace(lane.name, sinkOf(lane, "other", 1 + below(20)))
          const sink = lane.sinks.at(-1)!
          return pending.push(yield* fork(Effect.tapError(replacing, () => Effect.sync(() => sink.isRefused = true))))
        }
        case 8:
        case 9: {
          for (const sink of lane.sinks) sink.mode = (["works", "fails", "hangs"] as const)[below(3)]!
          return
        }
        case 10:
          return yield* TestClock.adjust(below(4000))
        default:
          if (below(6) === 0) closing ??= yield* fork(runtime.close())
      }
    })

    const look = Effect.gen(function*() {
      const stats = yield* service.stats
      assert.isTrue(Ledger.captureBalanced(stats.capture), "capture balances")
      for (const { name, offered, stored } of lanes) {
        const books = stats.lanes[name]
        assert.isDefined(books)
        assert.isTrue(Ledger.balanced(books), `"${name}" balances`)
        // The runtime tells of drops in a lane that works, with records of its own.
        assert.isAtLeast(books.accepted, offered.length, `"${name}" was offered what it should have`)
        assert.isAtMost(books.accepted, offered.length + 4 * lanes.length, `"${name}" was offered no more`)
        assert.isTrue(isWithin(ofProgram(stored), offered), `"${name}" has stored what it should, once, in order`)
      }
    })

    const steps = 6 + below(12)
    for (let n = 0; n < steps; n++) {
      yield* step
      if (below(3) > 0) yield* turns
      yield* look
    }
    closing ??= yield* fork(runtime.close())
    for (const fiber of [closing, ...pending]) {
      yield* turns
      while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust(1000)
    }
    yield* look
    const [report] = runtime.reports
    assert.isDefined(report)
    assert.deepStrictEqual(Object.keys(report.lanes).toSorted(), lanes.map(({ name }) => name).toSorted())
    for (const { name, offered, sinks, stored } of lanes) {
      const { accepted, delivered, dropped } = report.lanes[name]!
      const lost = Ledger.total(dropped)
      assert.strictEqual(delivered, stored.length, `"${name}" has stored what is delivered`)
      assert.strictEqual(delivered + lost, accepted, `nothing is left in "${name}"`)
      assert.isAtLeast(ofProgram(stored).length + lost, offered.length, `nothing is missing in "${name}"`)
      if (lost === 0) assert.deepStrictEqual(ofProgram(stored), offered)
      for (const { closed, isRefused } of sinks) {
        assert.isTrue(closed === 1 || (isRefused && closed === 0), `each sink of "${name}" is closed once`)
      }
    }
    return lanes.length
  }).pipe(Effect.scoped)

describe("lanes that come and go", () => {
  it.effect(
    `${histories} random histories leave each record in the lanes that should have it, once, in order`,
    () =>
      Effect.gen(function*() {
        // The seed that a failure names replays it alone.
        const one = yield* Config.option(Config.Int("MODEL_SEED"))
        const start = Option.isSome(one) ? one.value : yield* Random.nextIntBetween(0, seeds)
        const count = Option.isSome(one) ? 1 : histories
        let lanes = 0
        for (let seed = start; seed < start + count; seed++) {
          const exit = yield* Effect.exit(history(seed))
          if (Exit.isFailure(exit)) assert.fail(`MODEL_SEED=${seed}: ${String(exit.cause)}`)
          else lanes += exit.value
        }
        assert.isAtLeast(lanes, 2 * count - 1)
      }),
    60_000
  )
})
