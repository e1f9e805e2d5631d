import { assert } from "@effect/vitest"
import { Effect, Random } from "effect"
import { Ledger } from "../../../src/index.ts"
import type { LaneModel } from "./lanes.ts"
import { numbersFrom } from "./numbers.ts"
import { operations } from "./operations.ts"
import { turns, World } from "./World.ts"

/** How much of everything there was in a history. */
export type Counts = Readonly<Record<string, number>>

/** Whether these are among those, in their order, each once. */
const isWithin = (some: ReadonlyArray<unknown>, all: ReadonlyArray<unknown>): boolean => {
  let at = -1
  return some.every((one) => (at = all.indexOf(one, at + 1)) !== -1)
}

const ofProgram = (stored: LaneModel["stored"]) => stored.filter((message) => typeof message === "number")

/** Holds what there is against the model. An assertion for each of the many things takes longer than the runtime itself. */
const look = (world: World) =>
  Effect.gen(function*() {
    const { broken, closing, expected, lanes, runtime: { service }, violations } = world
    const { capture, lanes: all } = yield* service.stats
    let own = 0
    for (const lane of lanes) {
      const { isAttached, mostQueued, name, offered, stored } = lane
      const books = all[name]
      if (books === undefined) return assert.fail(`there is no "${name}"`)
      const { accepted, queued } = books
      // The runtime tells of drops in a lane that works, with records of its own.
      own += accepted - offered.length
      if (!Ledger.balanced(books)) broken(`"${name}" does not balance: ${JSON.stringify(books)}`)
      if (accepted < offered.length || accepted > offered.length + 4 * lanes.length) {
        broken(`"${name}" has accepted ${accepted} of ${offered.length}`)
      }
      if (!isWithin(ofProgram(stored), offered)) broken(`"${name}" has stored ${stored.join()}, not ${offered.join()}`)
      if (queued > mostQueued) broken(`"${name}" holds ${queued}, and may hold ${mostQueued}`)
      lane.mostQueued = Math.max(lane.capacity, queued)
      if (isAttached && books.capacity > 0 && books.capacity !== lane.capacity) broken(`"${name}" has another capacity`)
    }
    if (!Ledger.captureBalanced(capture)) broken(`capture does not balance: ${JSON.stringify(capture)}`)
    const { accepted, filtered, rejected } = capture
    if (accepted - own !== expected.accepted || filtered !== expected.filtered) {
      broken(`capture has ${accepted - own} accepted and ${filtered} filtered, not ${JSON.stringify(expected)}`)
    }
    if (Ledger.total(rejected) > (closing === undefined ? 0 : rejected.closed)) {
      broken(`capture has rejected some: ${Ledger.reasons(rejected)}`)
    }
    if (violations.length > 0) assert.fail(violations.join("\n"))
  })

/** Ends a history, and holds what is left against the model. */
const end = (world: World) =>
  Effect.gen(function*() {
    const { healthWatchers, lanes, pending, runtime, watchers } = world
    yield* world.close()
    for (const fiber of [world.closing!, ...pending]) {
      yield* turns
      while (fiber.pollUnsafe() === undefined) yield* world.pass(1000)
    }
    yield* world.pass(1000)
    for (const watcher of watchers) {
      for (let n = 0; n < 3 && !watcher.hasEnded(); n++) {
        watcher.goOn()
        yield* turns
      }
      assert.isTrue(watcher.hasEnded(), "who watches sees the end")
    }
    yield* look(world)
    for (const watcher of healthWatchers) {
      assert.isTrue(watcher.hasEnded(), "who watches health sees the end")
      watcher.lookAtEnd()
    }
    const [report] = runtime.reports
    assert.isDefined(report)
    assert.deepStrictEqual(Object.keys(report.lanes).toSorted(), lanes.map(({ name }) => name).toSorted())
    for (const lane of lanes) {
      const { name, offered, sinks, stored } = lane
      const { accepted, delivered, dropped } = report.lanes[name]!
      const lost = Ledger.total(dropped)
      assert.strictEqual(delivered, stored.length, `"${name}" has stored what is delivered`)
      assert.strictEqual(delivered + lost, accepted, `nothing is left in "${name}"`)
      assert.isAtLeast(ofProgram(stored).length + lost, offered.length, `nothing is missing in "${name}"`)
      if (lost === 0) assert.deepStrictEqual(ofProgram(stored), offered)
      const wrong = Ledger.dropReasons.filter((reason) => dropped[reason] > 0 && !lane.mayDrop(reason, accepted))
      assert.deepStrictEqual(wrong, [], `"${name}" drops nothing without need`)
      for (const { closed, isRefused } of sinks) {
        assert.isTrue(closed === 1 || (isRefused && closed === 0), `each sink of "${name}" is closed once`)
      }
    }
    return report
  })

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((all, one) => all + one, 0)

/** One history of a runtime, whose lanes and watchers are looked at after each of its steps. */
export const history = (seed: number) =>
  Effect.gen(function*() {
    const numbers = numbersFrom(seed)
    const world = yield* World.make(numbers)
    const { expected, healthWatchers, lanes, told, watchers } = world
    const run = Effect.gen(function*() {
      const steps = 8 + numbers.below(16)
      for (let n = 0; n < steps; n++) {
        yield* numbers.oneOf(operations)(world)
        if (numbers.below(3) > 0) yield* turns
        yield* look(world)
      }
      return yield* end(world)
    })
    const report = yield* Effect.mapError(
      Effect.catchDefect(run, (defect) => Effect.fail(defect)),
      (error) => `${told.map((what, i) => `${i + 1}. ${what}`).join("\n")}\nthen: ${String(error)}`
    )
    const counts: Counts = {
      lanes: lanes.length,
      accepted: expected.accepted,
      filtered: expected.filtered,
      watchers: watchers.length,
      seen: sum(watchers.map(({ seen }) => seen)),
      missed: sum(watchers.map(({ missed }) => missed)),
      health: sum(healthWatchers.map(({ seen }) => seen)),
      dropped: sum(lanes.map(({ name }) => Ledger.total(report.lanes[name]!.dropped)))
    }
    return counts
  }).pipe(Effect.scoped, Random.withSeed(seed))
