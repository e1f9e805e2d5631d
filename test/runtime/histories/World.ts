import { Deferred, Effect, type Exit, type Fiber, Queue, References, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { type Ledger, Logging } from "../../../src/index.ts"
import { lowerCase } from "../../../src/record/level.ts"
import { makeRuntime, type RuntimeUnderTest } from "../../support/runtime.ts"
import type { HealthWatcherModel } from "./healthWatchers.ts"
import { LaneModel, sieves } from "./lanes.ts"
import { type Bound, type Call, LevelsModel } from "./levels.ts"
import type { Numbers } from "./numbers.ts"
import type { WatcherModel } from "./watchers.ts"

/** Log calls, made one after the other by somebody. */
type Work = { readonly logging: Effect.Effect<void>; readonly done: Deferred.Deferred<void> }

/** Some fibers get on, and some do not. */
export const turns = Effect.forEach([1, 2, 3, 4, 5], () => Effect.yieldNow, { discard: true })

export const fork = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.forkChild(Effect.exit(effect), { startImmediately: true })

/** A runtime in a history, beside what a plain model says of it. */
export class World {
  readonly numbers: Numbers
  readonly runtime: RuntimeUnderTest
  readonly lanes: Array<LaneModel>
  readonly levels: LevelsModel
  readonly watchers: Array<WatcherModel> = []
  readonly healthWatchers: Array<HealthWatcherModel> = []
  readonly pending: Array<Fiber.Fiber<Exit.Exit<unknown, unknown>>> = []
  /** What has happened, for who reads of a failure, and what was not as the model says. */
  readonly told: Array<string> = []
  readonly violations: Array<string>
  readonly expected = { accepted: 0, filtered: 0 }
  isAttaching = false
  closing: Fiber.Fiber<Exit.Exit<unknown, unknown>> | undefined = undefined
  private next = 0
  private readonly fibers: ReadonlyMap<Bound, Queue.Queue<Work>>

  private constructor(
    parts: Pick<World, "numbers" | "runtime" | "lanes" | "levels" | "violations">,
    fibers: World["fibers"]
  ) {
    this.numbers = parts.numbers
    this.runtime = parts.runtime
    this.lanes = parts.lanes
    this.levels = parts.levels
    this.violations = parts.violations
    this.fibers = fibers
  }

  static make(numbers: Numbers): Effect.Effect<World, never, Scope.Scope> {
    return Effect.gen(function*() {
      const { oneOf, once } = numbers
      const violations: Array<string> = []
      const first = new LaneModel(numbers, (what) => violations.push(what))
      const minimumLevel = oneOf<Bound>(["Debug", "Info", "Info", "Warn"])
      const lowestLevel = oneOf<Bound | undefined>([undefined, "Trace", "Debug"])
      const scopes = once(3) ? { "a.*": oneOf<Bound>(["Debug", "Error"]) } : {}
      const runtime = yield* makeRuntime({ sinks: [first.sink()], queue: !once(8), minimumLevel, lowestLevel, scopes })
      first.detach = runtime.service.detach(first.name)
      const fibers = new Map<Bound, Queue.Queue<Work>>()
      for (const minimum of regions) fibers.set(minimum, yield* runtime.run(logger(minimum)))
      const levels = new LevelsModel(minimumLevel, lowestLevel, scopes)
      return new World({ numbers, runtime, lanes: [first], levels, violations }, fibers)
    })
  }

  readonly broken = (what: string): void => {
    this.violations.push(what)
  }

  tell(what: string): void {
    this.told.push(what)
  }

  get attached(): ReadonlyArray<LaneModel> {
    return this.lanes.filter(({ isAttached }) => isAttached)
  }

  /** The names that health is to show. A lane that comes just now is there before who attaches it hears of it. */
  readonly names = (stats: Ledger.Stats): ReadonlyArray<string> => {
    const known = new Set(this.lanes.map(({ name }) => name))
    const coming = this.isAttaching ? Object.keys(stats.lanes).filter((name) => !known.has(name)) : []
    return [...this.attached.map(({ name }) => name), ...coming]
  }

  /** Makes log calls, one after the other. */
  log(calls: ReadonlyArray<Call>): Effect.Effect<void> {
    const { runtime } = this
    const logging = Effect.forEach(calls, (call) => this.logOne(call), { discard: true })
    const [first] = calls
    if (typeof first?.by !== "object") {
      return runtime.run(Effect.provideService(logging, References.PreventSchedulerYield, true))
    }
    const fiber = this.fibers.get(first.by.minimum)
    if (fiber === undefined) return Effect.die(`no fiber logs from ${first.by.minimum} on`)
    return Effect.gen(function*() {
      const done = yield* Deferred.make<void>()
      yield* Queue.offer(fiber, { logging, done })
      yield* Deferred.await(done)
    })
  }

  pass(millis: number): Effect.Effect<void> {
    return Effect.andThen(
      TestClock.adjust(millis),
      Effect.andThen(turns, Effect.sync(() => this.levels.pass(millis)))
    )
  }

  close(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      if (this.closing !== undefined) return
      this.closing = yield* fork(this.runtime.close())
      for (const watcher of this.watchers) watcher.end()
    })
  }

  private logOne(call: Call): Effect.Effect<void> {
    const { runtime: { service: { logger } } } = this
    const { by, level, scope } = call
    return Effect.suspend(() => {
      const n = this.next++
      // The shortest way through capture is that of texts.
      const message = n % 3 === 0 ? n : String(n)
      this.expect(n, call)
      if (by === "direct") {
        const direct = scope === undefined ? logger : logger.scope(scope)
        direct[lowerCase[level]](message)
        return Effect.void
      }
      const logged = Effect.logWithLevel(level)(message)
      return scope === undefined ? logged : Logging.scope(scope)(logged)
    })
  }

  /** What becomes of a log call. */
  private expect(n: number, call: Call): void {
    if (this.closing !== undefined) return
    const lanes = this.levels.judge(call, this.attached)
    if (lanes === undefined) return
    const taking = lanes.filter(({ sieve }) => sieves(sieve, n))
    for (const lane of taking) lane.offered.push(n)
    this.expected[taking.length > 0 ? "accepted" : "filtered"]++
    for (const watcher of this.watchers) watcher.offer(n, call)
  }
}

/** The levels that fibers have for themselves. */
export const regions: ReadonlyArray<Bound> = ["All", "Debug", "Error"]

/** A fiber with a level of its own, which runs for as long as the history and logs what it is told to. */
const logger = (minimum: Bound): Effect.Effect<Queue.Queue<Work>, never, Scope.Scope> =>
  Effect.gen(function*() {
    const asked = yield* Queue.unbounded<Work>()
    const one = Effect.flatMap(Queue.take(asked), ({ done, logging }) =>
      Effect.andThen(logging, Deferred.succeed(done, undefined)))
    yield* Effect.forever(one).pipe(
      Effect.provideService(References.MinimumLogLevel, minimum),
      Effect.provideService(References.PreventSchedulerYield, true),
      Effect.forkScoped
    )
    return asked
  })
