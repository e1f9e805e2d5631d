import { assert, describe, it } from "@effect/vitest"
import { getRequestListener, serve } from "@hono/node-server"
import { Deferred, Effect, Exit } from "effect"
import express from "express"
import { fastify } from "fastify"
import { Hono } from "hono"
import { stream } from "hono/streaming"
import { createServer, type IncomingMessage, Server, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import * as PinoLogger from "../../../src/bridges/PinoLogger.ts"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import type { LogRecord } from "../../../src/index.ts"
import { failing, get, listening, portOf, recording, Wire } from "./support.ts"

/** What a record says that depends on the framework. */
const facts = (record: LogRecord.LogRecord | undefined): ReadonlyArray<unknown> => [
  record?.level,
  record?.message,
  record?.annotations["http.route"],
  record?.annotations["error.type"],
  record?.annotations["cart.items"],
  record?.annotations["event.lines.info"]
]

/** What handlers say, from anywhere in a request. */
const said = async (): Promise<void> => {
  await new Promise(setImmediate)
  RequestLog.current()?.add({ "cart.items": 3 })
  RequestLog.current()?.logger.info("said")
}

const ask = (port: number, ...asked: ReadonlyArray<readonly [path: string, init?: RequestInit]>) =>
  Effect.promise(async () => {
    const texts: Array<string> = []
    for (const [path, init] of asked) {
      texts.push(await (await fetch(`http://127.0.0.1:${port}${path}`, init)).text())
    }
    return texts
  })

const json = (body: unknown): RequestInit => ({
  method: "POST",
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" }
})

const expected: ReadonlyArray<ReadonlyArray<unknown>> = [
  ["Info", "GET /orders/:id 200", "/orders/:id", undefined, 3, 1],
  ["Info", "POST /orders 200", "/orders", undefined, 3, 1],
  ["Error", "GET /thrown/:id 500", "/thrown/:id", "TypeError", undefined, undefined],
  ["Error", "GET /rejected 500", "/rejected", "RangeError", 3, 1],
  ["Warn", "GET /nowhere 404", undefined, undefined, undefined, undefined]
]

const asked = [["/orders/7?token=s3cr3t"], ["/orders", json({ id: 7 })], ["/thrown/7"], ["/rejected"], [
  "/nowhere"
]] as const

const checked = (records: ReadonlyArray<LogRecord.LogRecord>): void => {
  assert.deepStrictEqual(records.map(facts), expected)
  assert.match(JSON.stringify(records[2]?.cause), /TypeError.*no order.*frameworks\.test\.ts/)
  assert.match(JSON.stringify(records[3]?.cause), /RangeError.*too many/)
  assert.notInclude(JSON.stringify(records), "s3cr3t")
}

describe("Express", () => {
  it.live("has routes, errors and what handlers say on its records", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = express()
      app.use(requests.express)
      // A second time is none.
      app.use(requests.express)
      app.use(express.json())
      // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 takes what they are rejected with
      app.get("/orders/:id", async (_req, res) => {
        await said()
        res.send("order")
      })
      // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- the same
      app.post("/orders", async (req, res) => {
        await said()
        res.send(`made ${String(req.body.id)}`)
      })
      app.get("/thrown/:id", () => {
        throw new TypeError("no order")
      })
      app.get("/rejected", async () => {
        await said()
        throw new RangeError("too many")
      })
      app.use(requests.expressErrors)
      app.use(failing)
      const port = yield* listening(createServer(app))
      assert.deepStrictEqual((yield* ask(port, ...asked)).slice(0, 4), ["order", "made 7", "failed", "failed"])
      checked(yield* ended(5))
    }))

  it.live("has the whole pattern of a route in a router that is mounted, also when that fails", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = express()
      app.use(requests.express)
      const router = express.Router()
      router.get("/:id", (req, res) => {
        if (req.params.id === "0") throw new TypeError("no order")
        res.send("order")
      })
      app.use("/shop", router)
      app.use(requests.expressErrors)
      app.use(failing)
      const port = yield* listening(createServer(app))
      yield* ask(port, ["/shop/7"], ["/shop/0"])
      assert.deepStrictEqual((yield* ended(2)).map(facts).map((fact) => fact.slice(0, 4)), [
        ["Info", "GET /shop/:id 200", "/shop/:id", undefined],
        ["Error", "GET /shop/:id 500", "/shop/:id", "TypeError"]
      ])
    }))

  it.live("counts what a pino logger of the request logs", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = express()
      app.use(requests.express)
      app.get("/a", (_req, res) => {
        const request = RequestLog.current()
        if (request !== undefined) PinoLogger.fromLogger(request.logger).info({ a: 1 }, "counted")
        res.send("a")
      })
      const port = yield* listening(createServer(app))
      yield* ask(port, ["/a"])
      assert.strictEqual((yield* ended(1))[0]?.annotations["event.lines.info"], 1)
    }))

  it.live("is one record with Node's own wrapper around it", () =>
    Effect.gen(function*() {
      const { ended, records, requests } = yield* recording()
      const app = express()
      app.use(requests.express)
      app.get("/a", (_req, res) => {
        res.send("a")
      })
      const port = yield* listening(createServer(requests.handler(app)))
      yield* ask(port, ["/a"])
      yield* ended(1)
      assert.deepStrictEqual((yield* records).map(({ message }) => message), ["GET /a 200"])
    }))
})

