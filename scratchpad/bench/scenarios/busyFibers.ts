/**
 * Very many fibers that are busy at once: each logs some lines and then gives way, so
 * that one turn of the event loop brings some lines of every fiber. A spool has less room
 * than all of them take: who does not keep up loses some.
 */
import * as Effect from "effect/Effect"
import type { SpoolOptions } from "../../../src/LogSink.ts"
import { build } from "../candidates/effect.ts"
import { loggingToFile, shutdownAndCount } from "../candidates/spillway.ts"
import { type Job, nanosSince } from "../job.ts"
import { annotations, logEffect } from "../workload.ts"

const linesPerTurn = 4
const spoolBytes = 16 * 1024 * 1024

const busy = (fibers: number, log: (i: number) => Effect.Effect<void>, events: number): Effect.Effect<void> => {
  const turns = Math.ceil(events / (fibers * linesPerTurn))
  const fiber = Effect.gen(function*() {
    for (let turn = 0; turn < turns; turn++) {
      for (let i = 0; i < linesPerTurn; i++) yield* log(i)
      yield* Effect.yieldNow
    }
  })
  return Effect.forEach(Array.from({ length: fibers }), () => fiber, { concurrency: "unbounded", discard: true }).pipe(
    Effect.annotateLogs(annotations)
  )
}

export const busyFibers = (fibers: number, mode?: SpoolOptions["mode"]): Job => ({
  async measure({ events, path, workload }) {
    const file = mode && { spool: { directory: `${path}.spool`, mode, maxBytes: spoolBytes } }
    const { close, context } = await build(loggingToFile(path, {}, file))
    const start = process.hrtime.bigint()
    await Effect.runPromise(Effect.provideContext(busy(fibers, logEffect(workload), events), context))
    const dropped = await Effect.runPromise(Effect.provideContext(shutdownAndCount, context))
    const nanos = nanosSince(start) / events
    await Effect.runPromise(close)
    return { nanos, dropped, more: {} }
  }
})
