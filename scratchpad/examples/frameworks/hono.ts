import { serve } from "@hono/node-server"
import { Layer, ManagedRuntime } from "effect"
import { Hono } from "hono"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import { ConsoleSink, Logging, ProcessHooks } from "../../../src/index.ts"

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })
const runtime = ManagedRuntime.make(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive)))
const { logger } = await runtime.runPromise(Logging.Logging)
const requests = await runtime.runPromise(RequestLog.make())

const app = new Hono()
app.use(requests.hono)

app.get("/orders/:id", (c) => {
  RequestLog.current()?.logger.info("looked for an order", { id: c.req.param("id") })
  return c.text("order\n")
})

const options = { fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env["PORT"] ?? 3000) }
const server = serve(options, (address) => logger.info("listening", { address }))

process.once("SIGTERM", () => server.close(() => void runtime.dispose()))
