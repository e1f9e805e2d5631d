import { assert, describe, it } from "@effect/vitest"
import { Data, Deferred, Effect, ErrorReporter, Fiber, Layer, Schema, Stream, Tracer } from "effect"
import { HttpMiddleware, HttpRouter, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiError, HttpApiGroup } from "effect/http-api"
import { TestClock } from "effect/testing"
import * as AccessLog from "../src/AccessLog.ts"
import { Logging, TestLogging, WideEvent } from "../src/index.ts"
import { accesses, served, servedBy, whole } from "./support/access.ts"

class Refused extends Data.TaggedError("Refused")<{ readonly why: string }> {}

const get = <E>(path: HttpRouter.PathInput, handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E>) =>
  HttpRouter.add("GET", path, handler)

const text = HttpServerResponse.text("hello")

/** What a record says, without what is the same of all requests of these tests. */
const own = (said: Readonly<Record<string, unknown>>): unknown => {
  const { "event.name": _name, "http.request.body.size": _size, requestId: _id, "url.scheme": _scheme, ...rest } = said
  return rest
}

const answered = (path: string, status: number, more: object = {}) => ({
  "event.outcome": status < 400 ? "success" : "failure",
  "http.request.method": "GET",
  "http.response.body.size": 0,
  "http.response.status_code": status,
  "http.route": path,
  "url.path": path,
  ...more
})

