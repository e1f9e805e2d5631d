import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { EventEmitter } from "node:events"
import { createServer, IncomingMessage, ServerResponse } from "node:http"
import { Socket } from "node:net"
import type { Duplex } from "node:stream"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import { WideEvent } from "../../../src/index.ts"
import { brokenOff, facts, get, listening, recording, Wire } from "./support.ts"

type Handler = (req: IncomingMessage, res: ServerResponse) => unknown

/** A server with one handler, its records, and connections to it. */
const serving = (handler: Handler, options?: RequestLog.RequestOptions) =>
  Effect.gen(function*() {
    const recorded = yield* recording(options)
    const server = createServer(recorded.requests.handler(handler))
    const port = yield* listening(server)
    return { ...recorded, server, port, wire: () => new Wire(port), url: `http://127.0.0.1:${port}` }
  })

const answered = (message: string, bytes: Array<number>): ReturnType<typeof facts> => ({
  level: "Info",
  message,
  outcome: "success",
  status: 200,
  sent: undefined,
  error: undefined,
  bytes
})

describe("a request of a server of Node", () => {
  it.live("is a record with what OpenTelemetry knows of it, and no secret of its query", () =>
    Effect.gen(function*() {
      const { ended, url } = yield* serving((req, res) => {
        req.resume().on("end", () => res.end("thanks"))
      })
      const response = yield* Effect.promise(() =>
        fetch(`${url}/orders?token=s3cr3t`, {
          method: "POST",
          body: "lamp",
          headers: { "user-agent": "shop/1", "x-request-id": "r-1" }
        })
      )
      assert.strictEqual(response.headers.get("x-request-id"), "r-1")
      const [record] = yield* ended(1)
      assert.deepStrictEqual(facts(record), answered("POST /orders 200", [4, 6]))
      const { "event.duration_ms": duration, ...said } = { ...record?.annotations }
      assert.isNumber(duration)
      assert.deepStrictEqual(said, {
        "event.name": "http.server.request",
        "event.outcome": "success",
        requestId: "r-1",
        "http.request.method": "POST",
        "url.path": "/orders",
        "url.scheme": "http",
        "network.protocol.version": "1.1",
        "client.address": "127.0.0.1",
        "server.address": "127.0.0.1",
        "user_agent.original": "shop/1",
        "http.response.status_code": 200,
        "http.request.body.size": 4,
        "http.response.body.size": 6
      })
    }))

  it.live("has the outcome and the level of its status, where nothing failed", () =>
    Effect.gen(function*() {
      const { ended, url } = yield* serving((req, res) => {
        res.statusCode = Number(req.url?.slice(1))
        res.end()
      })
      for (const status of [204, 399, 400, 499, 500]) {
        yield* Effect.promise(async () => (await fetch(`${url}/${status}`)).text())
      }
      assert.deepStrictEqual(
        (yield* ended(5)).map(facts).map(({ level, outcome, status }) => [status, outcome, level]),
        [
          [204, "success", "Info"],
          [399, "success", "Info"],
          [400, "failure", "Warn"],
          [499, "failure", "Warn"],
          [500, "failure", "Error"]
        ]
      )
    }))

  it.live("says what it was, whatever and however much the program has added to it", () =>
    Effect.gen(function*() {
      const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, "x".repeat(1000)]))
      const { ended, url } = yield* serving((_req, res) => {
        const current = RequestLog.current()
        current?.add({ requestId: "other", "url.path": "/other", "http.response.status_code": 999, "error.type": "no" })
        current?.add(many)
        res.end("thanks")
      })
      yield* Effect.promise(() => fetch(`${url}/orders`, { headers: { "x-request-id": "r-1" } }))
      const [record] = yield* ended(1)
      assert.deepStrictEqual(facts(record), { ...answered("GET /orders 200", [0, 6]), error: "no" })
      const { annotations = {} } = record ?? {}
      assert.deepStrictEqual([annotations["requestId"], annotations["url.path"]], ["r-1", "/orders"])
      assert.isAbove(Number(annotations["event.omitted"]), 50)
    }))

  it.live("leaves alone who else looks at what is written to its connection", () =>
    Effect.gen(function*() {
      const { ended, port, server } = yield* serving((_req, res) => void res.end("thanks"))
      const written: Array<string> = []
      server.on("connection", (socket: Socket) => {
        const write = socket.write.bind(socket)
        Object.assign(socket, {
          write: (...given: Parameters<typeof write>) => {
            written.push(String(given[0]).slice(0, 12))
            return write(...given)
          }
        })
      })
      const wire = new Wire(port)
      for (let i = 0; i < 3; i++) {
        yield* Effect.promise(() => wire.write(get("/orders", "upgrade: h2c\r\n")).next(/thanks$/))
      }
      assert.lengthOf(yield* ended(3), 3)
      assert.deepStrictEqual(written, Array.from({ length: 3 }, () => "HTTP/1.1 200"))
      wire.socket.destroy()
    }))

  it.live("has an id of its own where none comes, or one that is none", () =>
    Effect.gen(function*() {
      const { ended, wire } = yield* serving((_req, res) => res.end())
      const text = yield* Effect.promise(() =>
        wire().write(get("/", "x-request-id: a b\r\nConnection: close\r\n")).closed()
      )
      const [, id] = /x-request-id: (\S+)/i.exec(text) ?? []
      assert.match(String(id), /^[\w-]{16}$/)
      assert.strictEqual((yield* ended(1))[0]?.annotations["requestId"], id)
    }))

  it.live("is found by code anywhere in it, whose lines carry its id and are counted", () =>
    Effect.gen(function*() {
      const deep = async (): Promise<void> => {
        await new Promise(setImmediate)
        RequestLog.current()?.logger.warn("deep")
        RequestLog.current()?.add({ "cart.items": 3 })
      }
      const listens = Promise.withResolvers<void>()
      const { all, ended, wire } = yield* serving(async (req, res) => {
        await deep()
        const request = RequestLog.current()
        request?.event.count("db.queries", 2)
        const inEffect = Effect.logInfo("in an effect").pipe(Effect.andThen(WideEvent.add({ tenant: "acme" })))
        if (request !== undefined) await Effect.runPromiseWith(request.context)(inEffect)
        req.on("data", () => RequestLog.current()?.logger.info("of the body"))
        req.on("end", () => {
          RequestLog.current()?.logger.info("at its end")
          res.on("finish", () => RequestLog.current()?.logger.debug("after the response"))
          res.end()
        })
        listens.resolve()
      })
      const one = wire().write(`POST / HTTP/1.1\r\nHost: a\r\nx-request-id: r-7\r\nContent-Length: 1\r\n\r\n`)
      // What comes later comes from the connection, in no request.
      yield* Effect.promise(() => listens.promise)
      one.write("x")
      const [record] = yield* ended(1)
      assert.deepInclude(record?.annotations, {
        "cart.items": 3,
        "db.queries": 2,
        tenant: "acme",
        "event.lines.warn": 1,
        "event.lines.info": 3
      })
      const lines = (yield* all).filter((one) => one !== record)
      assert.deepStrictEqual(lines.map(({ annotations, message }) => [message, annotations["requestId"]]), [
        ["deep", "r-7"],
        ["in an effect", "r-7"],
        ["of the body", "r-7"],
        ["at its end", "r-7"],
        ["after the response", "r-7"]
      ])
      assert.isUndefined(RequestLog.current())
      one.socket.destroy()
    }))

  it.live("is one record for each of many on one connection, and for each that is pipelined", () =>
    Effect.gen(function*() {
      const { ended, wire } = yield* serving((req, res) => {
        // The first is the last to be ready.
        if (req.url === "/0") setImmediate(() => res.end("slow"))
        else res.end(`${req.url}`)
      })
      const one = wire()
      one.write(Array.from({ length: 10 }, (_, i) => get(`/${i}`)).join(""))
      yield* Effect.promise(() => one.until(/\/9$/))
      const records = yield* ended(10)
      assert.deepStrictEqual(
        records.map(facts),
        Array.from({ length: 10 }, (_, i) => answered(`GET /${i} 200`, [0, i === 0 ? 4 : 2]))
      )
      one.socket.destroy()
    }))

  it.live("is a record for each that is pipelined when the client goes, also of those that wait behind others", () =>
    Effect.gen(function*() {
      const waiting: Array<ServerResponse> = []
      const { ended, wire } = yield* serving((req, res) => {
        waiting.push(res)
        if (req.url === "/2") one.socket.destroy()
      })
      const one = wire()
      one.write(get("/0") + get("/1") + get("/2"))
      const records = yield* ended(3)
      for (const record of records) {
        assert.deepInclude(facts(record), { level: "Warn", outcome: "interrupted", status: 499, sent: undefined })
      }
      // What is answered afterwards makes no second one.
      for (const res of waiting) res.end("late")
      yield* Effect.promise(() => new Promise(setImmediate))
      assert.strictEqual((yield* ended(3)).length, 3)
    }))

  it.live("is a record when its connection is closed and nothing else tells of it", () =>
    Effect.gen(function*() {
      const { records, requests } = yield* recording()
      const socket = Object.assign(new EventEmitter(), { readableEnded: true })
      const req = Object.assign(new EventEmitter(), {
        method: "GET",
        url: "/",
        httpVersion: "1.1",
        headers: {},
        socket
      })
      const res = Object.assign(new EventEmitter(), {
        statusCode: 200,
        headersSent: false,
        setHeader: () => {},
        write: () => true,
        end: () => {}
      })
      requests.express(req, res, () => {})
      socket.emit("close")
      const { length } = yield* records
      res.emit("close")
      assert.deepStrictEqual([length, (yield* records).map(({ message }) => message)], [1, ["GET / 499"]])
    }))

  it.live("counts no body where none is sent: HEAD, 204, 304", () =>
    Effect.gen(function*() {
      const { ended, url } = yield* serving((req, res) => {
        res.statusCode = Number(req.url?.slice(1))
        res.end("a body that is not sent")
      })
      yield* Effect.promise(async () => {
        await fetch(`${url}/200`, { method: "HEAD" })
        await fetch(`${url}/204`)
        await fetch(`${url}/304`)
      })
      const records = yield* ended(3)
      assert.deepStrictEqual(
        records.map(({ annotations, message }) => [message, annotations["http.response.body.size"]]),
        [
          ["HEAD /200 200", 0],
          ["GET /204 204", 0],
          ["GET /304 304", 0]
        ]
      )
    }))

  it.live("has the status that was sent, whatever is set when that is gone", () =>
    Effect.gen(function*() {
      const { ended, url } = yield* serving((req, res) => {
        if (req.url === "/whole") res.end("well")
        else if (req.url === "/named") res.writeHead(201).write("well")
        else res.write("well")
        res.statusCode = 500
        res.end()
      })
      const statuses: Array<number> = []
      for (const path of ["/whole", "/named", "/begun"]) {
        const response = yield* Effect.promise(() => fetch(url + path))
        yield* Effect.promise(() => response.text())
        statuses.push(response.status)
      }
      assert.deepStrictEqual(statuses, [200, 201, 200])
      assert.deepStrictEqual((yield* ended(3)).map(({ level, message }) => [level, message]), [
        ["Info", "GET /whole 200"],
        ["Info", "GET /named 201"],
        ["Info", "GET /begun 200"]
      ])
    }))

  it.live("is a record, and found in it, where there is no socket, or what is none", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      for (const socket of [undefined, {}, { remoteAddress: "198.51.100.7" }]) {
        const req = new IncomingMessage(new Socket())
        Object.assign(req, { method: "GET", url: "/made", headers: { upgrade: "h2c" }, httpVersion: "1.1" })
        Object.defineProperty(req, "socket", { value: socket })
        const res = new ServerResponse(req)
        requests.handler((_req: IncomingMessage, res: ServerResponse) => {
          RequestLog.current()?.add({ found: true })
          res.emit("finish")
        })(req, res)
      }
      const records = yield* ended(3)
      assert.deepStrictEqual(
        records.map(({ annotations, message }) => [message, annotations["found"], annotations["client.address"]]),
        [
          ["GET /made 200", true, undefined],
          ["GET /made 200", true, undefined],
          ["GET /made 200", true, "198.51.100.7"]
        ]
      )
    }))

  it.live("has no message that a client makes long", () =>
    Effect.gen(function*() {
      const { ended, url } = yield* serving((_req, res) => res.end())
      yield* Effect.promise(() => fetch(`${url}/${"long".repeat(2000)}`))
      const [record] = yield* ended(1)
      assert.strictEqual(record?.message, `GET /${"long".repeat(2000).slice(0, 1023)} 200`)
    }))

  it.live("ends with the last byte of a response that is streamed", () =>
    Effect.gen(function*() {
      const { ended, records, wire } = yield* serving((req, res) => {
        res.write("first ")
        req.socket.once("data", () => res.end("last é", "latin1"))
      })
      const one = wire().write(get("/"))
      yield* Effect.promise(() => one.until(/first /))
      assert.deepStrictEqual(yield* records, [])
      one.write(get("/again"))
      yield* Effect.promise(() => one.until(/last/))
      assert.deepStrictEqual(facts((yield* ended(1))[0]), answered("GET / 200", [0, 12]))
      one.socket.destroy()
      yield* ended(2)
    }))

  it.live("has the status 499 when the client goes before the response, and in it", () =>
    Effect.gen(function*() {
      const { ended, wire } = yield* serving((req, res) => {
        if (req.url === "/during") res.write("begun")
        else one.socket.destroy()
      })
      const one = wire().write(get("/before"))
      const [before] = yield* ended(1)
      const two = wire().write(get("/during"))
      yield* Effect.promise(() => two.until(/begun/))
      two.socket.resetAndDestroy()
      const [, during] = yield* ended(2)
      assert.deepStrictEqual([before, during].map(facts), [
        {
          level: "Warn",
          message: "GET /before 499",
          outcome: "interrupted",
          status: 499,
          sent: undefined,
          error: undefined,
          bytes: [0, 0]
        },
        {
          level: "Warn",
          message: "GET /during 499",
          outcome: "interrupted",
          status: 499,
          sent: 200,
          error: undefined,
          bytes: [0, 5]
        }
      ])
    }))

  it.live("has the bytes that came when the client goes in its body", () =>
    Effect.gen(function*() {
      const { ended, wire } = yield* serving((req) => {
        req.once("data", () => one.socket.destroy())
        req.on("error", () => {})
      })
      const one = wire().write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n12345`)
      assert.deepInclude(facts((yield* ended(1))[0]), { status: 499, bytes: [5, 0] })
    }))

  it.live("is broken off by the server: a response that is destroyed, a server that is closed, a time that is up", () =>
    Effect.gen(function*() {
      const { ended, server, wire } = yield* serving((req, res) => {
        if (req.url === "/destroyed") res.destroy(new Error("no more"))
        if (req.url === "/closed") server.closeAllConnections()
        if (req.url === "/timeout") res.setTimeout(1)
      })
      for (const path of ["/destroyed", "/closed", "/timeout"]) {
        const one = wire().write(get(path))
        yield* Effect.promise(() => one.closed())
      }
      for (const record of yield* ended(3)) {
        assert.deepInclude(facts(record), brokenOff)
      }
    }))

  it.live("has the status 408 when the server waits no longer for its body", () =>
    Effect.gen(function*() {
      const { requests, ended } = yield* recording()
      const server = createServer(
        { requestTimeout: 1000, headersTimeout: 1000, connectionsCheckingInterval: 50 },
        requests.handler((req: IncomingMessage) => req.on("error", () => {}).resume())
      )
      const port = yield* listening(server)
      const one = new Wire(port).write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123`)
      const text = yield* Effect.promise(() => one.closed())
      assert.match(text, /^HTTP\/1.1 408/)
      assert.deepInclude(facts((yield* ended(1))[0]), { status: 408, bytes: [3, 0] })
    }))

  it.live("has the error of a handler that throws, or is rejected, and hands it on", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const thrown: Array<unknown> = []
      const throwing = requests.handler((req: IncomingMessage, _res: ServerResponse) => {
        if (req.url === "/thrown") throw new TypeError("no order")
        return Promise.reject(new RangeError("too many"))
      })
      const server = createServer((req, res) => {
        void (async () => {
          try {
            await throwing(req, res)
          } catch (error) {
            thrown.push(error)
            res.writeHead(500).end("failed")
          }
        })()
      })
      const port = yield* listening(server)
      yield* Effect.promise(async () => {
        await fetch(`http://127.0.0.1:${port}/thrown`)
        await fetch(`http://127.0.0.1:${port}/rejected`)
      })
      const records = yield* ended(2)
      assert.deepStrictEqual(thrown.map(String), ["TypeError: no order", "RangeError: too many"])
      assert.deepStrictEqual(
        records.map((record) => [facts(record).level, facts(record).status, facts(record).error]),
        [["Error", 500, "TypeError"], ["Error", 500, "RangeError"]]
      )
      assert.match(JSON.stringify(records[0]?.cause), /TypeError.*no order.*node\.test\.ts/)
      assert.match(JSON.stringify(records[1]?.cause), /RangeError.*too many/)
    }))

  it.live("is a record also when the log is shut down before it ends", () =>
    Effect.gen(function*() {
      const { close, records, reports, wire } = yield* serving((_req, res) => void res.write("begun"))
      const one = wire().write(get("/"))
      yield* Effect.promise(() => one.until(/begun/))
      yield* close
      const [record] = yield* records
      assert.deepStrictEqual([record?.annotations["event.outcome"], record?.annotations["url.path"]], ["shutdown", "/"])
      assert.isTrue(reports[0]?.balanced)
      one.socket.destroy()
    }))

  it.live("has none on a health route that is well", () =>
    Effect.gen(function*() {
      const { ended, service, url } = yield* serving(
        (req, res) => {
          RequestLog.current()?.logger.debug("asked")
          res.writeHead(req.url === "/healthz?ill" ? 503 : 200).end()
        },
        { health: { paths: ["/healthz"] } }
      )
      yield* Effect.promise(async () => {
        for (const path of ["/healthz", "/healthz?ill", "/healthz", "/orders"]) await fetch(url + path)
      })
      const records = yield* ended(2)
      assert.deepStrictEqual(records.map(({ message }) => message), ["GET /healthz 503", "GET /orders 200"])
      assert.strictEqual((yield* service.stats).capture.filtered, 2)
    }))

  it.live("has the client's address behind a proxy that is trusted", () =>
    Effect.gen(function*() {
      const { ended, url } = yield* serving((_req, res) => res.end(), { trustedProxies: ["loopback"] })
      yield* Effect.promise(() => fetch(url, { headers: { "x-forwarded-for": "6.6.6.6, 198.51.100.7" } }))
      const [record] = yield* ended(1)
      assert.deepInclude(record?.annotations, { "client.address": "198.51.100.7", "network.peer.address": "127.0.0.1" })
    }))

  it.live("10,000 of them on eight connections are 10,000 records, and the books balance", () =>
    Effect.gen(function*() {
      const { ended, port, service } = yield* serving((_req, res) => res.end("ok"))
      const connections = 8
      const each = 1250
      yield* Effect.promise(() =>
        Promise.all(Array.from({ length: connections }, async (_, connection) => {
          const one = new Wire(port)
          for (let i = 0; i < each; i += 50) {
            one.write(
              Array.from(
                { length: 50 },
                (_, k) => get(`/${connection}/${i + k}`, `x-request-id: ${connection}-${i + k}\r\n`)
              ).join("")
            )
            await one.until(new RegExp(`x-request-id: ${connection}-${i + 49}\r\n[^]*ok$`))
          }
          one.socket.destroy()
        }))
      )
      const records = yield* ended(10_000)
      assert.strictEqual(records.length, 10_000)
      assert.strictEqual(new Set(records.map(({ annotations }) => annotations["requestId"])).size, 10_000)
      const { capture, lanes } = yield* service.stats
      assert.deepStrictEqual([capture.offered, capture.accepted, lanes["records"]?.delivered], [10_000, 10_000, 10_000])
    }))
})

