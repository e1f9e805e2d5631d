/** Our direct logger, for code outside Effect, with one file sink. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logging from "../../../src/Logging.ts"
import { annotations, body, message } from "../workload.ts"
import { fileJob } from "./candidate.ts"
import { build } from "./effect.ts"
import { loggingToFile, shutdownAndCount } from "./spillway.ts"

// Called without a pause it outruns the disk: like any fast producer it looks at its lane from time to time.
const eventsPerFlush = 4000

export default fileJob({
  async open({ events, path, workload }) {
    const { close, context } = await build(loggingToFile(path))
    const logging = Context.get(context, Logging.Logging)
    const logger = logging.logger.with(annotations)
    const log = workload === "S" ? () => logger.info(message) : (i: number) => logger.info(message, body(i))
    const end = shutdownAndCount.pipe(Effect.provideContext(context), Effect.tap(close))
    return {
      async log() {
        for (let from = 0; from < events; from += eventsPerFlush) {
          const until = Math.min(events, from + eventsPerFlush)
          for (let i = from; i < until; i++) log(i)
          await Effect.runPromise(logging.flush)
        }
      },
      close: () => Effect.runPromise(end)
    }
  }
})
