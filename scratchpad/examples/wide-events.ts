import { NodeRuntime } from "@effect/platform-node"
import { Data, Effect } from "effect"
import { ConsoleSink, Logging, WideEvent } from "../../src/index.ts"

class OutOfStock extends Data.TaggedError("OutOfStock")<{ readonly item: string }> {}

const query = Effect.logDebug("query").pipe(WideEvent.time("db"))

const reserve = (item: string) =>
  Effect.gen(function*() {
    yield* WideEvent.count("cart.items")
    yield* query
    if (item === "lamp") return yield* new OutOfStock({ item })
  })

const checkout = (user: string, items: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    yield* WideEvent.add({ user, card: { password: "hunter2" } })
    yield* Effect.forEach(items, reserve, { concurrency: "unbounded" })
  }).pipe(WideEvent.record("checkout"))

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })

Effect.all([checkout("ada", ["book", "pen"]), Effect.exit(checkout("alan", ["lamp"]))]).pipe(
  Effect.provide(LoggingLive),
  NodeRuntime.runMain
)
