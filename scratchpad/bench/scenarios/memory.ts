/** Resident memory while a program logs against a sink that never answers. */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import type { Logging } from "../../../src/Logging.ts"
import { defaults } from "../../../src/LogSink.ts"
import { collectGarbage, type Job, nanosSince } from "../job.ts"
import { effectLoop, type WorkloadName } from "../workload.ts"
import { droppedSoFar, stalled, withSinks } from "./runtime.ts"

const mebibyte = 1024 * 1024
const chunks = 50
// The queue is full well before a fifth of the events.
const fullAfter = chunks / 5
const warmUpEvents = 200_000

const measure = (
  workload: WorkloadName,
  events: number,
  yieldEvery: number
): Effect.Effect<{ readonly start: number; readonly resident: ReadonlyArray<number> }, never, Logging> =>
  Effect.gen(function*() {
    collectGarbage()
    const start = process.memoryUsage.rss()
    const resident: Array<number> = []
    for (let chunk = 0; chunk < chunks; chunk++) {
      yield* effectLoop(workload, events / chunks, yieldEvery)
      resident.push(process.memoryUsage.rss() - start)
    }
    return { start, resident }
  })

const job: Job = {
  async measure({ events, workload, yieldEvery }) {
    // Effect's own young generation is not ours to pay for.
    await Effect.runPromise(
      effectLoop(workload, warmUpEvents, yieldEvery).pipe(Effect.provide(Logger.layer([Logger.make(() => {})])))
    )
    const begin = process.hrtime.bigint()
    const { dropped, resident } = await Effect.runPromise(withSinks(
      [stalled("stalled")],
      Effect.gen(function*() {
        const { resident } = yield* measure(workload, events, yieldEvery)
        return { resident, dropped: yield* droppedSoFar }
      })
    ))
    const growth = Math.max(...resident)
    const whenFull = Math.max(...resident.slice(0, fullAfter))
    return {
      nanos: nanosSince(begin) / events,
      dropped: 0,
      more: {
        growthMiB: growth / mebibyte,
        growthAfterFullMiB: (Math.max(...resident.slice(fullAfter)) - whenFull) / mebibyte,
        limitMiB: defaults.maxBytes / mebibyte + 48,
        droppedOnPurpose: dropped
      }
    }
  }
}

export default job
