import { Effect, Exit, Schedule, Scope, SubscriptionRef } from "effect"
import { Ledger, LogLevels } from "../../../src/index.ts"
import { HealthWatcherModel } from "./healthWatchers.ts"
import { filterOf, LaneModel, type Sieve } from "./lanes.ts"
import { type Bound, type Call, type Level, levels } from "./levels.ts"
import { WatcherModel, type Wish } from "./watchers.ts"
import { fork, regions, turns, type World } from "./World.ts"

/** Something that happens in a history. */
type Operation = (world: World) => Effect.Effect<unknown, unknown, Scope.Scope>

const scopes = [undefined, undefined, "a", "a.b", "ab"] as const

const aCall = ({ numbers: { oneOf } }: World, by: Call["by"]): Call => ({
  level: oneOf<Level>(["Info", "Info", "Warn", ...levels]),
  scope: oneOf(scopes),
  by
})

const aLane = ({ lanes, numbers: { below, oneOf } }: World): LaneModel => below(3) > 0 ? lanes.at(-1)! : oneOf(lanes)

const aSieve = ({ numbers: { below } }: World): Sieve => ({ by: 2 + below(2), rest: below(2) })

/** Levels for all or for some, mostly for what there is. */
const aTarget = ({ lanes, numbers: { below, oneOf } }: World): LogLevels.Target => {
  switch (below(4)) {
    case 0:
      return { scope: oneOf(["a", "a.*", "a.b"]) }
    case 1:
      return { lane: oneOf(lanes).name }
    case 2:
      return { lane: `lane#${2 + below(lanes.length + 1)}` }
    default:
      return {}
  }
}

const log: Operation = (world) => {
  const { below, oneOf } = world.numbers
  const by = oneOf<Call["by"]>(["effect", "effect", "direct", ...regions.map((minimum) => ({ minimum }))])
  const calls = Array.from({ length: 1 + below(9) }, () => aCall(world, by))
  world.tell(
    `log ${calls.map(({ level, scope }) => `${level}${scope === undefined ? "" : ` in ${scope}`}`).join(", ")} by ${
      JSON.stringify(by)
    }`
  )
  return world.log(calls)
}

const flood: Operation = (world) => {
  const { oneOf } = world.numbers
  const call: Call = {
    level: oneOf<Level>(["Info", "Warn"]),
    scope: oneOf(scopes),
    by: oneOf<Call["by"]>(["effect", "direct"])
  }
  world.tell(`log 110 times ${call.level}`)
  return world.log(Array.from({ length: 110 }, () => call))
}

const setLevel: Operation = (world) => {
  const { levels: model, numbers: { below, oneOf }, runtime: { service: { level: ref, setLevel } } } = world
  const target = aTarget(world)
  const level = oneOf<Bound>([...levels, "Debug", "All", "None"])
  const how = below(5)
  const millis = how < 2 ? 1 + below(3000) : undefined
  world.tell(`${how === 4 ? "unset" : `set ${level} for ${millis ?? "good"}`} ${JSON.stringify(target)}`)
  // After shutdown no level ends, and none means anything.
  if (world.closing !== undefined) return Effect.void
  if (how === 4) {
    model.unset(target)
    return SubscriptionRef.update(ref, (levels) => LogLevels.unset(levels, target))
  }
  model.set(level, target, millis)
  return how === 3
    ? SubscriptionRef.update(ref, (levels) => LogLevels.set(levels, level, target))
    : setLevel(level, { ...target, for: millis })
}

const attach: Operation = (world) => {
  const { numbers, runtime: { service } } = world
  const lane = new LaneModel(numbers, world.broken)
  const byName = numbers.once(2)
  if (world.closing !== undefined) return Effect.void
  return Effect.gen(function*() {
    const scope = yield* Scope.make()
    world.isAttaching = true
    lane.name = yield* service.attach(lane.sink()).pipe(Scope.provide(scope))
    world.isAttaching = false
    world.tell(`attach ${lane.name}, from ${lane.minimum} on`)
    lane.detach = byName ? service.detach(lane.name) : Scope.close(scope, Exit.void)
    world.lanes.push(lane)
  })
}

const detach: Operation = (world) => {
  const lane = aLane(world)
  world.tell(`detach ${lane.name}`)
  if (world.closing === undefined) lane.isAttached = false
  const detached = Effect.tap(lane.detach, (books) =>
    Effect.sync(() => {
      if (books !== undefined && books.queued + books.inFlight + books.retrying > 0) {
        world.broken(`"${lane.name}" has ended with ${JSON.stringify(books)}`)
      }
    }))
  return Effect.map(fork(detached), (fiber) => world.pending.push(fiber))
}

const replace: Operation = (world) => {
  const lane = aLane(world)
  const mostWritten = 1 + world.numbers.below(20)
  world.tell(`replace the sink of ${lane.name}, with batches of ${mostWritten}`)
  if (world.closing !== undefined) return Effect.void
  return Effect.gen(function*() {
    const sink = lane.next("other", mostWritten)
    const state = lane.sinks.at(-1)!
    const before = lane.mostWritten
    lane.mostWritten = Math.max(before, mostWritten)
    const fiber = yield* fork(Effect.tapError(
      world.runtime.service.replace(lane.name, sink),
      () => Effect.sync(() => state.isRefused = true)
    ))
    world.pending.push(fiber)
    yield* turns
    lane.mostWritten = state.isRefused ? before : mostWritten
  })
}

