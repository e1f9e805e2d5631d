import { Config, Cron, Effect, Layer, Record, Schedule } from "effect"
import { Logging, WideEvent } from "../../src/index.ts"
import * as WorkLog from "../../src/WorkLog.ts"
import { StockRefilled } from "./events.ts"
import { Orders } from "./orders.ts"

/** Refills the stock by the clock: every ten seconds, unless REFILL_CRON says when. Each run is a record. */
export const layer = Layer.effectDiscard(Effect.gen(function*() {
  const orders = yield* Orders
  const expression = yield* Config.withDefault(Config.String("REFILL_CRON"), "*/10 * * * * *")
  const cron = yield* Effect.fromResult(Cron.parse(expression, "UTC"))
  const refill = Effect.gen(function*() {
    const missing = yield* orders.refill
    yield* WideEvent.add({ missing })
    for (const [item, pieces] of Record.toEntries(missing)) {
      if (pieces > 0) yield* StockRefilled.log({ item, pieces })
    }
  }).pipe(WorkLog.job("refill", { cron }))
  // Finalizers run last to first: the job has ended when this is logged.
  yield* Effect.addFinalizer(() => Effect.logInfo("cron stopped"))
  // A run that dies is a record, and no reason not to run again.
  yield* Effect.exit(refill).pipe(
    Effect.schedule(Schedule.cron(cron)),
    Logging.scope("cron"),
    Effect.forkScoped
  )
}))
