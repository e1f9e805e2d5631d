import { assert, describe, it } from "@effect/vitest"
import {
  Context,
  Deferred,
  Effect,
  Fiber,
  Layer,
  ManagedRuntime,
  Option,
  References,
  Schedule,
  type Scope,
  Tracer
} from "effect"
import { AsyncLocalStorage } from "node:async_hooks"
import { Logging, LogSink } from "../../src/index.ts"

/** What a program knows of the request it serves, outside of Effect. */
const stores = new AsyncLocalStorage<string>()

/** What a request has in its context, and what a sink is to have. */
class Request extends Context.Service<Request, { readonly id: string }>()("test/Request") {}
class Destination extends Context.Service<Destination, { readonly name: string }>()("test/Destination") {}

const DestinationLive = Layer.succeed(Destination, { name: "watching" })

/** What of a request can be seen. */
const visible = Effect.gen(function*() {
  return {
    store: stores.getStore(),
    span: Option.isSome(yield* Effect.serviceOption(Tracer.ParentSpan)),
    annotations: Object.keys(yield* References.CurrentLogAnnotations),
    spans: (yield* References.CurrentLogSpans).length,
    tracer: yield* References.TracerEnabled,
    level: yield* References.MinimumLogLevel,
    request: Option.isSome(yield* Effect.serviceOption(Request))
  }
})
type Visible = Effect.Success<typeof visible>

const nothing: Visible = {
  store: undefined,
  span: false,
  annotations: [],
  spans: 0,
  tracer: false,
  level: "Info",
  request: false
}

/** An effect within a request that can be seen in every way there is. */
const requested = (id: string) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(
    Effect.annotateLogs({ id }),
    Effect.withLogSpan(id),
    Effect.withSpan(id),
    Effect.annotateSpans({ id }),
    Effect.provideService(References.MinimumLogLevel, "Trace"),
    Effect.provideService(Request, { id })
  )

/** Runs an effect in a request of its own. */
const serve = <A, E>(id: string, effect: Effect.Effect<A, E>): Effect.Effect<A> =>
  Effect.promise(() => stores.run(id, () => Effect.runPromise(requested(id)(effect))))

type Sight = readonly [where: string, visible: Visible]

/** A sink that looks around wherever its code runs. Its first write fails; so does its first acquisition, when told so. */
const watching = (options: { readonly isAway: boolean } = { isAway: false }) => {
  const seen: Array<Sight> = []
  const look = (where: string) => Effect.map(visible, (all) => void seen.push([where, all]))
  let acquisitions = 0
  let writes = 0
  const source: Effect.Effect<LogSink.LogSink, string, Destination | Scope.Scope> = Effect.gen(function*() {
    yield* look("acquired")
    yield* Effect.addFinalizer(() => look("released"))
    yield* Effect.forkScoped(look("forked"))
    yield* Effect.promise(() => Promise.resolve())
    const { name } = yield* Destination
    if (++acquisitions === 1 && options.isAway) return yield* Effect.fail("not yet")
    return LogSink.make({
      name,
      batchWindow: 10,
      retry: Schedule.spaced(1),
      write: () =>
        Effect.gen(function*() {
          yield* look("written")
          yield* Effect.sleep(1)
          yield* look("written later")
          if (++writes === 1 && !options.isAway) return yield* LogSink.unavailable("try again")
        }),
      close: look("closed")
    })
  })
  return { seen, source }
}

const places = ["acquired", "forked", "written", "written later", "closed", "released"]

/** Fails where something of a request was seen, or where a place was not looked at. */
const assertNothingSeen = (seen: ReadonlyArray<Sight>, mayHaveServices: ReadonlyArray<string>): void => {
  assert.deepStrictEqual([...new Set(seen.map(([where]) => where))].toSorted(), places.toSorted())
  for (const [where, visible] of seen) {
    const { request } = mayHaveServices.includes(where) ? visible : nothing
    assert.deepStrictEqual(visible, { ...nothing, request }, where)
  }
}

