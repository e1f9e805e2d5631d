import { NodeRuntime } from "@effect/platform-node"
import { Context, Effect, Option } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"

class CurrentTenant extends Context.Service<CurrentTenant, { readonly id: string }>()("CurrentTenant") {}

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make({ format: "logfmt" })],
  enrich: (services) =>
    Option.match(Context.getOption(services, CurrentTenant), {
      onNone: () => ({}),
      onSome: ({ id }) => ({ tenant: id })
    })
})

const handle = Effect.logInfo("order placed").pipe(Effect.provideService(CurrentTenant, { id: "acme" }))

const program = Effect.andThen(Effect.logInfo("started"), handle)

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
