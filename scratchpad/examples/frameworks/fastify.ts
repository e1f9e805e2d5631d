import { Layer, ManagedRuntime } from "effect"
import { fastify } from "fastify"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import { ConsoleSink, Logging, ProcessHooks } from "../../../src/index.ts"

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })
const runtime = ManagedRuntime.make(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive)))
const { logger } = await runtime.runPromise(Logging.Logging)
const requests = await runtime.runPromise(RequestLog.make())

const app = fastify()
app.register(requests.fastify)

app.get<{ Params: { id: string } }>("/orders/:id", async ({ params }) => {
  RequestLog.current()?.logger.info("looked for an order", { id: params.id })
  return "order\n"
})

process.once("SIGTERM", () => app.close(() => void runtime.dispose()))

await app.listen({ port: Number(process.env["PORT"] ?? 3000) })
logger.info("listening", { address: app.server.address() })
