/**
 * A lane with a spool, against the same without one. The program waits for room now
 * and then, so that nothing may be dropped, and every event must be in the file.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logging from "../../../src/Logging.ts"
import type { SpoolOptions } from "../../../src/LogSink.ts"
import * as FileSink from "../../../src/sinks/FileSink.ts"
import { fileJob } from "../candidates/candidate.ts"
import { build } from "../candidates/effect.ts"
import type { Job } from "../job.ts"
import { effectLoop, type WorkloadName } from "../workload.ts"

const name = "file"
const eventsPerTurn = 1000
const shutdownTimeout = "2 minutes"

const paced = (
  { room }: Context.Service.Shape<typeof Logging.Logging>,
  workload: WorkloadName,
  events: number
): Effect.Effect<void> =>
  Effect.gen(function*() {
    for (let from = 0; from < events; from += eventsPerTurn) {
      yield* effectLoop(workload, Math.min(eventsPerTurn, events - from), 0)
      yield* room
      yield* Effect.yieldNow
    }
  })

/** With `none` it has no spool. */
export const spooled = (mode: SpoolOptions["mode"] | "none"): Job =>
  fileJob({
    async open({ path, workload }) {
      const spool = mode === "none" ? {} : { spool: { directory: `${path}.spool`, mode } }
      const sink = Effect.orDie(FileSink.make({ name, path, required: true, ...spool }))
      const { close, context } = await build(Logging.layer({ sinks: [sink], shutdownTimeout }))
      const logging = Context.get(context, Logging.Logging)
      let logged = 0
      const end = Effect.gen(function*() {
        const { lanes } = yield* logging.shutdown
        yield* close
        return logged - (lanes[name]?.delivered ?? 0)
      })
      return {
        log: (events) => {
          logged += events
          return Effect.runPromise(Effect.provideContext(paced(logging, workload, events), context))
        },
        close: () => Effect.runPromise(Effect.provideContext(end, context))
      }
    }
  })