describe("Fastify", () => {
  it.live("has routes, errors and what handlers say on its records, in plugins too", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = fastify()
      app.register(requests.fastify)
      app.register((inner, _options, done) => {
        inner.get("/orders/:id", async () => {
          await said()
          return "order"
        })
        done()
      })
      app.post("/orders", async ({ body }) => {
        await said()
        return `made ${String(Object(body).id)}`
      })
      app.get("/thrown/:id", () => {
        throw new TypeError("no order")
      })
      app.get("/rejected", async () => {
        await said()
        throw new RangeError("too many")
      })
      const url = yield* Effect.promise(() => app.listen({ port: 0, host: "127.0.0.1" }))
      yield* Effect.addFinalizer(() => Effect.promise(() => app.close()))
      assert.deepStrictEqual((yield* ask(Number(new URL(url).port), ...asked)).slice(0, 2), ["order", "made 7"])
      checked(yield* ended(5))
    }))
})

const withId = (init: RequestInit | undefined): RequestInit => {
  const headers = new Headers(init?.headers)
  headers.set("x-request-id", "r-1")
  return { ...init, headers }
}

describe("Hono", () => {
  it.live("has one of each request, also where its server answers before the app, when both are wrapped", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording({ health: { paths: ["/health/*"] } })
      const app = new Hono()
      app.use(requests.hono)
      app.get("/orders/:id", (c) => c.text("order"))
      const port = yield* listening(createServer(requests.handler(getRequestListener(app.fetch))))
      const wire = new Wire(port).write("GET /orders/7 HTTP/1.0\r\n\r\n")
      yield* Effect.promise(() => wire.closed())
      yield* ask(port, ["/orders/7"])
      // The app has another path than what came.
      yield* Effect.promise(() => new Wire(port).write(get("/health/../orders/7", "connection: close\r\n")).closed())
      assert.deepStrictEqual((yield* ended(3)).map(({ message }) => message), [
        "GET /orders/7 400",
        "GET /orders/:id 200",
        "GET /orders/:id 200"
      ])
    }))

  const made = Effect.gen(function*() {
    const recorded = yield* recording()
    const app = new Hono()
    app.use(recorded.requests.hono)
    app.get("/orders/:id", async (c) => {
      await said()
      return c.text("order")
    })
    app.post("/orders", async (c) => {
      const { id } = await c.req.json()
      await said()
      return c.text(`made ${String(id)}`)
    })
    app.get("/thrown/:id", () => {
      throw new TypeError("no order")
    })
    app.get("/rejected", async () => {
      await said()
      throw new RangeError("too many")
    })
    app.get("/stream", (c) =>
      stream(c, async (out) => {
        await out.write("first ")
        await new Promise(setImmediate)
        await out.write("last")
      }))
    app.onError((_error, c) => c.text("failed", 500))
    return { app, ...recorded }
  })

  it.live("has routes, errors and what handlers say on its records, on Node", () =>
    Effect.gen(function*() {
      const { app, ended } = yield* made
      const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" })
      assert.isTrue(server instanceof Server)
      if (!(server instanceof Server)) return
      const port = yield* listening(server)
      assert.deepStrictEqual((yield* ask(port, ...asked)).slice(0, 4), ["order", "made 7", "failed", "failed"])
      checked(yield* ended(5))
      assert.deepStrictEqual(yield* ask(port, ["/stream"]), ["first last"])
      const streamed = (yield* ended(6))[5]
      assert.strictEqual(streamed?.annotations["http.response.body.size"], 10)
    }))

  it.live("has them with app.request, without a server", () =>
    Effect.gen(function*() {
      const { app, ended } = yield* made
      const ids = yield* Effect.promise(async () => {
        const found: Array<string | null> = []
        for (const [path, init] of asked) {
          const response = await app.request(path, withId(init))
          found.push(response.headers.get("x-request-id"))
        }
        return found
      })
      assert.deepStrictEqual(ids, Array.from(asked, () => "r-1"))
      checked(yield* ended(5))
    }))
})

