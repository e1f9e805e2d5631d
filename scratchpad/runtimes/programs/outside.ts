// Logs from callbacks, with the direct logger, and ends its logging when they are done.
import { Effect, ManagedRuntime } from "effect"
import { EventEmitter, once } from "node:events"
import { createServer } from "node:http"
import { FileSink, Logging } from "../../../src/index.ts"
import { tell, tellReport } from "../../../test/process/fixtures/report.ts"

const [, , path = ""] = process.argv

const runtime = ManagedRuntime.make(Logging.layer({ sinks: [FileSink.make({ path })], onShutdown: tellReport }))
const { logger } = await runtime.runPromise(Logging.Logging)

const pool = new EventEmitter()
pool.on("slow", (millis: number) => logger.with({ component: "pool" }).warn("slow query", { millis }))
pool.emit("slow", 812)

const server = createServer((request, response) => {
  logger.info("handled", { path: request.url, password: "hunter2" })
  response.end("done")
}).listen(0, "127.0.0.1")
await once(server, "listening")
const address = server.address()
if (typeof address === "object") tell(await (await fetch(`http://127.0.0.1:${address?.port}/orders`)).text())
server.close()

await new Promise<void>((resolve) => {
  setTimeout(() => {
    logger.error("failed", { error: new TypeError("on purpose") })
    resolve()
  }, 0)
})
await Effect.runPromise(runtime.disposeEffect)
