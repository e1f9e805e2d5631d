import { Layer, ManagedRuntime } from "effect"
import { fastify } from "fastify"
import * as PinoLogger from "../../../src/bridges/PinoLogger.ts"
import { ConsoleSink, Logging, ProcessHooks } from "../../../src/index.ts"

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })
const runtime = ManagedRuntime.make(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive)))

const app = fastify({ loggerInstance: await runtime.runPromise(PinoLogger.make()) })

app.get("/orders/:id", ({ log, params }) => {
  log.info({ params }, "looked for %s", "an order")
  return "order\n"
})

// The server first, which may log until it is closed; then the log.
process.once("SIGTERM", () => app.close(() => void runtime.dispose()))

await app.listen({ port: Number(process.env["PORT"] ?? 3000) })
