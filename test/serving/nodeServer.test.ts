import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Data, Deferred, Effect, Exit, Fiber, Layer, Scope, Stream } from "effect"
import { Headers, type HttpMiddleware, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import { connect, type Socket } from "node:net"
import { Readable } from "node:stream"
import { Logging, MemorySink } from "../../src/index.ts"
import { accesses } from "../support/access.ts"
import { asked, askedOften, left } from "../support/httpClient.ts"
import { listening, saidOf } from "../support/nodeServer.ts"

class Broken extends Data.TaggedError("Broken") {}

const bytes = (length: number) => new Uint8Array(length)

const well = {
  level: "Info",
  causes: [],
  status: 200,
  sent: undefined,
  bytes: 0,
  outcome: "success",
  errorType: undefined,
  received: 0
}

describe("access records of Node's server", () => {
  it.live("say what came and what went, by what the server knows of the connection", () =>
    Effect.gen(function*() {
      const read = HttpServerRequest.HttpServerRequest.pipe(
        Effect.flatMap((request) => Effect.orDie(request.text)),
        Effect.map((text) => HttpServerResponse.text(text.toUpperCase()))
      )
      const port = yield* listening({ read }, { trustedProxies: ["loopback"] })
      const answer = yield* asked(port, "/read", {
        method: "POST",
        body: ["ab", "cde"],
        headers: { "x-forwarded-for": "198.51.100.7", "user-agent": "test/1" }
      })
      assert.deepStrictEqual([answer.status, answer.text], [200, "ABCDE"])
      const [access, ...others] = yield* accesses
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(access?.said, {
        "event.name": "http.request",
        "event.outcome": "success",
        requestId: answer.headers["x-request-id"],
        "http.request.method": "POST",
        "url.path": "/read",
        "url.scheme": "http",
        "network.protocol.version": "1.1",
        "client.address": "198.51.100.7",
        "network.peer.address": "127.0.0.1",
        "server.address": "localhost",
        "user_agent.original": "test/1",
        "http.route": "/read",
        "http.response.status_code": 200,
        // It came in pieces without a length, and was counted.
        "http.request.body.size": 5,
        "http.response.body.size": 5
      })
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("say what a middleware has made of the head of a request, and the host of a whole target", () =>
    Effect.gen(function*() {
      const routes = { ok: Effect.succeed(HttpServerResponse.text("ok")) }
      const renaming: HttpMiddleware.HttpMiddleware = (app) =>
        Effect.updateService(
          app,
          HttpServerRequest.HttpServerRequest,
          (request) => request.modify({ headers: Headers.set(request.headers, "user-agent", "renamed/1") })
        )
      const port = yield* listening(routes)
      const renamed = yield* listening(routes, { middleware: renaming })
      const headers = { host: "shop.example", "user-agent": "test/1", "x-request-id": "abc-1" }
      yield* asked(port, "/ok", { headers })
      yield* asked(port, "http://other.example/ok", { headers })
      yield* asked(renamed, "/ok", { headers })
      const said = (yield* accesses).map(({ said }) => said)
      assert.deepStrictEqual(
        said.map((each) => [each["server.address"], each["user_agent.original"], each["requestId"]]),
        [["shop.example", "test/1", "abc-1"], ["other.example", "test/1", "abc-1"], [
          "shop.example",
          "renamed/1",
          "abc-1"
        ]]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("count what is sent of each kind of body, also where the connection is closed after it", () =>
    Effect.gen(function*() {
      const large = HttpServerResponse.uint8Array(bytes(2_000_000))
      const port = yield* listening({
        large: Effect.succeed(large),
        rows: Effect.succeed(HttpServerResponse.stream(Stream.make(bytes(10), bytes(32)))),
        file: Effect.sync(() => HttpServerResponse.raw(Readable.from([bytes(7)]), { contentLength: 7 })),
        none: Effect.succeed(HttpServerResponse.empty({ status: 304 }))
      })
      const headers = { connection: "close" }
      for (const path of ["/large", "/rows", "/file", "/none"]) yield* asked(port, path, { headers })
      yield* asked(port, "/large?head", { method: "HEAD", headers })
      assert.deepStrictEqual(
        (yield* accesses).map(({ level, said }) => [
          level,
          said["http.response.status_code"],
          said["http.response.body.size"]
        ]),
        [["Info", 200, 2_000_000], ["Info", 200, 42], ["Info", 200, 7], ["Info", 304, 0], ["Info", 200, 0]]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("are 499 for clients that leave: before an answer, in the middle of a stream, and where nothing stops a handler", () =>
    Effect.gen(function*() {
      const arrived = yield* Deferred.make<void>()
      const isLocked = yield* Deferred.make<void>()
      const isGone = yield* Deferred.make<void>()
      const port = yield* listening({
        slow: Effect.andThen(Deferred.succeed(arrived, undefined), Effect.never),
        rows: Effect.succeed(HttpServerResponse.stream(Stream.concat(Stream.make(bytes(10)), Stream.never))),
        large: Effect.succeed(HttpServerResponse.uint8Array(bytes(50_000_000))),
        locked: Effect.gen(function*() {
          const request = yield* HttpServerRequest.HttpServerRequest
          const { source } = request
          yield* Deferred.succeed(isLocked, undefined)
          if ("once" in source && typeof source.once === "function") {
            source.once("close", () => Deferred.doneUnsafe(isGone, Exit.void))
          }
          yield* Deferred.await(isGone)
          return HttpServerResponse.text("nobody")
        }).pipe(Effect.uninterruptible)
      })
      yield* left(port, "/slow", 0, Deferred.await(arrived))
      const gone = { level: "Warn", causes: [], outcome: "interrupted", status: 499, errorType: undefined, received: 0 }
      assert.deepStrictEqual(yield* saidOf("/slow"), { ...gone, sent: undefined, bytes: undefined })
      yield* left(port, "/rows", 10)
      assert.deepStrictEqual(yield* saidOf("/rows"), { ...gone, sent: 200, bytes: 10 })
      yield* left(port, "/large", 10)
      assert.deepStrictEqual(yield* saidOf("/large"), { ...gone, sent: 200, bytes: undefined })
      yield* left(port, "/locked", 0, Deferred.await(isLocked))
      assert.deepStrictEqual(yield* saidOf("/locked"), { ...gone, sent: undefined, bytes: undefined })
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live.each([true, false])(
    "say that a response has broken off, or could not be sent: without Effect's logger %s",
    (disableLogger) =>
      Effect.gen(function*() {
        const broken = Stream.concat(Stream.make(bytes(10)), Stream.fail(new Broken()))
        const port = yield* listening({
          broken: Effect.succeed(HttpServerResponse.stream(broken)),
          // No status that Node would send.
          status: Effect.succeed(HttpServerResponse.text("x", { status: 600 }))
        }, { disableLogger })
        assert.isTrue(Exit.isFailure(yield* Effect.exit(asked(port, "/broken"))))
        const failed = { ...well, level: "Error" }
        assert.deepStrictEqual(yield* saidOf("/broken"), {
          ...failed,
          causes: ["Fail"],
          bytes: 10,
          outcome: "failure",
          errorType: "Broken"
        })
        assert.strictEqual((yield* asked(port, "/status")).status, 500)
        // Beside that logger nobody is told why.
        const why = disableLogger
          ? { causes: ["Die"], outcome: "defect", errorType: "RangeError" }
          : { outcome: "failure", errorType: "500" }
        assert.deepStrictEqual(yield* saidOf("/status"), { ...failed, status: 500, bytes: 0, ...why })
      }).pipe(Effect.provide(Logging.layerTest()))
  )

  it.live.each([true, false])(
    "are one of an upgraded connection, at its end: without Effect's logger %s",
    (disableLogger) =>
      Effect.gen(function*() {
        const socket = HttpServerRequest.HttpServerRequest.pipe(
          Effect.flatMap(({ upgrade }) => Effect.orDie(upgrade)),
          Effect.flatMap(({ reader }) => Effect.orDie(reader)),
          // Until the client closes it.
          Effect.flatMap(({ pull }) => Effect.exit(Effect.forever(pull))),
          Effect.as(HttpServerResponse.empty())
        )
        const port = yield* listening({ socket }, { disableLogger })
        const client = new WebSocket(`ws://127.0.0.1:${port}/socket`)
        yield* Effect.callback<void>((resume) => {
          client.addEventListener("open", () => resume(Effect.void))
        })
        assert.deepStrictEqual(yield* accesses, [])
        client.close()
        assert.deepStrictEqual(yield* saidOf("/socket"), { ...well, status: 101 })
      }).pipe(Effect.provide(Logging.layerTest()))
  )

  it.live("are made of a request whose response cannot be begun, as of one that has none", () =>
    Effect.gen(function*() {
      const sockets = new Set<Socket>()
      const server = createServer().on("connection", (socket) => sockets.add(socket))
      const port = yield* listening({ ok: Effect.succeed(HttpServerResponse.text("ok")) }, { server: () => server })
      const client = connect(port, "127.0.0.1")
      // The response of the first has the socket still, so that another cannot be given it.
      client.write("GET /none HTTP/1.1\r\nhost: shop\r\n\r\n")
      client.write("GET /ok HTTP/1.1\r\nhost: shop\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")
      assert.deepStrictEqual(yield* saidOf("/ok"), {
        ...well,
        level: "Error",
        causes: ["Die"],
        status: undefined,
        bytes: undefined,
        outcome: "defect",
        errorType: "Error"
      })
      client.destroy()
      for (const socket of sockets) socket.destroy()
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("are made once of each request that a server is stopped in", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const arrived = yield* Deferred.make<void>()
      const port = yield* Scope.provide(
        listening({
          slow: Effect.andThen(Deferred.succeed(arrived, undefined), Effect.never),
          rows: Effect.succeed(HttpServerResponse.stream(Stream.concat(Stream.make(bytes(10)), Stream.never)))
        }),
        scope
      )
      const socket = connect(port, "127.0.0.1")
      socket.on("error", () => {})
      socket.write("GET /rows HTTP/1.1\r\nhost: shop\r\n\r\n")
      yield* Effect.callback<void>((resume) => {
        socket.once("data", () => resume(Effect.void))
      })
      const asking = yield* Effect.forkChild(Effect.exit(asked(port, "/slow")))
      yield* Deferred.await(arrived)
      yield* Scope.close(scope, Exit.void)
      const stopped = { ...well, level: "Error", outcome: "interrupted" }
      assert.deepStrictEqual(yield* saidOf("/slow"), { ...stopped, status: 503, errorType: "503" })
      assert.deepStrictEqual(yield* saidOf("/rows"), { ...stopped, bytes: 10, errorType: "response_broken_off" })
      assert.isTrue(Exit.isSuccess(yield* Fiber.join(asking)))
      socket.destroy()
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("are as many as requests: 10,000 over connections that are kept, and the books balance", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make({ capacity: 20_000 })
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(
        Logging.layer({ sinks: [memory], mergeWithExisting: false }).pipe(Layer.provide(NodeServices.layer)),
        scope
      )
      const report = yield* Effect.gen(function*() {
        const port = yield* listening({ "users/:id": Effect.succeed(HttpServerResponse.text("hello")) })
        const answers = yield* Effect.forEach(Array.from({ length: 20 }), () => askedOften(port, "/users/7", 100, 5), {
          concurrency: "unbounded"
        })
        const ids = new Set(answers.flatMap((text) => text.match(/(?<=^x-request-id: )\S+/gim)))
        assert.strictEqual(ids.size, 10_000)
        const service = yield* Logging.Logging
        yield* service.flush
        assert.deepStrictEqual(new Set(memory.records.map(({ annotations }) => annotations["requestId"])), ids)
        return yield* service.shutdown
      }).pipe(Effect.scoped, Effect.provideContext(context))
      assert.isTrue(report.balanced)
      assert.strictEqual(report.lanes["memory"]?.delivered, 10_000)
      yield* Scope.close(scope, Exit.void)
    }))
})
