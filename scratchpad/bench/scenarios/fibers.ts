/**
 * Many short fibers, each with annotations of its own, against one long fiber
 * that gives way as often as they end.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Logging from "../../../src/Logging.ts"
import { type Job, nanosSince, type Sample, type Setup } from "../job.ts"
import { annotations, effectLoop, logEffect } from "../workload.ts"
import { discarding, droppedSoFar, withSinks } from "./runtime.ts"

const eventsPerFiber = 100
const alive = 8
const warmUpEvents = 100_000

const one = ({ workload }: Setup, events: number): Effect.Effect<void> => effectLoop(workload, events, eventsPerFiber)

const many = ({ workload }: Setup, events: number): Effect.Effect<void> => {
  const log = logEffect(workload)
  const fiber = (id: number): Effect.Effect<void> =>
    Effect.annotateLogs(
      Effect.gen(function*() {
        for (let i = 0; i < eventsPerFiber; i++) yield* log(i)
      }),
      { ...annotations, requestId: `req-${id}` }
    )
  const ids = Array.from({ length: Math.ceil(events / eventsPerFiber) }, (_, i) => i)
  return Effect.forEach(ids, (id) => Effect.flatMap(Effect.forkChild(fiber(id)), Fiber.join), {
    concurrency: alive,
    discard: true
  })
}

const job = (program: (setup: Setup, events: number) => Effect.Effect<void>): Job => ({
  measure: (setup) =>
    Effect.runPromise(withSinks(
      [discarding("sink")],
      Effect.gen(function*() {
        const logging = yield* Logging.Logging
        yield* program(setup, warmUpEvents)
        yield* logging.flush
        const before = yield* droppedSoFar
        const start = process.hrtime.bigint()
        yield* program(setup, setup.events)
        yield* logging.flush
        const nanos = nanosSince(start) / setup.events
        return { nanos, dropped: (yield* droppedSoFar) - before, more: {} }
      })
    ))
})

const noopJob = (program: (setup: Setup, events: number) => Effect.Effect<void>): Job => ({
  measure: (setup) =>
    Effect.gen(function*() {
      yield* program(setup, warmUpEvents)
      const start = process.hrtime.bigint()
      yield* program(setup, setup.events)
      const sample: Sample = { nanos: nanosSince(start) / setup.events, dropped: 0, more: {} }
      return sample
    }).pipe(Effect.provide(Logger.layer([Logger.make(() => {})])), Effect.runPromise)
})

export const oneFiber = job(one)
export const manyFibers = job(many)
export const oneFiberNoop = noopJob(one)
export const manyFibersNoop = noopJob(many)
