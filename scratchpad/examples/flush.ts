import { Effect, ManagedRuntime } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"

const runtime = ManagedRuntime.make(Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] }))

/** A function of a platform that may freeze the process between two calls. */
export const handler = (event: { readonly id: string }): Promise<string> =>
  runtime.runPromise(Effect.gen(function*() {
    yield* Effect.logInfo("handled").pipe(Effect.annotateLogs({ event: event.id }))
    const logging = yield* Logging.Logging
    yield* logging.flush.pipe(Effect.timeoutOption("2 seconds"))
    return "done"
  }))

export const close = (): Promise<void> => runtime.dispose()
