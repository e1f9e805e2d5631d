import { assert, describe, it } from "@effect/vitest"
import compression from "compression"
import { Effect } from "effect"
import express from "express"
import express4 from "express4"
import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { type RawData, WebSocket, WebSocketServer } from "ws"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import type { LogRecord } from "../../../src/index.ts"
import { failing, get, listening, recording, Wire } from "./support.ts"

/** What a record says of a request, besides its fields. */
const facts = ({ annotations, level, message }: LogRecord.LogRecord): ReadonlyArray<unknown> => [
  level,
  message,
  annotations["http.route"],
  annotations["error.type"]
]

const bytesOf = ({ annotations }: LogRecord.LogRecord): unknown => annotations["http.response.body.size"]

const text = "a line that is said again\n".repeat(4000)

describe("Express 4", () => {
  it.live("has routes, errors and what handlers say on its records", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = express4()
      app.use(requests.express)
      const router = express4.Router()
      router.post("/:id", express4.json(), (req, res, next) => {
        setImmediate(() => {
          RequestLog.current()?.add({ "cart.items": 3 })
          if (req.params.id === "0") next(new RangeError("too many"))
          else res.json(req.body)
        })
      })
      app.use("/orders", router)
      app.get(/^\/thrown/, () => {
        throw new TypeError("no order")
      })
      app.use(requests.expressErrors)
      app.use(failing)
      const port = yield* listening(createServer(app))
      yield* Effect.promise(async () => {
        const post = { method: "POST", body: `{"lamps":2}`, headers: { "content-type": "application/json" } }
        for (const [path, init] of [["/orders/7", post], ["/orders/0", post], ["/thrown"], ["/nowhere"]] as const) {
          await (await fetch(`http://127.0.0.1:${port}${path}?token=s3cr3t`, init)).text()
        }
      })
      const records = yield* ended(4)
      assert.deepStrictEqual(records.map(facts), [
        ["Info", "POST /orders/:id 200", "/orders/:id", undefined],
        ["Error", "POST /orders/:id 500", "/orders/:id", "RangeError"],
        ["Error", "GET ^\\/thrown 500", "^\\/thrown", "TypeError"],
        ["Warn", "GET /nowhere 404", undefined, undefined]
      ])
      assert.deepStrictEqual(records.map(({ annotations }) => annotations["cart.items"]), [3, 3, undefined, undefined])
      assert.deepInclude(records[0]?.annotations, { "http.request.body.size": 11, "http.response.body.size": 11 })
      assert.match(JSON.stringify(records[2]?.cause), /TypeError.*no order.*companions\.test\.ts/)
      assert.notInclude(JSON.stringify(records), "s3cr3t")
    }))
})

describe("compression", () => {
  for (const [version, makeApp] of [["4", express4], ["5", express]] as const) {
    it.live(`in Express ${version} leaves the bytes that were sent on a record`, () =>
      Effect.gen(function*() {
        const { ended, requests } = yield* recording()
        const app = makeApp()
        app.use(requests.express)
        app.use(compression())
        app.get("/text", (_req, res) => {
          res.type("text").send(text)
        })
        app.get("/pieces", (_req, res) => {
          res.type("text").write("first")
          setImmediate(() => res.end(text))
        })
        const port = yield* listening(createServer(app))
        const sizes = yield* Effect.promise(async () => {
          const found: Array<number> = []
          for (const path of ["/text", "/pieces"]) {
            for (const encoding of ["gzip", "br", "identity"]) {
              found.push(await sizeOf(port, path, encoding))
            }
          }
          return found
        })
        const records = yield* ended(6)
        assert.deepStrictEqual(records.map(bytesOf), sizes)
        assert.deepStrictEqual([sizes[2], sizes[5]], [text.length, text.length + 5])
        for (const size of [sizes[0], sizes[1], sizes[3], sizes[4]]) assert.isBelow(size ?? 0, 2000)
      }))
  }
})

/** The bytes of a body as they come, without the frame of their transfer. */
const sizeOf = async (port: number, path: string, encoding: string): Promise<number> => {
  const wire = new Wire(port).write(get(path, `accept-encoding: ${encoding}\r\nconnection: close\r\n`))
  const [head = "", ...body] = (await wire.closed()).split("\r\n\r\n")
  const bytes = body.join("\r\n\r\n")
  return /transfer-encoding: chunked/i.test(head) ? sizeOfChunks(bytes) : bytes.length
}

