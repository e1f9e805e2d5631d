/** How late the event loop is (the 99th percentile, in nanoseconds) while 100 fibers together log 200,000 events a second to a file. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { fastest, openPino, pinoLog } from "../candidates/pino.ts"
import { loggingToFile, shutdownAndCount } from "../candidates/spillway.ts"
import type { Job, Sample, Setup } from "../job.ts"
import { annotations, logEffect } from "../workload.ts"

const fibers = 100
const eventsPerSecond = 200_000
const tickMillis = 10
const eventsPerTick = (eventsPerSecond * tickMillis) / 1000 / fibers
const warmUpMillis = 500

/** Every fiber logs its share every 10 ms; fibers start evenly spread over a tick. */
const traffic = (log: (i: number) => Effect.Effect<void>, millis: number): Effect.Effect<void> => {
  const one = (fiber: number): Effect.Effect<void> =>
    Effect.gen(function*() {
      const start = performance.now() + (fiber * tickMillis) / fibers
      for (let tick = 0; tick * tickMillis < millis; tick++) {
        const wait = start + tick * tickMillis - performance.now()
        yield* wait > 0 ? Effect.sleep(wait) : Effect.yieldNow
        for (let i = 0; i < eventsPerTick; i++) yield* log(i)
      }
    })
  return Effect.forEach(Array.from({ length: fibers }, (_, i) => i), one, {
    concurrency: "unbounded",
    discard: true
  }).pipe(Effect.annotateLogs(annotations))
}

const observe = (log: (i: number) => Effect.Effect<void>, { events }: Setup): Effect.Effect<Sample> =>
  Effect.gen(function*() {
    yield* traffic(log, warmUpMillis)
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const start = performance.now()
    yield* traffic(log, (events / eventsPerSecond) * 1000)
    const seconds = (performance.now() - start) / 1000
    delay.disable()
    return {
      nanos: delay.percentile(99),
      dropped: 0,
      more: { p50: delay.percentile(50), max: delay.max, eventsPerSecond: events / seconds }
    }
  })

export const spillway: Job = {
  measure: (setup) =>
    Effect.runPromise(Effect.gen(function*() {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(loggingToFile(setup.path), scope)
      const sample = yield* observe(logEffect(setup.workload), setup).pipe(Effect.provideContext(context))
      const dropped = yield* Effect.provideContext(shutdownAndCount, context)
      yield* Scope.close(scope, Exit.void)
      return { ...sample, dropped }
    }))
}

export const pinoFastest: Job = {
  async measure(setup) {
    const opened = await openPino(setup.path, fastest)
    const log = pinoLog(opened, setup.workload)
    const sample = await Effect.runPromise(observe((i) => Effect.sync(() => log(i)), setup))
    await opened.close()
    return sample
  }
}
