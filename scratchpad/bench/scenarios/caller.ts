/**
 * What the caller of `Effect.logInfo` waits. Bursts are timed that fit into one
 * turn of the event loop; what the workers do between bursts is not.
 */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Logging from "../../../src/Logging.ts"
import { collectGarbage, type Job, nanosSince, type Sample, type Setup } from "../job.ts"
import { annotations, logEffect } from "../workload.ts"
import { discarding, droppedSoFar, stalled, withSinks } from "./runtime.ts"

// Below the 2,048 operations after which Effect would yield within a burst.
const burstSize = 400
const warmUpBursts = 1000

const timeBursts = <R>(setup: Setup, between: Effect.Effect<unknown, never, R>): Effect.Effect<number, never, R> => {
  const log = logEffect(setup.workload)
  const bursts = Math.ceil(setup.events / burstSize)
  return Effect.gen(function*() {
    let nanos = 0
    for (let burst = -warmUpBursts; burst < bursts; burst++) {
      if (burst === 0) {
        collectGarbage()
        nanos = 0
      }
      const start = process.hrtime.bigint()
      for (let i = 0; i < burstSize; i++) yield* log(i)
      nanos += nanosSince(start)
      yield* between
    }
    return nanos / (bursts * burstSize)
  }).pipe(Effect.annotateLogs(annotations))
}

export const noop: Job = {
  measure: (setup) =>
    Effect.runPromise(
      timeBursts(setup, Effect.yieldNow).pipe(
        Effect.map((nanos): Sample => ({ nanos, dropped: 0, more: {} })),
        Effect.provide(Logger.layer([Logger.make(() => {})]))
      )
    )
}

export const accepted = (sinks: number): Job => ({
  measure: (setup) =>
    Effect.runPromise(withSinks(
      Array.from({ length: sinks }, (_, i) => discarding(`sink${i}`)),
      Effect.gen(function*() {
        const logging = yield* Logging.Logging
        const nanos = yield* timeBursts(setup, logging.flush)
        return { nanos, dropped: yield* droppedSoFar, more: {} }
      })
    ))
})

/** Every timed call meets a full lane: the lane fills up during the warm-up. */
export const full: Job = {
  measure: (setup) =>
    Effect.runPromise(withSinks(
      [stalled("stalled")],
      Effect.gen(function*() {
        const nanos = yield* timeBursts(setup, Effect.yieldNow)
        const dropped = yield* droppedSoFar
        return { nanos, dropped: 0, more: { droppedOnPurpose: dropped } }
      })
    ))
}