const sizeOfChunks = (bytes: string): number => {
  const length = Number.parseInt(bytes, 16)
  return length === 0 ? 0 : length + sizeOfChunks(bytes.slice(bytes.indexOf("\r\n") + 2 + length + 2))
}

describe("a WebSocket of ws", () => {
  const serving = Effect.gen(function*() {
    const recorded = yield* recording()
    const { requests } = recorded
    const sockets = new WebSocketServer({ noServer: true })
    yield* Effect.addFinalizer(() => Effect.sync(() => sockets.close()))
    const server = createServer(requests.handler((_req, res) => res.end("plain")))
    server.on(
      "upgrade",
      requests.upgrade(async (req: IncomingMessage, socket: Duplex, head: Buffer) => {
        await new Promise(setImmediate)
        if (req.url === "/left") return void socket.destroy()
        sockets.handleUpgrade(req, socket, head, (ws) => {
          ws.on("message", (message: RawData) => {
            RequestLog.current()?.logger.info("a message")
            RequestLog.current()?.event.count("messages", 1)
            if (req.url?.startsWith("/terminated") === true) ws.terminate()
            else ws.send(message)
          })
        })
      })
    )
    const port = yield* listening(server)
    const opened = (path: string) =>
      Effect.promise(async () => {
        const ws = new WebSocket(`ws://127.0.0.1:${port}${path}?token=s3cr3t`, { headers: { "x-request-id": "r-1" } })
        ws.on("error", () => {})
        await once(ws, "open")
        return ws
      })
    return { ...recorded, opened, port, server, sockets }
  })

  it.live("is one record when it is closed, with its status, its bytes, and what its messages say", () =>
    Effect.gen(function*() {
      const { all, ended, opened, port, sockets } = yield* serving
      const ws = yield* opened("/chat")
      yield* Effect.promise(async () => {
        for (const message of ["one", "two"]) {
          ws.send(message)
          await once(ws, "message")
        }
        await (await fetch(`http://127.0.0.1:${port}/plain`)).text()
        ws.close()
        await once(ws, "close")
      })
      const [plain, chat] = yield* ended(2)
      assert.strictEqual(plain?.message, "GET /plain 200")
      assert.strictEqual(chat?.message, "GET /chat 101")
      assert.deepInclude(chat?.annotations, {
        "event.outcome": "success",
        "http.response.status_code": 101,
        // A frame of a client has a head of 6 bytes; that of the end has nothing else.
        "http.request.size": 24,
        messages: 2,
        "event.lines.info": 2
      })
      const lines = (yield* all).filter(({ message }) => message === "a message")
      assert.deepStrictEqual(lines.map(({ annotations }) => annotations["requestId"]), ["r-1", "r-1"])
      assert.notInclude(JSON.stringify(yield* all), "s3cr3t")
      assert.strictEqual(sockets.clients.size, 0)
      assert.isUndefined(RequestLog.current())
    }))

  it.live("is one record however it ends: by either side, at once, and where the handshake is refused", () =>
    Effect.gen(function*() {
      const { ended, opened, port, records, server, sockets } = yield* serving
      const gone = yield* opened("/gone")
      gone.terminate()
      yield* ended(1)
      const terminated = yield* opened("/terminated")
      terminated.send("go")
      yield* ended(2)
      const refused = new Wire(port).write(get("/refused", "connection: upgrade\r\nupgrade: websocket\r\n"))
      yield* Effect.promise(() => refused.closed())
      yield* ended(3)
      const left = new Wire(port).write(get("/left", "connection: upgrade\r\nupgrade: websocket\r\n"))
      yield* Effect.promise(() => left.closed())
      yield* ended(4)
      assert.deepStrictEqual((yield* records).map(facts), [
        ["Info", "GET /gone 101", undefined, undefined],
        ["Info", "GET /terminated 101", undefined, undefined],
        ["Warn", "GET /refused 400", undefined, undefined],
        ["Error", "GET /left broken-off", undefined, "response_broken_off"]
      ])
      assert.strictEqual(sockets.clients.size, 0)
      const open = yield* Effect.callback<number>((resume) => {
        server.getConnections((_, count) => resume(Effect.succeed(count)))
      })
      assert.strictEqual(open, 0)
    }))
})
