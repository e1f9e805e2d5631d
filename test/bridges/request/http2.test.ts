import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { fastify } from "fastify"
import {
  type ClientHttp2Stream,
  constants,
  createSecureServer,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse
} from "node:http2"
import { get } from "node:https"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import { certified, pem } from "../../servers/certificates.ts"
import { askedOn, begunOn, connected } from "../../support/http2Client.ts"
import { brokenOff, facts, listening, recording } from "./support.ts"

type Handler = (req: Http2ServerRequest, res: Http2ServerResponse) => unknown

/** A server of HTTP/2 with one handler, its records, and a client. */
const serving = (handler: Handler, options?: RequestLog.RequestOptions) =>
  Effect.gen(function*() {
    const recorded = yield* recording(options)
    const port = yield* listening(createServer(recorded.requests.handler(handler)))
    return { ...recorded, port, session: yield* connected(port) }
  })

describe("a request of a server of HTTP/2", () => {
  it.live("is a record with what OpenTelemetry knows of it, also with a body whose length nobody has said", () =>
    Effect.gen(function*() {
      const { ended, port, session } = yield* serving((req, res) => {
        req.resume().on("end", () => {
          RequestLog.current()?.logger.info("read")
          res.end("thanks")
        })
      })
      const { head, text } = yield* askedOn(session, {
        ":path": "/orders?token=s3cr3t",
        ":method": "POST",
        "user-agent": "shop/2",
        "x-request-id": "r-1"
      }, ["la", "mp"])
      assert.deepStrictEqual([text, head[":status"], head["x-request-id"]], ["thanks", 200, "r-1"])
      const [record] = yield* ended(1)
      const { "event.duration_ms": duration, ...said } = { ...record?.annotations }
      assert.isNumber(duration)
      assert.strictEqual(record?.message, "POST /orders 200")
      assert.deepStrictEqual(said, {
        "event.name": "http.server.request",
        "event.outcome": "success",
        "event.lines.info": 1,
        requestId: "r-1",
        "http.request.method": "POST",
        "url.path": "/orders",
        "url.scheme": "http",
        "network.protocol.version": "2",
        "client.address": "127.0.0.1",
        "server.address": "127.0.0.1",
        "user_agent.original": "shop/2",
        "http.response.status_code": 200,
        "http.request.body.size": 4,
        "http.response.body.size": 6
      })
      assert.isAbove(port, 0)
    }))

  it.live("is a record beside those of HTTP/1.1, where a server over TLS has both", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const handler = requests.handler((req: Http2ServerRequest, res: Http2ServerResponse) => res.end(req.httpVersion))
      const server = createSecureServer({ allowHTTP1: true, ...certified("localhost") }, handler)
      const port = yield* listening(server)
      const session = yield* connected(port, { ca: pem("authority"), scheme: "https" })
      assert.strictEqual((yield* askedOn(session, { ":path": "/two" })).text, "2.0")
      yield* ended(1)
      const text = yield* Effect.callback<string>((resume) => {
        get({ port, path: "/one", ca: pem("authority"), agent: false }, (response) => {
          response.setEncoding("utf8").once("data", (chunk: string) => resume(Effect.succeed(chunk)))
        })
      })
      assert.strictEqual(text, "1.1")
      const said = (yield* ended(2)).map(({ annotations, message }) => [
        message,
        annotations["url.scheme"],
        annotations["network.protocol.version"],
        annotations["http.response.body.size"]
      ])
      assert.deepStrictEqual(said, [["GET /two 200", "https", "2", 3], ["GET /one 200", "https", "1.1", 3]])
    }))

  it.live("is one record for each of many at a time on one connection", () =>
    Effect.gen(function*() {
      const { ended, service, session } = yield* serving(async (req, res) => {
        await new Promise(setImmediate)
        RequestLog.current()?.add({ path: req.url })
        res.end(req.url)
      })
      const paths = Array.from({ length: 1000 }, (_, i) => `/${i}`)
      const texts = yield* Effect.forEach(paths, (path) => askedOn(session, { ":path": path }), { concurrency: 50 })
      assert.deepStrictEqual(texts.map(({ text }) => text), paths)
      const records = yield* ended(1000)
      assert.strictEqual(new Set(records.map(({ annotations }) => annotations["path"])).size, 1000)
      for (const { annotations } of records) assert.strictEqual(annotations["path"], annotations["url.path"])
      const { capture } = yield* service.stats
      assert.deepStrictEqual([capture.offered, capture.accepted], [1000, 1000])
    }))

  it.live("counts no body where none is sent: HEAD, 204, 304", () =>
    Effect.gen(function*() {
      const { ended, session } = yield* serving((req, res) => {
        res.statusCode = Number(req.url.slice(1))
        res.end("a body that is not sent")
      })
      yield* askedOn(session, { ":path": "/200", ":method": "HEAD" })
      yield* askedOn(session, { ":path": "/204" })
      yield* askedOn(session, { ":path": "/304" })
      assert.deepStrictEqual(
        (yield* ended(3)).map(facts).map(({ bytes, message, outcome }) => [message, outcome, bytes[1]]),
        [["HEAD /200 200", "success", 0], ["GET /204 204", "success", 0], ["GET /304 304", "success", 0]]
      )
    }))

  it.live("has the status 499 when the client takes no more of it, goes, or never had any", () =>
    Effect.gen(function*() {
      const large = "x".repeat(5_000_000)
      const arrived = Promise.withResolvers<void>()
      const { ended, port, session } = yield* serving((req, res) => {
        if (req.url === "/whole") res.end(large)
        else if (req.url === "/never") arrived.resolve()
        else res.write("begun")
      })
      const cancel = (stream: ClientHttp2Stream): void => stream.close(constants.NGHTTP2_CANCEL)
      begunOn(session, { ":path": "/cancelled" }, cancel)
      yield* ended(1)
      begunOn(session, { ":path": "/closed" }, (stream) => stream.close())
      yield* ended(2)
      begunOn(session, { ":path": "/whole" }, cancel)
      yield* ended(3)
      const never = begunOn(session, { ":path": "/never" })
      yield* Effect.promise(() => arrived.promise)
      cancel(never)
      yield* ended(4)
      for (const end of ["socket", "session"] as const) {
        const other = yield* connected(port)
        begunOn(other, { ":path": `/${end}` }, () => {
          if (end === "socket") other.socket.destroy()
          else other.destroy()
        })
        yield* ended(end === "socket" ? 5 : 6)
      }
      const records = (yield* ended(6)).map(facts)
      assert.deepStrictEqual(records.map(({ message, sent }) => [message, sent]), [
        ["GET /cancelled 499", 200],
        ["GET /closed 499", 200],
        ["GET /whole 499", 200],
        ["GET /never 499", undefined],
        ["GET /socket 499", 200],
        ["GET /session 499", 200]
      ])
      for (const record of records) {
        assert.deepInclude(record, { level: "Warn", outcome: "interrupted", status: 499, error: undefined })
      }
    }))

  it.live("has the status that was sent, whatever is set when that is gone", () =>
    Effect.gen(function*() {
      const { ended, session } = yield* serving((req, res) => {
        if (req.url === "/named") res.writeHead(201)
        if (req.url === "/begun") res.write("well")
        else res.end()
        res.statusCode = 500
        res.end()
      })
      for (const path of ["/empty", "/begun", "/named"]) yield* askedOn(session, { ":path": path })
      assert.deepStrictEqual((yield* ended(3)).map(({ message }) => message), [
        "GET /empty 200",
        "GET /begun 200",
        "GET /named 201"
      ])
    }))

  it.live("is broken off by the server: a response, a stream or a session that is destroyed", () =>
    Effect.gen(function*() {
      const { ended, port } = yield* serving((req, res) => {
        if (req.url === "/response") res.destroy()
        if (req.url === "/stream") res.stream.destroy(new Error("no more"))
        if (req.url === "/closed") res.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
        if (req.url === "/session") res.stream.session?.destroy()
      })
      const paths = ["/response", "/stream", "/closed", "/session"]
      for (const path of paths) yield* askedOn(yield* connected(port), { ":path": path })
      const records = (yield* ended(4)).map(facts)
      for (const record of records) {
        assert.deepInclude(record, brokenOff)
      }
    }))

  it.live("is a record of Fastify's too, with its route", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = fastify({ http2: true })
      app.register(requests.fastify)
      app.post("/orders/:id", async ({ body }) => `made ${String(Object(body).id)}`)
      const url = yield* Effect.promise(() => app.listen({ port: 0, host: "127.0.0.1" }))
      yield* Effect.addFinalizer(() => Effect.promise(() => app.close()))
      const session = yield* connected(Number(new URL(url).port))
      const headers = { ":path": "/orders/7", ":method": "POST", "content-type": "application/json" }
      assert.strictEqual((yield* askedOn(session, headers, [`{"id":7}`])).text, "made 7")
      assert.deepInclude(facts((yield* ended(1))[0]), { message: "POST /orders/:id 200", bytes: [8, 6] })
    }))
})
