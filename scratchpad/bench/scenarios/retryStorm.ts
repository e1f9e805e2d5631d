/**
 * Every second write fails. The program waits for room in the queue, so that
 * nothing may be dropped; retries wait for no time, so that the figure is the
 * work of retrying and not the waiting.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Logging from "../../../src/Logging.ts"
import * as LogSink from "../../../src/LogSink.ts"
import { type Job, nanosSince } from "../job.ts"
import { effectLoop } from "../workload.ts"
import { withSinks } from "./runtime.ts"

const name = "storm"
const eventsPerTurn = 128
const mostQueued = 4096
const warmUpEvents = 100_000

const storm = (failing: boolean): { readonly sink: LogSink.LogSink; readonly delivered: () => number } => {
  let delivered = 0
  let attempts = 0
  const sink = LogSink.make({
    name,
    retry: Schedule.forever,
    write: (batch) =>
      Effect.suspend(() => {
        if (failing && ++attempts % 2 === 1) return Effect.fail(LogSink.unavailable("not now"))
        delivered += batch.length
        return Effect.void
      })
  })
  return { sink, delivered: () => delivered }
}

const job = (failing: boolean): Job => ({
  measure: ({ events, workload }) => {
    const { delivered, sink } = storm(failing)
    return Effect.runPromise(withSinks(
      [sink],
      Effect.gen(function*() {
        const logging = yield* Logging.Logging
        const log = (count: number) =>
          Effect.gen(function*() {
            for (let i = 0; i < count; i += eventsPerTurn) {
              yield* effectLoop(workload, Math.min(eventsPerTurn, count - i), 0)
              while (((yield* logging.stats).lanes[name]?.queued ?? 0) > mostQueued) yield* Effect.yieldNow
              yield* Effect.yieldNow
            }
            yield* logging.flush
          })
        yield* log(warmUpEvents)
        const before = delivered()
        const start = process.hrtime.bigint()
        yield* log(events)
        return {
          nanos: nanosSince(start) / events,
          dropped: events - (delivered() - before),
          more: { delivered: delivered() - before }
        }
      })
    ))
  }
})

export const healthy = job(false)
export const stormy = job(true)
