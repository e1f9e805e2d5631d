/** The workloads of the benchmark, so long that several batches are full, with the time that passes in a turn of the event loop. */
import * as Effect from "effect/Effect"
import { openEffects } from "../../scratchpad/bench/service/loggers.ts"
import { fibers, linesPerTurn, serve } from "../../scratchpad/bench/service/program.ts"
import { effectLoop, type WorkloadName } from "../../scratchpad/bench/workload.ts"

export interface Workload {
  readonly events: number
  readonly millisPerTurn: number
  readonly log: (events: number) => Effect.Effect<void>
}

const loop = (name: WorkloadName): Workload => ({
  events: 20_000,
  millisPerTurn: 1,
  log: (events) => effectLoop(name, events, 0)
})

/** In a turn all its fibers log. */
const service = (events: number, eventsPerSecond: number): Workload => ({
  events,
  millisPerTurn: (1000 * fibers * linesPerTurn) / eventsPerSecond,
  log: (lines) =>
    Effect.suspend(() =>
      serve({ open: openEffects, tracer: true, logSpans: true, annotations: true }, { next: 0, lines })
    )
})

export const workloads: Readonly<Record<string, Workload>> = {
  S: loop("S"),
  O: loop("O"),
  R: loop("R"),
  W: service(10_000, 500_000),
  "W at 20,000 events a second": service(6_000, 20_000)
}