describe("AccessLog.layer", () => {
  it.effect("makes one record of a request: what was asked for, what was answered, and what the handler added", () =>
    Effect.gen(function*() {
      const ask = yield* served(HttpRouter.add(
        "POST",
        "/users/:id",
        WideEvent.add({ "user.tier": "gold" }).pipe(
          Effect.andThen(Effect.logInfo("looked up")),
          Effect.delay("2 seconds"),
          Effect.as(text)
        )
      ))
      const asking = yield* Effect.forkChild(
        Effect.promise(() =>
          ask("/users/7?token=s3cr3t", {
            method: "POST",
            body: "abc",
            headers: { "content-length": "3", "user-agent": "curl/8", host: "shop.example:8080" }
          })
        ),
        { startImmediately: true }
      )
      yield* TestClock.adjust("2 seconds")
      const response = yield* Fiber.join(asking)
      const id = response.headers.get("x-request-id")
      assert.match(String(id), /^[\w-]{16}$/)
      const [access, ...others] = yield* accesses
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(access, {
        level: "Info",
        took: 2000,
        causes: [],
        said: {
          "event.name": "http.request",
          "event.outcome": "success",
          "event.lines.info": 1,
          requestId: id,
          "http.request.method": "POST",
          "url.path": "/users/7",
          "url.scheme": "http",
          "server.address": "shop.example",
          "user_agent.original": "curl/8",
          "http.route": "/users/:id",
          "http.response.status_code": 200,
          "http.request.body.size": 3,
          "http.response.body.size": 5,
          "user.tier": "gold"
        }
      })
      const { records } = yield* TestLogging.TestLogging
      const line = (yield* records).find(({ message }) => message === "looked up")
      assert.strictEqual(line?.annotations["requestId"], id)
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("takes over a request id that is one, under the header that it is told", () =>
    Effect.gen(function*() {
      const ask = yield* served(get("/", Effect.succeed(text)), {
        requestIdHeader: "X-Trace",
        makeRequestId: () => "made"
      })
      const given = yield* Effect.promise(() => ask("/", { headers: { "x-trace": "abc-1" } }))
      const wrong = yield* Effect.promise(() => ask("/", { headers: { "x-trace": "a b" } }))
      assert.deepStrictEqual([given, wrong].map(({ headers }) => headers.get("x-trace")), ["abc-1", "made"])
      assert.deepStrictEqual((yield* accesses).map(({ said }) => said["requestId"]), ["abc-1", "made"])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("says of errors which, with their cause, by the status that is answered", () =>
    Effect.gen(function*() {
      const ask = yield* served(Layer.mergeAll(
        get("/defect", Effect.die(new TypeError("undefined"))),
        get("/failure", Effect.fail(new Refused({ why: "limit" }))),
        get("/plain", Effect.succeed(HttpServerResponse.empty({ status: 503 }))),
        get("/moved", Effect.die(HttpServerResponse.empty({ status: 302 }))),
        get("/gone", Effect.succeed(HttpServerResponse.empty({ status: 410 })))
      ))
      const paths = ["/defect", "/failure", "/plain", "/moved", "/gone", "/nowhere"]
      const responses = yield* Effect.forEach(paths, (path) => Effect.promise(() => ask(path)))
      assert.deepStrictEqual(responses.map(({ status }) => status), [500, 500, 503, 302, 410, 404])
      const all = yield* accesses
      assert.deepStrictEqual(all.map(({ said }) => own(said)), [
        answered("/defect", 500, { "error.type": "TypeError", "event.outcome": "defect" }),
        answered("/failure", 500, { "error.type": "Refused" }),
        answered("/plain", 503, { "error.type": "503" }),
        answered("/moved", 302),
        answered("/gone", 410),
        {
          "error.type": "RouteNotFound",
          "event.outcome": "failure",
          "http.request.method": "GET",
          "http.response.body.size": 0,
          "http.response.status_code": 404,
          "url.path": "/nowhere"
        }
      ])
      assert.deepStrictEqual(
        all.map(({ causes, level }) => [level, causes.join("")]),
        [["Error", "Die"], ["Error", "Fail"], ["Error", ""], ["Info", ""], ["Warn", ""], ["Warn", ""]]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("says of the errors of an HttpApi their status and their tag", () =>
    Effect.gen(function*() {
      const ask = yield* served(api)
      const paths = ["/shop/orders/1", "/shop/orders/2", "/shop/orders/3", "/shop/orders/x", "/shop/orders/4"]
      const responses = yield* Effect.forEach(paths, (path) => Effect.promise(() => ask(path)))
      assert.deepStrictEqual(responses.map(({ status }) => status), [404, 409, 503, 400, 200])
      const route = "/shop/orders/:id"
      assert.deepStrictEqual(
        (yield* accesses).map(({ causes, level, said }) => [
          level,
          said["http.response.status_code"],
          said["error.type"],
          said["http.route"],
          said["event.outcome"],
          causes,
          said["order"]
        ]),
        [
          ["Warn", 404, "NotFound", route, "failure", [], undefined],
          ["Warn", 409, "Sold", route, "failure", ["Fail"], 2],
          ["Fatal", 503, "Closed", route, "failure", ["Fail"], undefined],
          ["Warn", 400, "HttpApiSchemaError", route, "failure", [], undefined],
          ["Info", 200, undefined, route, "success", [], undefined]
        ]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("tells a timeout from other failures", () =>
    Effect.gen(function*() {
      const ask = yield* served(get("/slow", Effect.timeout(Effect.never, "3 seconds")))
      const asking = yield* Effect.forkChild(Effect.promise(() => ask("/slow")), { startImmediately: true })
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* Fiber.join(asking)).status, 500)
      const [access] = yield* accesses
      assert.deepStrictEqual([access?.level, access?.took, own(access?.said ?? {})], [
        "Error",
        3000,
        answered("/slow", 500, { "error.type": "TimeoutError", "event.outcome": "timeout" })
      ])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("counts the bytes that were sent, of which HEAD, 204 and 304 have none", () =>
    Effect.gen(function*() {
      const withLength = (status: number) =>
        HttpServerResponse.setStatus(HttpServerResponse.uint8Array(new Uint8Array(9)), status)
      const ask = yield* served(Layer.mergeAll(
        get("/bytes", Effect.succeed(withLength(200))),
        get("/none", Effect.succeed(withLength(204))),
        get("/same", Effect.succeed(withLength(304))),
        get("/raw", Effect.succeed(HttpServerResponse.raw("raw", { contentLength: 3 }))),
        get("/form", Effect.succeed(HttpServerResponse.formData(new FormData())))
      ))
      const asked = ["/bytes", "/none", "/same", "/raw", "/form"].map((path) => [path, "GET"] as const)
      for (const [path, method] of [...asked, ["/bytes", "HEAD"]] as const) {
        yield* whole(yield* Effect.promise(() => ask(path, { method })))
      }
      assert.deepStrictEqual(
        (yield* accesses).map(({ said }) => [
          said["http.request.method"],
          said["http.response.status_code"],
          said["http.response.body.size"]
        ]),
        [["GET", 200, 9], ["GET", 204, 0], ["GET", 304, 0], ["GET", 200, 3], ["GET", 200, undefined], ["HEAD", 200, 0]]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("ends with the last byte of a stream, and has what is added in it", () =>
    Effect.gen(function*() {
      const more = yield* Deferred.make<void>()
      const body = Stream.make(new Uint8Array(10)).pipe(
        Stream.concat(Stream.fromEffect(
          Deferred.await(more).pipe(
            Effect.andThen(WideEvent.count("rows", 2)),
            Effect.andThen(Effect.logInfo("rows")),
            Effect.as(new Uint8Array(32))
          )
        ))
      )
      const ask = yield* served(get("/rows", Effect.succeed(HttpServerResponse.stream(body))))
      const response = yield* Effect.promise(() => ask("/rows"))
      const reader = response.body!.getReader()
      const first = yield* Effect.promise(() => reader.read())
      assert.strictEqual(first.value?.length, 10)
      assert.deepStrictEqual(yield* accesses, [])
      yield* Deferred.succeed(more, undefined)
      yield* Effect.promise(() => reader.read())
      yield* Effect.promise(() => reader.read())
      const [access] = yield* accesses
      assert.deepStrictEqual(
        own(access?.said ?? {}),
        answered("/rows", 200, { "http.response.body.size": 42, rows: 2, "event.lines.info": 1 })
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("says of a stream that fails how much of it was sent, and why", () =>
    Effect.gen(function*() {
      const body = Stream.concat(Stream.make(new Uint8Array(10)), Stream.fail(new Refused({ why: "disk" })))
      const ask = yield* served(get("/rows", Effect.succeed(HttpServerResponse.stream(body))))
      const response = yield* Effect.promise(() => ask("/rows"))
      yield* Effect.exit(Effect.tryPromise(() => response.text()))
      const [access, ...others] = yield* accesses
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual([access?.level, access?.causes, own(access?.said ?? {})], [
        "Error",
        ["Fail"],
        answered("/rows", 200, {
          "event.outcome": "failure",
          "error.type": "Refused",
          "http.response.body.size": 10
        })
      ])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect.each(["signal", "cancel"] as const)(
    "is 499 for a client that leaves in the middle of a stream: %s",
    (how) =>
      Effect.gen(function*() {
        const body = Stream.concat(Stream.make(new Uint8Array(10)), Stream.never)
        const ask = yield* served(get("/rows", Effect.succeed(HttpServerResponse.stream(body))))
        const leaving = new AbortController()
        const response = yield* Effect.promise(() => ask("/rows", { signal: leaving.signal }))
        const reader = response.body!.getReader()
        yield* Effect.promise(() => reader.read())
        if (how === "signal") leaving.abort()
        else yield* Effect.promise(() => reader.cancel())
        const [access] = yield* accesses
        assert.deepStrictEqual([access?.level, access?.causes, own(access?.said ?? {})], [
          "Warn",
          [],
          answered("/rows", 499, {
            "event.outcome": "interrupted",
            "http.response.status_code_sent": 200,
            "http.response.body.size": 10
          })
        ])
      }).pipe(Effect.provide(Logging.layerTest()))
  )

  it.effect("is 499 for a client that leaves before it has an answer", () =>
    Effect.gen(function*() {
      const leaving = new AbortController()
      const started = yield* Deferred.make<void>()
      const ask = yield* served(get("/slow", Effect.andThen(Deferred.succeed(started, undefined), Effect.never)))
      const asking = ask("/slow", { signal: leaving.signal })
      yield* Deferred.await(started)
      leaving.abort()
      yield* Effect.promise(() => asking)
      const [access, ...others] = yield* accesses
      assert.deepStrictEqual(others, [])
      const { "http.response.body.size": _, ...left } = answered("/slow", 499, { "event.outcome": "interrupted" })
      assert.deepStrictEqual([access?.level, access?.causes, own(access?.said ?? {})], ["Warn", [], left])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("leaves out health routes that go well, or has one of so many", () =>
    Effect.gen(function*() {
      const app = Layer.mergeAll(get("/healthz", Effect.succeed(text)), get("/health/db", Effect.die("down")))
      const none = yield* served(app, { health: { paths: ["/healthz", "/health/*"] } })
      yield* Effect.forEach(["/healthz", "/healthz", "/health/db"], (path) => Effect.promise(() => none(path)))
      assert.deepStrictEqual((yield* accesses).map(({ said }) => said["url.path"]), ["/health/db"])
      const some = yield* served(app, { health: { paths: ["/healthz"], every: 3 }, name: "sampled" })
      yield* Effect.forEach(Array.from({ length: 6 }), () => Effect.promise(() => some("/healthz")))
      assert.strictEqual((yield* accesses).filter(({ said }) => said["event.name"] === "sampled").length, 2)
      const { capture } = yield* (yield* Logging.Logging).stats
      assert.strictEqual(capture.filtered, 6)
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("has the level that it is told, and the lines that it is told to keep", () =>
    Effect.gen(function*() {
      const ask = yield* served(get("/", Effect.as(Effect.logInfo("inside"), text)), {
        level: ({ route, status }) => route === "/" && status === 200 ? "Debug" : "Error",
        keepLines: 3
      })
      yield* Effect.promise(() => ask("/"))
      const [access] = yield* accesses
      assert.strictEqual(access?.level, "Debug")
      assert.deepStrictEqual(access?.said["event.log"], [{ at_ms: 0, level: "Info", message: "inside" }])
    }).pipe(Effect.provide(Logging.layerTest({ minimumLevel: "Debug" }))))

  it.effect("knows the route where middlewares change what handlers see, and sees what they answer", () =>
    Effect.gen(function*() {
      const ask = yield* served(
        Layer.mergeAll(
          get("/users/:id", Effect.succeed(text)),
          HttpRouter.middleware(Effect.annotateLogs("a", 1), { global: true }),
          HttpRouter.middleware(HttpMiddleware.cors(), { global: true })
        )
      )
      yield* Effect.promise(() => ask("/users/7"))
      yield* Effect.promise(() => ask("/users/7", { method: "OPTIONS" }))
      assert.deepStrictEqual(
        (yield* accesses).map(({ said }) => [said["http.route"], said["http.response.status_code"]]),
        [["/users/:id", 200], [undefined, 204]]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("knows the route where it is merged to the routes", () =>
    Effect.gen(function*() {
      const handler = yield* HttpRouter.toHttpEffect(
        Layer.merge(get("/users/:id", Effect.succeed(text)), AccessLog.layer())
      )
      yield* handler.pipe(
        Effect.provideService(
          HttpServerRequest.HttpServerRequest,
          HttpServerRequest.fromWeb(new Request("http://shop.example/users/7"))
        ),
        Effect.scoped
      )
      const [access] = yield* accesses
      assert.deepStrictEqual([access?.said["http.route"], access?.said["url.path"]], ["/users/:id", "/users/7"])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("says the trace of the server's span, and that of the client where the server has none", () =>
    Effect.gen(function*() {
      const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      const ask = yield* served(get("/", Effect.succeed(text)))
      yield* Effect.promise(() => ask("/", { headers: { traceparent } }))
      const spans: Array<Tracer.NativeSpan> = []
      const tracer = Tracer.make({
        span(options) {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      const traced = yield* Effect.provideService(served(get("/", Effect.succeed(text))), Tracer.Tracer, tracer)
      yield* Effect.promise(() => traced("/", { headers: { traceparent } }))
      const { records } = yield* TestLogging.TestLogging
      const [server] = spans
      assert.strictEqual(server?.kind, "server")
      assert.deepStrictEqual((yield* records).map(({ spanId, traceId }) => [traceId, spanId]), [
        ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"],
        ["0af7651916cd43dd8448eb211c80319c", server?.spanId]
      ])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("has one record of what the runtime does not wait for", () =>
    Effect.gen(function*() {
      const started = yield* Deferred.make<void>()
      const { records } = yield* TestLogging.TestLogging
      const ask = yield* served(get("/slow", Effect.andThen(Deferred.succeed(started, undefined), Effect.never)))
      const leaving = new AbortController()
      const asking = ask("/slow", { signal: leaving.signal })
      yield* Deferred.await(started)
      yield* (yield* Logging.Logging).shutdown
      leaving.abort()
      yield* Effect.promise(() => asking)
      const [record, ...others] = yield* records
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(
        [record?.level, record?.annotations["event.outcome"], record?.annotations["http.route"]],
        ["Error", "shutdown", "/slow"]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it("names an option that is wrong", () => {
    assert.throws(
      () => AccessLog.layer({ health: { paths: ["healthz"] } }),
      RangeError,
      /AccessLog\.layer.*health\.paths/
    )
    assert.throws(() => AccessLog.layer({ name: " " }), RangeError, /AccessLog\.layer.*name/)
    assert.throws(() => AccessLog.middleware({ keepLines: -1 }), RangeError, /AccessLog\.middleware.*keepLines/)
  })
})

describe("AccessLog.middleware", () => {
  it.effect("makes the only record where Effect's own logger of requests is on", () =>
    Effect.gen(function*() {
      const app = Layer.mergeAll(
        get("/bytes", Effect.succeed(HttpServerResponse.uint8Array(new Uint8Array(9)))),
        get("/rows", Effect.succeed(HttpServerResponse.stream(Stream.make(new Uint8Array(10), new Uint8Array(32))))),
        get("/failure", Effect.fail(new Refused({ why: "limit" })))
      )
      const ask = yield* servedBy(app)
      for (const path of ["/bytes", "/rows", "/failure", "/nowhere"]) {
        const response = yield* Effect.promise(() => ask(path))
        assert.match(String(response.headers.get("x-request-id")), /^[\w-]{16}$/)
        yield* whole(response)
      }
      const { records } = yield* TestLogging.TestLogging
      assert.strictEqual((yield* records).length, 4)
      assert.deepStrictEqual(
        (yield* accesses).map(({ level, said }) => [
          level,
          said["url.path"],
          said["http.response.status_code"],
          said["http.response.body.size"],
          said["error.type"]
        ]),
        [
          ["Info", "/bytes", 200, 9, undefined],
          ["Info", "/rows", 200, 42, undefined],
          ["Error", "/failure", 500, 0, "Refused"],
          ["Warn", "/nowhere", 404, 0, "RouteNotFound"]
        ]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("makes one record together with the layer", () =>
    Effect.gen(function*() {
      const ask = yield* servedBy(
        Layer.provide(get("/users/:id", Effect.succeed(text)), AccessLog.layer({ name: "inner" }))
      )
      yield* Effect.promise(() => ask("/users/7"))
      assert.deepStrictEqual(
        (yield* accesses).map(({ said }) => [said["event.name"], said["http.route"], said["http.response.body.size"]]),
        [["http.request", "/users/:id", 5]]
      )
    }).pipe(Effect.provide(Logging.layerTest())))
})

class Sold extends Schema.TaggedError<Sold>()("Sold", { order: Schema.Finite }, { httpApiStatus: 409 }) {
  override readonly [ErrorReporter.attributes] = { order: this.order }
}

class Closed extends Schema.TaggedError<Closed>()("Closed", {}, { httpApiStatus: 503 }) {
  override readonly [ErrorReporter.severity] = "Fatal" as const
}

const endpoint = HttpApiEndpoint.get("order", "/orders/:id", {
  params: { id: Schema.NumberFromString.check(Schema.isInt()) },
  success: Schema.String,
  error: [HttpApiError.NotFound, Sold, Closed]
})

const Shop = HttpApi.make("Shop").add(HttpApiGroup.make("orders").add(endpoint)).prefix("/shop")

const api = HttpApiBuilder.layer(Shop).pipe(
  Layer.provide(HttpApiBuilder.group(Shop, "orders", (handlers) =>
    handlers.handle("order", ({ params }) => {
      switch (params.id) {
        case 1:
          return Effect.fail(new HttpApiError.NotFound())
        case 2:
          return Effect.fail(new Sold({ order: 2 }))
        case 3:
          return Effect.fail(new Closed())
        default:
          return Effect.succeed("order")
      }
    }))),
  Layer.provide(HttpServer.layerServices)
)