describe("a client that leaves in the middle of what it sends", () => {
  /** The facts of the record of an upload that ends after half of it. */
  const leftIn = (port: number, came: (socket: Wire["socket"]) => void) =>
    Effect.sync(() => {
      const { socket } = new Wire(port).write(
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"id\":"
      )
      came(socket)
    })

  const left = (record: LogRecord.LogRecord | undefined): ReadonlyArray<unknown> => [
    record?.level,
    record?.cause,
    record?.annotations["http.response.status_code"],
    record?.annotations["event.outcome"],
    record?.annotations["error.type"],
    record?.annotations["http.request.body.size"]
  ]

  const gone = ["Warn", undefined, 499, "interrupted", undefined, 6]

  for (
    const [how, leave] of [
      ["closes", (socket: Wire["socket"]) => void socket.end()],
      ["resets", (socket: Wire["socket"]) => void socket.resetAndDestroy()]
    ] as const
  ) {
    it.live(`and ${how} its connection is no error of Express, whatever the parser of the body says`, () =>
      Effect.gen(function*() {
        const { ended, requests } = yield* recording()
        const app = express()
        app.use(requests.express)
        const server = createServer(app)
        const port = yield* listening(server)
        const come = yield* Deferred.make<void>()
        app.use((req, _res, next) => {
          req.once("data", () => Deferred.doneUnsafe(come, Exit.void))
          next()
        })
        app.use(express.json())
        app.use(requests.expressErrors)
        const seen: Array<unknown> = []
        app.use(
          ((error, _req, res, _next) => {
            seen.push(error.type)
            res.status(400).end()
          }) satisfies express.ErrorRequestHandler
        )
        yield* leftIn(port, (socket) => void Effect.runFork(Effect.map(Deferred.await(come), () => leave(socket))))
        const [record] = yield* ended(1)
        assert.deepStrictEqual(left(record), gone)
        assert.deepStrictEqual(seen, ["request.aborted"])
      }))

    it.live(`and ${how} its connection is no error of Fastify`, () =>
      Effect.gen(function*() {
        const { ended, requests } = yield* recording()
        const app = fastify()
        yield* Effect.addFinalizer(() => Effect.promise(() => app.close()))
        app.register(requests.fastify)
        const come = yield* Deferred.make<void>()
        app.addHook("preParsing", (request, _reply, payload, done) => {
          request.raw.once("data", () => Deferred.doneUnsafe(come, Exit.void))
          done(null, payload)
        })
        app.post("/orders", () => Promise.resolve("order"))
        yield* Effect.promise(() => app.listen({ port: 0, host: "127.0.0.1" }))
        yield* leftIn(
          portOf(app.server),
          (socket) => void Effect.runFork(Effect.map(Deferred.await(come), () => leave(socket)))
        )
        const [record] = yield* ended(1)
        assert.deepStrictEqual(left(record), gone)
      }))
  }
})

