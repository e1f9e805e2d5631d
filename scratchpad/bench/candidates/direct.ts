/** Our direct logger, for code outside Effect, with one file sink. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logging from "../../../src/Logging.ts"
import { defaults } from "../../../src/LogSink.ts"
import { boundLog, turn, type WorkloadName } from "../workload.ts"
import { fileJob } from "./candidate.ts"
import { build } from "./effect.ts"
import { loggingToFile, shutdownAndCount } from "./spillway.ts"

const eventsPerTurn = 1000
// Called without a pause it outruns the disk: like any fast producer it waits while its lane is this full.
const fullEnough = 0.5

export const directLog = (
  { logger }: Context.Service.Shape<typeof Logging.Logging>,
  workload: WorkloadName
): (i: number) => void =>
  boundLog(workload, (annotations) => logger.with(annotations), {
    text: (bound, text) => bound.info(text),
    textAndBody: (bound, text, body) => bound.info(text, body)
  })

export default fileJob({
  async open({ path, workload }) {
    const { close, context } = await build(loggingToFile(path))
    const logging = Context.get(context, Logging.Logging)
    const log = directLog(logging, workload)
    const isBehind = (): boolean =>
      Object.values(Effect.runSync(logging.stats).lanes).some(({ capacity, queued, queuedBytes }) =>
        queued > fullEnough * capacity || queuedBytes > fullEnough * defaults.maxBytes
      )
    const end = shutdownAndCount.pipe(Effect.provideContext(context), Effect.tap(close))
    return {
      async log(events) {
        for (let from = 0; from < events; from += eventsPerTurn) {
          const until = Math.min(events, from + eventsPerTurn)
          for (let i = from; i < until; i++) log(i)
          do await turn()
          while (isBehind())
        }
      },
      close: () => Effect.runPromise(end)
    }
  }
})
