import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { ConsoleSink, FileSink, Logging } from "../../src/index.ts"

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "logfmt", minimumLevel: "Warn" })] })

/** Has all that is logged while an effect runs go to a file as well. */
const withIncidentLog = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.scoped(Effect.gen(function*() {
    const { attach } = yield* Logging.Logging
    const name = yield* attach(FileSink.make({ path: "logs/incident.ndjson" }))
    return { name, result: yield* effect }
  }))

const checkout = (order: number) => Effect.logInfo("checkout", { order })

const program = Effect.gen(function*() {
  yield* checkout(1)
  const { name } = yield* withIncidentLog(Effect.andThen(checkout(2), checkout(3)))
  yield* checkout(4)

  const { detach } = yield* Logging.Logging
  const { delivered } = yield* detach(name)
  yield* Console.log(`${delivered} records in the incident's log`)
})

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