describe("what Fastify answers itself, before any hook", () => {
  it.live("has a record: a path that is none, one that is too long, and what comes while it is closed", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = fastify()
      app.register(requests.fastify)
      const come = yield* Deferred.make<void>()
      const closing = yield* Deferred.make<void>()
      const answer = yield* Deferred.make<string>()
      app.get("/orders/:id", () => {
        Deferred.doneUnsafe(come, Exit.void)
        return Effect.runPromise(Deferred.await(answer))
      })
      app.addHook("preClose", (done) => {
        Deferred.doneUnsafe(closing, Exit.void)
        done()
      })
      yield* Effect.promise(() => app.listen({ port: 0, host: "127.0.0.1" }))
      const port = portOf(app.server)
      yield* ask(port, ["/orders/%E0%A4%A"], [`/orders/${"7".repeat(200)}`])
      const wire = new Wire(port).write(get("/orders/7"))
      yield* Deferred.await(come)
      const closed = app.close()
      yield* Deferred.await(closing)
      wire.write(get("/orders/8"))
      yield* Deferred.succeed(answer, "order")
      yield* Effect.promise(() => wire.closed())
      yield* Effect.promise(() => closed)
      const records = yield* ended(4)
      assert.deepStrictEqual(
        records.map(({ annotations, level }) => [
          level,
          annotations["http.response.status_code"],
          annotations["http.route"]
        ]),
        [
          ["Warn", 400, undefined],
          ["Warn", 414, undefined],
          ["Info", 200, "/orders/:id"],
          ["Error", 503, undefined]
        ]
      )
    }))

  it.live("has none where the plugin is that of a part", () =>
    Effect.gen(function*() {
      const { records, requests } = yield* recording()
      const app = fastify()
      yield* Effect.addFinalizer(() => Effect.promise(() => app.close()))
      app.register((part, _options, done) => {
        part.register(requests.fastify)
        part.get("/inside", () => Promise.resolve("in"))
        done()
      })
      app.get("/outside", () => Promise.resolve("out"))
      yield* Effect.promise(() => app.listen({ port: 0, host: "127.0.0.1" }))
      assert.deepStrictEqual(yield* ask(portOf(app.server), ["/outside"], ["/inside"]), ["out", "in"])
      assert.deepStrictEqual((yield* records).map(({ message }) => message), ["GET /inside 200"])
    }))
})

describe("a connection that is taken over in a route", () => {
  const switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

  /** Speaks the other protocol: answers its beginning, and ends with the client. */
  const taken = (socket: Duplex): void => {
    socket.write(switching)
    socket.on("data", () => RequestLog.current()?.add({ protocol: "echo" }))
    socket.on("end", () => socket.end())
  }

  const upgraded = (port: number) =>
    Effect.promise(async () => {
      const wire = new Wire(port).write(get("/rooms/7", "Connection: Upgrade\r\nUpgrade: websocket\r\n"))
      await wire.until(/101/)
      wire.write("12345")
      wire.socket.end()
      await wire.closed()
    })

  const check = (record: LogRecord.LogRecord | undefined): void => {
    assert.deepInclude(record, { level: "Info", message: "GET /rooms/:id 101" })
    assert.deepInclude(record?.annotations, {
      protocol: "echo",
      "event.outcome": "success",
      "http.response.status_code": 101,
      "http.request.size": 5,
      "http.response.size": switching.length
    })
  }

  it.live("of Fastify", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = fastify()
      yield* Effect.addFinalizer(() => Effect.promise(() => app.close()))
      app.register(requests.fastify)
      app.get("/rooms/:id", (request, reply) => {
        reply.hijack()
        taken(request.raw.socket)
      })
      app.server.on("upgrade", (req, socket) => {
        const res = new ServerResponse(req)
        res.assignSocket(req.socket)
        socket.on("error", () => {})
        app.routing(req, res)
      })
      yield* Effect.promise(() => app.listen({ port: 0, host: "127.0.0.1" }))
      yield* upgraded(portOf(app.server))
      check((yield* ended(1))[0])
    }))

  it.live("of Express", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = express()
      app.use(requests.express)
      app.get("/rooms/:id", (req) => taken(req.socket))
      const server = createServer(app)
      server.on("upgrade", (req) => {
        const res = new ServerResponse(req)
        res.assignSocket(req.socket)
        app(req, res)
      })
      const port = yield* listening(server)
      yield* upgraded(port)
      check((yield* ended(1))[0])
    }))

  it.live("of Hono", () =>
    Effect.gen(function*() {
      const { ended, requests } = yield* recording()
      const app = new Hono<{ Bindings: { readonly incoming: IncomingMessage } }>()
      app.use(requests.hono)
      app.get("/rooms/:id", (c) => {
        taken(c.env.incoming.socket)
        return c.body(null)
      })
      const server = createServer()
      server.on("upgrade", (incoming) => {
        const { headers, url = "" } = incoming
        const request = new Request(`http://127.0.0.1${url}`, { headers: { upgrade: headers.upgrade ?? "" } })
        void app.fetch(request, { incoming, outgoing: undefined })
      })
      const port = yield* listening(server)
      yield* upgraded(port)
      check((yield* ended(1))[0])
    }))
})
