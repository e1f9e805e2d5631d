/** How late the event loop is (the 99th percentile, in nanoseconds) while the service of workload W logs 20,000 events a second to a file. */
import * as Effect from "effect/Effect"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { build } from "../candidates/effect.ts"
import { fastest, openPino } from "../candidates/pino.ts"
import { logging, serviceOf } from "../candidates/service.ts"
import { type LayerOptions, loggingToFile, shutdownAndCount } from "../candidates/spillway.ts"
import { collectGarbage, type Job, type Sample, type Setup } from "../job.ts"
import { openEffects, openPinoChild, openSilent } from "../service/loggers.ts"
import { fibers, linesPerTurn } from "../service/program.ts"

const eventsPerSecond = 20_000
const turnMillis = (1000 * fibers * linesPerTurn) / eventsPerSecond
const warmUpEvents = 40_000

/** A fiber is due again after so many milliseconds; fibers are spread evenly over them. */
const paced = (start: number) => (fiber: number): Effect.Effect<void> => {
  let due = start + (fiber * turnMillis) / fibers
  return Effect.suspend(() => {
    due += turnMillis
    const wait = due - performance.now()
    return wait > 0 ? Effect.sleep(wait) : Effect.yieldNow
  })
}

type Log = ReturnType<typeof logging>

const observe = async (log: Log, { events }: Setup): Promise<Sample> => {
  await Effect.runPromise(log(warmUpEvents, paced(performance.now())))
  collectGarbage()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  await Effect.runPromise(log(events, paced(start)))
  const seconds = (performance.now() - start) / 1000
  const { system, user } = process.cpuUsage(cpuBefore)
  delay.disable()
  return {
    nanos: delay.percentile(99),
    dropped: 0,
    more: {
      p50: delay.percentile(50),
      max: delay.max,
      eventsPerSecond: events / seconds,
      cpu: (1000 * (user + system)) / events
    }
  }
}

export const silent: Job = { measure: (setup) => observe(logging(serviceOf(openSilent, {})), setup) }

export const spillway = (options: LayerOptions): Job => ({
  async measure(setup) {
    const { close, context } = await build(loggingToFile(setup.path, options))
    const log = logging(serviceOf(openEffects, {}))
    const sample = await observe((...args) => Effect.provideContext(log(...args), context), setup)
    const dropped = await Effect.runPromise(Effect.provideContext(shutdownAndCount, context))
    await Effect.runPromise(close)
    return { ...sample, dropped }
  }
})

export const pinoFastest: Job = {
  async measure(setup) {
    const opened = await openPino(setup.path, fastest)
    const sample = await observe(logging(serviceOf(openPinoChild(opened.logger), {})), setup)
    await opened.close()
    return sample
  }
}
