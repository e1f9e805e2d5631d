import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { fastify, type FastifyBaseLogger } from "fastify"
import { createServer } from "node:http"
import type { Logger } from "pino"
import { pinoHttp } from "pino-http"
import * as PinoLogger from "../../src/bridges/PinoLogger.ts"
import { Logging, MemorySink } from "../../src/index.ts"
import { makeRuntime } from "../support/runtime.ts"

const made = Effect.gen(function*() {
  const memory = MemorySink.make()
  const { close, service } = yield* makeRuntime({ sinks: [memory] })
  yield* Effect.addFinalizer(() => close())
  const logger = yield* Effect.provideService(PinoLogger.make(), Logging.Logging, service)
  return { logger, records: Effect.as(service.flush, memory.records) }
})

describe("Fastify with a loggerInstance", () => {
  it.live("logs its requests and what handlers log into the runtime", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made
      // It compiles: what Fastify asks of a logger this is.
      const loggerInstance: FastifyBaseLogger = logger
      const app = fastify({ loggerInstance })
      app.get("/orders/:id", ({ log, params }) => {
        log.info({ params }, "looked for %s", "an order")
        return { ok: true }
      })
      app.get("/broken", () => {
        throw new TypeError("no such order")
      })
      yield* Effect.promise(async () => {
        const url = await app.listen({ port: 0 })
        await fetch(`${url}/orders/7?token=s3cr3t`)
        await fetch(`${url}/broken`)
        await app.close()
      })
      const all = yield* records
      assert.notInclude(JSON.stringify(all), "s3cr3t")
      const said = all.filter(({ annotations }) => "reqId" in annotations)
      assert.deepStrictEqual(said.map(({ level, message }) => `${level}: ${String(message)}`), [
        "Info: incoming request",
        "Info: looked for an order",
        "Info: request completed",
        "Info: incoming request",
        "Error: no such order",
        "Info: request completed"
      ])
      assert.deepInclude(said[1]?.annotations, { reqId: "req-1", params: { id: "7" } })
      assert.deepInclude(said[2]?.annotations, { reqId: "req-1", res: { statusCode: 200 } })
      assert.match(JSON.stringify(said[4]?.cause), /TypeError/)
      assert.deepInclude(said[4]?.annotations, { reqId: "req-2" })
    }))
})

describe("pino-http", () => {
  it.live("logs requests into the runtime, with properties of the program", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types ask for the class of pino, of which it uses what any pino logger has
      const ours = logger as unknown as Logger
      const middleware = pinoHttp({ logger: ours, customProps: () => ({ tenant: "acme" }) })
      const server = createServer((req, res) => {
        middleware(req, res)
        req.log.info("handled")
        if (req.url === "/broken") {
          res.err = new RangeError("too many")
          res.statusCode = 500
        }
        res.end("ok")
      })
      yield* Effect.promise(async () => {
        await new Promise<void>((listening) => void server.listen(0, listening))
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        await fetch(`http://127.0.0.1:${port}/fine`, { headers: { authorization: "Bearer s3cr3t" } })
        await fetch(`http://127.0.0.1:${port}/broken`)
        server.closeAllConnections()
        await new Promise((closed) => server.close(closed))
      })
      const all = yield* records
      assert.notInclude(JSON.stringify(all), "s3cr3t")
      assert.deepStrictEqual(all.map(({ message }) => message), [
        "handled",
        "request completed",
        "handled",
        "request errored"
      ])
      for (const { annotations } of all) assert.strictEqual(annotations["tenant"], "acme")
      assert.match(JSON.stringify(all[1]?.annotations["req"]), /"url":"\/fine"/)
      assert.match(JSON.stringify(all[3]?.cause), /RangeError/)
    }))
})