describe("a connection that is taken over", () => {
  it.live("is a record when it is closed, with its status and all its bytes", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const server = createServer(requests.handler((_req: IncomingMessage, res: ServerResponse) => res.end("plain")))
      server.on(
        "upgrade",
        requests.upgrade((req: IncomingMessage, socket: Duplex) => {
          RequestLog.current()?.add({ protocol: "echo" })
          if (req.url === "/refused") socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n", () => socket.destroy())
          else {
            socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
            socket.write("hello")
            socket.on("data", () => socket.end("bye"))
          }
        })
      )
      const port = yield* listening(server)
      const asked = "Connection: Upgrade\r\nUpgrade: echo\r\n"
      for (const path of ["/taken", "/refused"]) {
        const one = new Wire(port).write(get(path, asked))
        yield* Effect.promise(() => one.until(path === "/taken" ? /hello/ : /401/))
        one.write("12345")
        yield* Effect.promise(() => one.closed())
      }
      const [taken, refused] = yield* ended(2)
      assert.deepInclude(facts(taken), { level: "Info", message: "GET /taken 101", outcome: "success", status: 101 })
      assert.deepInclude(taken?.annotations, { protocol: "echo", "http.request.size": 5 })
      assert.isAbove(Number(taken?.annotations["http.response.size"]), 60)
      assert.deepInclude(facts(refused), { level: "Warn", status: 401 })
    }))
})
