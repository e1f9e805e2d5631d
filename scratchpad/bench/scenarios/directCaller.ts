/** What the caller of our direct logger waits, and the caller of pino in its fastest mode. */
import * as Effect from "effect/Effect"
import * as Logging from "../../../src/Logging.ts"
import { directLog } from "../candidates/direct.ts"
import { fastest, openPino, pinoLog } from "../candidates/pino.ts"
import { collectGarbage, type Job, nanosSince, type Setup } from "../job.ts"
import { turn } from "../workload.ts"
import { discarding, droppedSoFar, withSinks } from "./runtime.ts"

const burstSize = 400
const warmUpBursts = 250

const timeBursts = async (
  setup: Setup,
  log: (i: number) => void,
  between: () => Promise<void>
): Promise<number> => {
  const bursts = Math.ceil(setup.events / burstSize)
  let nanos = 0
  for (let burst = -warmUpBursts; burst < bursts; burst++) {
    if (burst === 0) {
      collectGarbage()
      nanos = 0
    }
    const start = process.hrtime.bigint()
    for (let i = 0; i < burstSize; i++) log(i)
    nanos += nanosSince(start)
    await between()
  }
  return nanos / (bursts * burstSize)
}

export const direct: Job = {
  measure: (setup) =>
    Effect.runPromise(withSinks(
      [discarding("sink")],
      Effect.gen(function*() {
        const logging = yield* Logging.Logging
        const log = directLog(logging, setup.workload)
        const runPromise = Effect.runPromiseWith(yield* Effect.context())
        const nanos = yield* Effect.promise(() => timeBursts(setup, log, () => runPromise(logging.flush)))
        return { nanos, dropped: yield* droppedSoFar, more: {} }
      })
    ))
}

export const pinoFastest: Job = {
  async measure(setup) {
    const opened = await openPino(setup.path, fastest)
    const nanos = await timeBursts(setup, pinoLog(opened, setup.workload), turn)
    await opened.close()
    return { nanos, dropped: 0, more: {} }
  }
}
