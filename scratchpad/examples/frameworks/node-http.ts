import { Layer, ManagedRuntime } from "effect"
import { createServer } from "node:http"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import { ConsoleSink, Logging, ProcessHooks } from "../../../src/index.ts"

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })
const runtime = ManagedRuntime.make(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive)))
const { logger } = await runtime.runPromise(Logging.Logging)
const requests = await runtime.runPromise(RequestLog.make({ health: { paths: ["/healthz"] } }))

const loadCart = async () => {
  RequestLog.current()?.add({ "cart.items": 3 })
  RequestLog.current()?.logger.info("cart loaded")
}

const server = createServer(requests.handler((req, res) => {
  if (req.url === "/healthz") res.end("well\n")
  else void loadCart().then(() => res.end("cart\n"))
}))

server.listen(
  Number(process.env["PORT"] ?? 3000),
  "127.0.0.1",
  () => logger.info("listening", { address: server.address() })
)

// The server first, which answers what it has begun; then the log.
process.once("SIGTERM", () => server.close(() => void runtime.dispose()))
