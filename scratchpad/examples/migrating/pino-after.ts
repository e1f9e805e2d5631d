import { Layer, ManagedRuntime } from "effect"
import { FileSink, Logging, ProcessHooks } from "../../../src/index.ts"

const runtime = ManagedRuntime.make(ProcessHooks.layer.pipe(
  Layer.provideMerge(Logging.layer({ sinks: [FileSink.make({ path: "app.ndjson" })] }))
))
const { logger } = await runtime.runPromise(Logging.Logging)

const log = logger.with({ requestId: "r-1" })
log.info("order placed", { order: 1042, cardToken: "tok_4242" })
log.warn("out of stock", { item: "lamp" })
log.error("payment failed", { error: new Error("card declined") })
console.log("served")

await runtime.dispose()
