// Logs a thousand records and ends by the exit that its runtime has besides that of Node.
import { Effect, Layer, ManagedRuntime } from "effect"
import { FileSink, Logging, ProcessHooks } from "../../../src/index.ts"

const [, , path = ""] = process.argv

const runtime = ManagedRuntime.make(ProcessHooks.layer.pipe(
  Layer.provideMerge(Logging.layer({ sinks: [FileSink.make({ path })] }))
))

const exit: unknown = Reflect.get(Reflect.get(globalThis, "Deno") ?? process, "exit")

await runtime.runPromise(Effect.gen(function*() {
  for (let i = 0; i < 1000; i++) yield* Effect.logInfo(i)
  if (typeof exit === "function") Reflect.apply(exit, undefined, [3])
}))
