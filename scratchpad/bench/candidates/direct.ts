/** Our direct logger, for code outside Effect, with one file sink. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logging from "../../../src/Logging.ts"
import { annotations, body, message, plainLoop } from "../workload.ts"
import { fileJob } from "./candidate.ts"
import { build } from "./effect.ts"
import { loggingToFile, shutdownAndCount } from "./spillway.ts"

const eventsPerTurn = 64

export default fileJob({
  async open({ events, path, workload, yieldEvery }) {
    const { close, context } = await build(loggingToFile(path))
    const logger = Context.get(context, Logging.Logging).logger.with(annotations)
    const log = workload === "S" ? () => logger.info(message) : (i: number) => logger.info(message, body(i))
    const end = shutdownAndCount.pipe(Effect.provideContext(context), Effect.tap(close))
    return {
      log: () => plainLoop(log, events, yieldEvery === 0 ? eventsPerTurn : yieldEvery),
      close: () => Effect.runPromise(end)
    }
  }
})
