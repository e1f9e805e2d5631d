import { Layer, ManagedRuntime } from "effect"
import express from "express"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import { ConsoleSink, Logging, ProcessHooks } from "../../../src/index.ts"

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })
const runtime = ManagedRuntime.make(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive)))
const { logger } = await runtime.runPromise(Logging.Logging)
const requests = await runtime.runPromise(RequestLog.make({ trustedProxies: ["private"] }))

const app = express()
app.use(requests.express)

app.get("/orders/:id", (req, res) => {
  RequestLog.current()?.logger.info("looked for an order", { id: req.params.id })
  res.send("order\n")
})

app.use(requests.expressErrors)

const server = app.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  logger.info("listening", { address: server.address() })
})

process.once("SIGTERM", () => server.close(() => void runtime.dispose()))
