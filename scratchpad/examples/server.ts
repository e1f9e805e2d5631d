import { Console, Layer, ManagedRuntime } from "effect"
import { createServer } from "node:http"
import { ConsoleSink, Ledger, Logging, ProcessHooks } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make({ format: "json" })],
  onShutdown: (report) => Console.error(Ledger.format(report))
})
const runtime = ManagedRuntime.make(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive)))
const { logger } = await runtime.runPromise(Logging.Logging)

const server = createServer(({ method, url }, response) => {
  logger.info("request", { method, url })
  response.end("hello\n")
})

server.listen(Number(process.env["PORT"] ?? 3000), () => logger.info("server listens", { address: server.address() }))

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // The server first, which may log until it is closed; then the log.
  process.once(signal, () => server.close(() => runtime.dispose()))
}