const setLane: Operation = (world) => {
  const { numbers: { below, once, oneOf }, runtime: { service } } = world
  const lane = aLane(world)
  const minimumLevel = once(3) ? oneOf<Bound>([...levels, "All"]) : undefined
  const filter = once(3) ? oneOf([false, aSieve(world)] as const) : undefined
  const capacity = once(2) ? oneOf([5, 20, 50, 100, 200, 1000]) : undefined
  const maxBytes = once(6) ? oneOf([5000, 100_000, 100_000_000]) : undefined
  const maxBatchSize = once(3) ? 1 + below(20) : undefined
  const retry = once(4)
    ? oneOf([Schedule.spaced("1 second"), Schedule.recurs(1), Schedule.spaced("2 seconds")])
    : undefined
  world.tell(`set ${JSON.stringify({ minimumLevel, filter, capacity, maxBytes, maxBatchSize })} for ${lane.name}`)
  const set = service.setLane(lane.name, {
    minimumLevel,
    filter: filter === false ? false : filterOf(filter),
    capacity,
    maxBytes,
    maxBatchSize,
    retry
  })
  return Effect.gen(function*() {
    const { lanes } = yield* service.stats
    const exit = yield* Effect.exit(set)
    if (Exit.isFailure(exit)) {
      return lane.isAttached
        ? world.broken(`"${lane.name}" goes by nothing new: ${String(exit.cause)}`)
        : undefined
    }
    if (minimumLevel !== undefined) lane.minimum = minimumLevel
    if (filter !== undefined) lane.sieve = filter === false ? undefined : filter
    if (maxBatchSize !== undefined) lane.mostWritten = maxBatchSize
    if (maxBytes !== undefined) lane.wasBounded = true
    if (capacity !== undefined) lane.resize(capacity, lanes[lane.name]?.queued ?? 0)
  })
}

const fault: Operation = (world) => {
  const mode = world.numbers.oneOf(["works", "fails", "hangs"] as const)
  const lane = aLane(world)
  world.tell(`the sinks of ${lane.name}: ${mode}`)
  for (const sink of lane.sinks) sink.mode = mode
  if (mode !== "works") lane.hadFaults = true
  return Effect.void
}

const wait: Operation = (world) => {
  const millis = world.numbers.below(4000)
  world.tell(`wait ${millis} ms`)
  return world.pass(millis)
}

const watch: Operation = (world) => {
  const { numbers: { once, oneOf } } = world
  const wish: Wish = {
    minimum: once(2) ? "All" : oneOf(levels),
    scope: once(4) ? oneOf(["a", "a.*"]) : undefined,
    sieve: once(3) ? aSieve(world) : undefined,
    capacity: oneOf([1, 3, 20, 256]),
    pace: oneOf(["fast", "slow", "slow"])
  }
  world.tell(`watch ${JSON.stringify(wish)}`)
  const watcher = new WatcherModel(wish, world.broken)
  world.watchers.push(watcher)
  if (world.closing !== undefined) watcher.end()
  return watcher.start(world.runtime.service)
}

/** Somebody who watches looks once more, or has seen enough. */
const turnAway: Operation = (world) => {
  const { numbers: { once, oneOf }, watchers } = world
  const goes = once(3)
  if (watchers.length === 0) return Effect.void
  const watcher = oneOf(watchers)
  world.tell(`watcher ${watchers.indexOf(watcher)} ${goes ? "goes" : "looks"}`)
  return Effect.sync(() => goes ? watcher.stop() : watcher.goOn())
}

const watchHealth: Operation = (world) => {
  const { healthWatchers, numbers: { once } } = world
  const goes = once(3)
  world.tell(goes ? "one who watches health goes" : "watch health")
  if (goes) return Effect.sync(() => healthWatchers.at(-1)?.stop())
  const watcher = new HealthWatcherModel(world.names, world.broken)
  healthWatchers.push(watcher)
  return watcher.start(world.runtime.service)
}

const lookAtHealth: Operation = (world) =>
  Effect.gen(function*() {
    world.tell("look at health")
    // A lane may change once a second by itself, and does so within a turn.
    yield* world.pass(101)
    yield* world.pass(101)
    const stats = yield* world.runtime.service.stats
    for (const watcher of world.healthWatchers) watcher.lookAt(stats)
  })

/** Where all sinks work, all that was taken is stored as soon as who waits for it goes on, however slowly others watch. */
const flush: Operation = (world) => {
  const { closing, lanes, pending, runtime: { service } } = world
  if (closing !== undefined || lanes.some(({ sinks }) => sinks.some(({ mode }) => mode !== "works"))) return Effect.void
  return Effect.gen(function*() {
    world.tell("flush")
    const flushed = yield* fork(service.flush)
    pending.push(flushed)
    // What failed before is tried again when its wait is over, a write that hangs ends, and small batches take many turns.
    for (let n = 0; n < 1000 && flushed.pollUnsafe() === undefined; n++) yield* world.pass(1000)
    if (flushed.pollUnsafe() === undefined) return world.broken("a flush does not end, where all sinks work")
    const stats = yield* service.stats
    for (const { name, offered, stored } of world.attached) {
      const { dropped, inFlight, queued, retrying } = stats.lanes[name]!
      if (queued + inFlight + retrying > 0) world.broken(`"${name}" has more than was flushed`)
      if (stored.length + Ledger.total(dropped) < offered.length) {
        world.broken(`"${name}" has not stored what was flushed`)
      }
    }
  })
}

const close: Operation = (world) => {
  if (!world.numbers.once(8)) return Effect.void
  world.tell("close")
  return world.close()
}

/** What may happen, as often as it stands here. */
export const operations: ReadonlyArray<Operation> = [
  log,
  log,
  log,
  log,
  log,
  flood,
  setLevel,
  setLevel,
  setLevel,
  attach,
  attach,
  detach,
  replace,
  setLane,
  setLane,
  fault,
  fault,
  wait,
  wait,
  watch,
  watch,
  turnAway,
  turnAway,
  watchHealth,
  lookAtHealth,
  flush,
  flush,
  close
]
