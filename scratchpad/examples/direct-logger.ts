import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { EventEmitter } from "node:events"
import { ConsoleSink, Logging } from "../../src/index.ts"

const pool = new EventEmitter()

const program = Effect.gen(function*() {
  const { logger } = yield* Logging.Logging
  const log = logger.with({ component: "pool" })
  pool.on("slow", (millis: number) => log.warn("slow query", { millis }))

  pool.emit("slow", 812)
})

program.pipe(
  Effect.provide(Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })),
  NodeRuntime.runMain
)
