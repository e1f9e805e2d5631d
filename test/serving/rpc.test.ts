import { NodeHttpClient, NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Exit, Fiber, Layer, Schema, Scope, Stream } from "effect"
import { HttpClient, HttpClientRequest, HttpRouter, HttpServer } from "effect/http"
import { Rpc, RpcClient, RpcGroup, RpcSerialization, RpcServer } from "effect/rpc"
import { createServer } from "node:http"
import * as AccessLog from "../../src/AccessLog.ts"
import { Logging, type LogRecord, LogSink, WideEvent } from "../../src/index.ts"
import * as RpcLog from "../../src/RpcLog.ts"

class Taken extends Schema.TaggedError<Taken>()("Taken", { name: Schema.String }) {}

const Users = RpcGroup.make(
  Rpc.make("Rename", { payload: { name: Schema.String }, error: Taken }),
  Rpc.make("Rows", { success: Schema.Finite, stream: true }),
  Rpc.make("Slow")
).middleware(RpcLog.RpcLog)

const serializations = { json: RpcSerialization.layerJson, ndjson: RpcSerialization.layerNdjson }

/** A server of RPCs over HTTP with a record of each request and of each call, and a client that says ids of its own. */
const serving = (serialization: keyof typeof serializations) =>
  Effect.gen(function*() {
    const started = yield* Deferred.make<void>()
    const handlers = Users.toLayer({
      Rename: ({ name }) => {
        if (name === "taken") return Effect.fail(new Taken({ name }))
        if (name === "odd") return Effect.die(new TypeError("undefined"))
        return Effect.andThen(Effect.logInfo("renamed"), WideEvent.add({ name }))
      },
      Rows: () => Stream.make(1, 2, 3),
      Slow: () => Effect.andThen(Deferred.succeed(started, undefined), Effect.never)
    })
    const serialized = serializations[serialization]
    const server = yield* Layer.build(
      HttpRouter.serve(
        Layer.mergeAll(
          RpcServer.layerHttp({ group: Users, path: "/rpc", protocol: "http" }).pipe(
            Layer.provide([handlers, RpcLog.layer(), serialized])
          ),
          AccessLog.layer()
        ),
        { disableListenLog: true }
      ).pipe(
        Layer.provideMerge(NodeHttpServer.layerServer(() => createServer(), {
          port: 0,
          host: "127.0.0.1",
          gracefulShutdownTimeout: 0
        }))
      )
    )
    const { address } = Context.get(server, HttpServer.HttpServer)
    const port = address._tag === "UnixPathAddress" ? 0 : address.port
    let asked = 0
    const protocol = yield* Layer.build(
      RpcClient.layerProtocolHttp({
        url: `http://127.0.0.1:${port}/rpc`,
        transformClient: HttpClient.mapRequest((request) =>
          HttpClientRequest.setHeader(request, "x-request-id", `r-${asked++}`)
        )
      }).pipe(Layer.provide([NodeHttpClient.layerNodeHttp, serialized]))
    )
    const client = yield* Effect.provideContext(RpcClient.make(Users), protocol)
    return { client, started }
  })

const said = ({ annotations, level, message, traceId }: LogRecord.LogRecord, traces: ReadonlyArray<unknown>) => [
  annotations["requestId"],
  level,
  message,
  annotations["rpc.method"] ?? annotations["http.response.status_code"],
  annotations["event.outcome"],
  annotations["error.type"],
  traces.indexOf(traceId)
]

describe.each(["json", "ndjson"] as const)("calls of RPCs over HTTP, as %s", (serialization) => {
  it.live("are one record each, and one of each request, of one request id and one trace", () =>
    Effect.gen(function*() {
      const records: Array<LogRecord.LogRecord> = []
      const reports: Array<Logging.ShutdownReport> = []
      const isOver = yield* Deferred.make<void>()
      const sink = LogSink.make({
        name: "records",
        batchWindow: 0,
        write: (batch) =>
          Effect.suspend(() => {
            records.push(...batch)
            const requests = records.filter(({ message }) => message === "http.request")
            return requests.length < 5 ? Effect.void : Deferred.succeed(isOver, undefined)
          })
      })
      const log = yield* Scope.make()
      const context = yield* Logging.make({
        sinks: [sink],
        onShutdown: (report) => Effect.sync(() => reports.push(report))
      }).pipe(Scope.provide(log))
      yield* Effect.gen(function*() {
        const { client, started } = yield* serving(serialization)
        yield* client.Rename({ name: "Ada" })
        yield* Effect.exit(client.Rename({ name: "taken" }))
        yield* Effect.exit(client.Rename({ name: "odd" }))
        assert.deepStrictEqual([...yield* Stream.runCollect(client.Rows())], [1, 2, 3])
        const slow = yield* Effect.forkChild(client.Slow())
        yield* Deferred.await(started)
        yield* Fiber.interrupt(slow)
        yield* Deferred.await(isOver)
      }).pipe(Effect.scoped, Effect.provideContext(context))
      yield* Scope.close(log, Exit.void)
      const traces = [...new Set(records.map(({ traceId }) => traceId))]
      const told = records.map((record) => said(record, traces))
      // What a client has before the record of its request is made, it may ask the next for.
      const inOrder = told.toSorted((one, other) => String(one[0]).localeCompare(String(other[0])))
      assert.deepStrictEqual(inOrder, [
        ["r-0", "Info", "renamed", undefined, undefined, undefined, 0],
        ["r-0", "Info", "rpc.request", "Rename", "success", undefined, 0],
        ["r-0", "Info", "http.request", 200, "success", undefined, 0],
        ["r-1", "Warn", "rpc.request", "Rename", "failure", "Taken", 1],
        ["r-1", "Info", "http.request", 200, "success", undefined, 1],
        ["r-2", "Error", "rpc.request", "Rename", "defect", "TypeError", 2],
        ["r-2", "Info", "http.request", 200, "success", undefined, 2],
        ["r-3", "Info", "rpc.request", "Rows", "success", undefined, 3],
        ["r-3", "Info", "http.request", 200, "success", undefined, 3],
        ["r-4", "Warn", "rpc.request", "Slow", "interrupted", undefined, 4],
        ["r-4", "Warn", "http.request", 499, "interrupted", undefined, 4]
      ])
      assert.strictEqual(records[1]?.annotations["name"], "Ada")
      const [report] = reports
      assert.isTrue(report?.balanced)
      assert.deepInclude(report?.lanes["records"], { accepted: 11, delivered: 11 })
    }))
})
