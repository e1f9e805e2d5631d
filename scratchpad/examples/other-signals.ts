import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { ConsoleSink, Ledger, Logging, ProcessHooks } from "../../src/index.ts"

for (const name of ["SIGUSR2", "SIGQUIT"] as const) {
  process.once(name, () => process.kill(process.pid, "SIGTERM"))
}

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make({ format: "json" })],
  onShutdown: (report) => Console.error(Ledger.format(report))
})

Effect.logInfo("ready").pipe(
  Effect.andThen(Effect.never),
  Effect.provide(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive))),
  NodeRuntime.runMain
)
