import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Equal } from "effect"
import { ConsoleSink, Logging, LogLevels, MemorySink } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make({ format: "logfmt" }), MemorySink.make({ name: "audit" })],
  routes: [{ when: { scope: "audit" }, to: ["audit"] }, { to: ["console"] }]
})

/** Has an effect run under other rules, and those of before count again when it has ended, however it has. */
const withRules = (rules: Partial<Logging.Rules>) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const logging = yield* Logging.Logging
    return yield* Effect.acquireUseRelease(
      Effect.tap(logging.rules, () => logging.setRules(rules)),
      () => effect,
      (before) => logging.setRules(before)
    )
  })

const work = Effect.andThen(
  Effect.logInfo("reading"),
  Effect.logWarning("slow").pipe(Logging.scope("audit"))
)

const program = Effect.gen(function*() {
  const { rules } = yield* Logging.Logging
  const before = yield* rules
  yield* work
  yield* work.pipe(withRules({ levels: LogLevels.make({ level: "Warn" }), routes: [] }))
  yield* work
  yield* Console.log(`as before: ${Equal.equals(yield* rules, before)}`)
})

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
