import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { serve } from "@hono/node-server"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import express from "express"
import { fastify } from "fastify"
import { Hono } from "hono"
import { once } from "node:events"
import { createServer, type IncomingMessage, Server, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as AccessLog from "../../../src/AccessLog.ts"
import { Logging, MemorySink } from "../../../src/index.ts"
import { listening, portOf, recording, Wire } from "./support.ts"

setFlagsFromString("--expose-gc")
const gc: () => void = runInNewContext("gc")

/** Turns of the event loop, after which nobody waits for what has been answered. */
const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate)
}

const post = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

/** Answers requests one after the other on one connection, and tells what that holds of them when the last is answered. */
const asked = async (server: Server, port: number, count: number) => {
  const sockets = new Set<Socket>()
  const messages: Array<WeakRef<object>> = []
  server.on("request", (req: IncomingMessage, res: ServerResponse) => {
    sockets.add(req.socket)
    messages.push(new WeakRef(req), new WeakRef(res))
  })
  const warnings: Array<Error> = []
  const warned = (warning: Error): void => void warnings.push(warning)
  process.on("warning", warned)
  const wire = new Wire(port)
  const listeners: Array<ReadonlyArray<readonly [string, number]>> = []
  for (let i = 0; i < count; i++) {
    await wire.write(post).next(/\r\n\r\n[^]*ok/)
    const [socket] = sockets
    if (i === 0 || i === count - 1) {
      await turns()
      listeners.push((socket?.eventNames() ?? []).map((name) => [String(name), socket?.listenerCount(name) ?? 0]))
    }
  }
  gc()
  await turns()
  gc()
  process.off("warning", warned)
  return {
    connections: sockets.size,
    asked: messages.length / 2,
    more: listeners[0] === undefined ? [] : listeners[1]?.filter(([name, held]) => held > heldAt(listeners[0], name)),
    alive: messages.filter((message) => message.deref() !== undefined).length,
    warnings
  }
}

const heldAt = (listeners: ReadonlyArray<readonly [string, number]> | undefined, name: string): number =>
  listeners?.find(([known]) => known === name)?.[1] ?? 0

const nothingHeld = { connections: 1, asked: 1000, more: [], alive: 0, warnings: [] }

describe("a connection that is kept holds nothing of 1,000 requests that are answered", () => {
  it.live("by Node", () =>
    Effect.gen(function*() {
      const { requests } = yield* recording()
      const server = createServer(requests.handler((req, res) => {
        req.resume().on("end", () => res.end("ok"))
      }))
      const port = yield* listening(server)
      assert.deepStrictEqual(yield* Effect.promise(() => asked(server, port, 1000)), nothingHeld)
    }))

  it.live("by Express", () =>
    Effect.gen(function*() {
      const { requests } = yield* recording()
      const app = express()
      app.use(requests.express)
      app.use(express.json())
      app.post("/x", (_req, res) => void res.send("ok"))
      app.use(requests.expressErrors)
      const server = createServer(app)
      const port = yield* listening(server)
      assert.deepStrictEqual(yield* Effect.promise(() => asked(server, port, 1000)), nothingHeld)
    }))

  it.live("by Fastify", () =>
    Effect.gen(function*() {
      const { requests } = yield* recording()
      const app = fastify()
      yield* Effect.addFinalizer(() => Effect.promise(() => app.close()))
      app.register(requests.fastify)
      app.post("/x", () => Promise.resolve("ok"))
      yield* Effect.promise(() => app.listen({ port: 0, host: "127.0.0.1" }))
      assert.deepStrictEqual(yield* Effect.promise(() => asked(app.server, portOf(app.server), 1000)), nothingHeld)
    }))

  it.live("by Hono", () =>
    Effect.gen(function*() {
      const { requests } = yield* recording()
      const app = new Hono()
      app.use(requests.hono)
      app.post("/x", async (c) => {
        await c.req.json()
        return c.text("ok")
      })
      const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" })
      yield* Effect.addFinalizer(() =>
        Effect.promise(() => new Promise<void>((closed) => server.close(() => closed())))
      )
      yield* Effect.promise(() => once(server, "listening"))
      assert.isTrue(server instanceof Server)
      if (!(server instanceof Server)) return
      assert.deepStrictEqual(yield* Effect.promise(() => asked(server, portOf(server), 1000)), nothingHeld)
    }))

  it.live("by Effect", () =>
    Effect.gen(function*() {
      const server = createServer()
      const Answer = HttpRouter.add(
        "POST",
        "/x",
        Effect.gen(function*() {
          yield* (yield* HttpServerRequest.HttpServerRequest).text
          return HttpServerResponse.text("ok")
        })
      )
      yield* Layer.build(
        HttpRouter.serve(Layer.provide(Answer, AccessLog.layer()), { disableListenLog: true, disableLogger: true })
          .pipe(
            Layer.provideMerge(
              NodeHttpServer.layerServer(() => server, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
            )
          )
      )
      assert.deepStrictEqual(yield* Effect.promise(() => asked(server, portOf(server), 1000)), nothingHeld)
    }).pipe(Effect.provide(Logging.layer({ sinks: [MemorySink.make()] }))))
})
