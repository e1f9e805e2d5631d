import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Schema, Stream } from "effect"
import { Rpc, RpcGroup, RpcTest } from "effect/rpc"
import * as ErrorReports from "../src/ErrorReports.ts"
import { Logging, TestLogging, WideEvent } from "../src/index.ts"
import * as RpcLog from "../src/RpcLog.ts"
import { accesses } from "./support/access.ts"

class Taken extends Schema.TaggedError<Taken>()("Taken", { name: Schema.String }) {}

const Users = RpcGroup.make(
  Rpc.make("Rename", { payload: { name: Schema.String }, error: Taken }),
  Rpc.make("Rows", { success: Schema.Finite, stream: true }),
  Rpc.make("Promised", { success: Schema.String }),
  Rpc.make("Slow")
).middleware(RpcLog.RpcLog)

interface Gates {
  readonly started: Deferred.Deferred<void>
  readonly more: Deferred.Deferred<void>
  readonly promised: Deferred.Deferred<string>
}

const handlers = ({ more, promised, started }: Gates) =>
  Users.toLayer({
    Rename: ({ name }) => {
      if (name === "taken") return Effect.fail(new Taken({ name }))
      return name === "odd" ? Effect.die(new TypeError("undefined")) : WideEvent.add({ name })
    },
    Rows: () =>
      Stream.concat(
        Stream.make(1, 2),
        Stream.fromEffect(Effect.andThen(Deferred.await(more), Effect.as(WideEvent.count("rows", 3), 3)))
      ),
    Promised: () => Effect.succeed(promised),
    Slow: () => Effect.andThen(Deferred.succeed(started, undefined), Effect.never)
  })

const gates = Effect.all({
  started: Deferred.make<void>(),
  more: Deferred.make<void>(),
  promised: Deferred.make<string>()
})

const calling = (options: RpcLog.Options = {}) =>
  Effect.gen(function*() {
    const all = yield* gates
    const context = yield* Layer.build(Layer.merge(handlers(all), RpcLog.layer(options)))
    const client = yield* Effect.provideContext(RpcTest.makeClient(Users), context)
    return { client, ...all }
  })

const TestLive = Layer.provideMerge(ErrorReports.layer(), Logging.layerTest())

const told = Effect.map(accesses, (all) =>
  all.map(({ causes, level, said }) => [
    level,
    said["rpc.method"],
    said["event.outcome"],
    said["error.type"],
    causes.join("")
  ]))

describe("RpcLog.layer", () => {
  it.effect("makes one record of a call, and no other of its error where these are reported", () =>
    Effect.gen(function*() {
      const { client } = yield* calling()
      yield* client.Rename({ name: "Ada" })
      yield* Effect.exit(client.Rename({ name: "taken" }))
      yield* Effect.exit(client.Rename({ name: "odd" }))
      assert.deepStrictEqual(yield* told, [
        ["Info", "Rename", "success", undefined, ""],
        ["Warn", "Rename", "failure", "Taken", "Fail"],
        ["Error", "Rename", "defect", "TypeError", "Die"]
      ])
      const { records } = yield* TestLogging.TestLogging
      assert.strictEqual((yield* records).length, 3)
      const said = (yield* accesses)[0]?.said
      const id = said?.["rpc.request.id"]
      assert.match(String(id), /^\d+$/)
      assert.deepStrictEqual(said, {
        "event.name": "rpc.request",
        "event.outcome": "success",
        "rpc.system.name": "effect_rpc",
        "rpc.method": "Rename",
        "rpc.request.id": id,
        "rpc.client.id": 0,
        name: "Ada"
      })
    }).pipe(Effect.scoped, Effect.provide(TestLive)))

  it.effect("ends with the end of a stream, and of what was promised", () =>
    Effect.gen(function*() {
      const { client, more, promised } = yield* calling()
      const rows = yield* client.Rows().pipe(Stream.runCollect, Effect.forkChild({ startImmediately: true }))
      const later = yield* Effect.forkChild(client.Promised(), { startImmediately: true })
      yield* Effect.yieldNow
      assert.deepStrictEqual(yield* told, [])
      yield* Deferred.succeed(more, undefined)
      assert.deepStrictEqual([...yield* Fiber.join(rows)], [1, 2, 3])
      const [{ said } = { said: {} }] = yield* accesses
      assert.deepStrictEqual(Object.entries(said).filter(([name]) => name === "rows"), [["rows", 3]])
      yield* Deferred.succeed(promised, "kept")
      assert.strictEqual(yield* Fiber.join(later), "kept")
      assert.deepStrictEqual(yield* told, [
        ["Info", "Rows", "success", undefined, ""],
        ["Info", "Promised", "success", undefined, ""]
      ])
    }).pipe(Effect.scoped, Effect.provide(TestLive)))

  it.effect("has one record of a call whose client has gone", () =>
    Effect.gen(function*() {
      const { client, started } = yield* calling({ name: "call" })
      const slow = yield* Effect.forkChild(client.Slow(), { startImmediately: true })
      yield* Deferred.await(started)
      yield* Fiber.interrupt(slow)
      const { await: first } = yield* TestLogging.TestLogging
      yield* first("call")
      yield* Effect.yieldNow
      assert.deepStrictEqual(yield* told, [["Warn", "Slow", "interrupted", undefined, "Interrupt"]])
    }).pipe(Effect.scoped, Effect.provide(TestLive)))

  it.effect("has the level that it is told", () =>
    Effect.gen(function*() {
      const { client } = yield* calling({ level: ({ outcome }) => outcome === "success" ? "Debug" : "Fatal" })
      yield* client.Rename({ name: "Ada" })
      yield* Effect.exit(client.Rename({ name: "taken" }))
      assert.deepStrictEqual((yield* told).map(([level]) => level), ["Debug", "Fatal"])
    }).pipe(Effect.scoped, Effect.provide(Logging.layerTest({ minimumLevel: "Debug" }))))

  it("names an option that is wrong", () => {
    assert.throws(() => RpcLog.layer({ maxFields: -1 }), RangeError, /RpcLog\.layer.*maxFields/)
  })
})