describe("a runtime that is built in a request", () => {
  it.live("shows nothing of it to a sink, nor of those that log, flush and shut down", () =>
    Effect.gen(function*() {
      const { seen, source } = watching()
      const reported: Array<string | undefined> = []
      const printed: Array<string | undefined> = []
      const runtime = ManagedRuntime.make(
        Logging.layer({
          sinks: [source],
          diagnostics: () => printed.push(stores.getStore()),
          onShutdown: () => Effect.sync(() => reported.push(stores.getStore()))
        }).pipe(Layer.provide(DestinationLive))
      )
      const use = <A, E>(id: string, effect: Effect.Effect<A, E, Logging.Logging>) =>
        Effect.promise(() => stores.run(id, () => runtime.runPromise(requested(id)(effect))))

      yield* use("first", Effect.logInfo("built"))
      yield* use("second", Effect.logInfo("logged"))
      const logging = yield* Effect.promise(() => runtime.runPromise(Logging.Logging))
      stores.run("third", () => logging.logger.info("logged outside of Effect"))
      yield* serve("fourth", logging.flush)
      yield* use("fifth", Effect.logInfo("logged again"))
      const report = yield* serve("sixth", logging.shutdown)
      yield* use("seventh", Effect.logInfo("logged too late, which is said"))
      yield* Effect.promise(() => stores.run("eighth", () => runtime.dispose()))

      assert.deepStrictEqual(report.lanes["watching"]?.delivered, 4)
      assertNothingSeen(seen, [])
      assert.deepStrictEqual(reported, [undefined])
      assert.deepStrictEqual(printed, [undefined, undefined])
    }))

  it.live("takes the services of the layer for its sinks to the acquisition, and no further", () =>
    Effect.gen(function*() {
      const { seen, source } = watching()
      const program = Effect.gen(function*() {
        yield* Effect.logInfo("logged")
        return yield* (yield* Logging.Logging).flush
      })
      const LoggingLive = Logging.layer({ sinks: [source], diagnostics() {} }).pipe(Layer.provide(DestinationLive))
      yield* serve("first", Effect.provide(program, LoggingLive))
      assertNothingSeen(seen, ["acquired", "forked", "released"])
    }))

  it.live("acquires a sink later as it does at first", () =>
    Effect.gen(function*() {
      const { seen, source } = watching({ isAway: true })
      const runtime = ManagedRuntime.make(
        Logging.layer({ sinks: [source], diagnostics() {} }).pipe(Layer.provide(DestinationLive))
      )
      const use = <A, E>(id: string, effect: Effect.Effect<A, E, Logging.Logging>) =>
        Effect.promise(() => stores.run(id, () => runtime.runPromise(requested(id)(effect))))
      yield* use("first", Effect.logInfo("built"))
      yield* use("second", Effect.flatMap(Logging.Logging, ({ flush }) => flush))
      yield* Effect.promise(() => stores.run("third", () => runtime.dispose()))
      assert.strictEqual(seen.filter(([where]) => where === "acquired").length, 2)
      assertNothingSeen(seen, [])
    }))

  it.live("is interrupted with it, and waits until what it has acquired is released", () =>
    Effect.gen(function*() {
      const events: Array<string> = []
      const acquiring = yield* Deferred.make<void>()
      const source = Effect.gen(function*() {
        yield* Effect.addFinalizer(() => Effect.sync(() => void events.push("released")))
        yield* Deferred.succeed(acquiring, undefined)
        return yield* Effect.never
      })
      const building = Effect.scoped(Logging.make({ sinks: [source] }))
      const ended = Effect.sync(() => void events.push("ended"))
      const fiber = stores.run("first", () => Effect.runFork(Effect.ensuring(building, ended)))
      yield* Deferred.await(acquiring)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(events, ["released", "ended"])
    }))
})

describe("a lane without a queue", () => {
  it.live("writes in the log call, where the request can be seen", () =>
    Effect.gen(function*() {
      const written: Array<string | undefined> = []
      const sink = LogSink.make({
        name: "sync",
        write: () => Effect.void,
        writeSync: () => void written.push(stores.getStore())
      })
      const runtime = ManagedRuntime.make(Logging.layer({ sinks: [sink], queue: false }))
      yield* Effect.promise(() => stores.run("first", () => runtime.runPromise(Effect.logInfo("built"))))
      yield* Effect.promise(() => stores.run("second", () => runtime.runPromise(Effect.logInfo("logged"))))
      yield* Effect.promise(() => runtime.dispose())
      assert.deepStrictEqual(written, ["first", "second"])
    }))
})
