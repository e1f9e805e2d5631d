/** Who takes turns in one process, each with a log of its own that stays open. */
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Stream from "effect/Stream"
import { cpSync, rmSync } from "node:fs"
import { join } from "node:path"
import * as Ledger from "../../../src/Ledger.ts"
import * as Logging from "../../../src/Logging.ts"
import * as FileSink from "../../../src/sinks/FileSink.ts"
import * as WideEvent from "../../../src/WideEvent.ts"
import type { Session } from "../candidates/candidate.ts"
import { build } from "../candidates/effect.ts"
import { type Mode, openPino } from "../candidates/pino.ts"
import { logging, serviceOf } from "../candidates/service.ts"
import type { LayerOptions } from "../candidates/spillway.ts"
import { openEffects, openPinoChild, openSilent } from "../service/loggers.ts"
import { effectLoop, type WorkloadName } from "../workload.ts"

/** A lane has room for what is logged between two turns of the event loop. */
const yieldEvery = 512

/** The service that logs nothing. */
export const silent = (): Session => {
  const log = logging(serviceOf(openSilent, {}))
  return { log: (events) => Effect.runPromise(log(events)), close: () => Promise.resolve(0) }
}

export const pino = async (path: string, mode: Mode): Promise<Session> => {
  const opened = await openPino(path, mode)
  const log = logging(serviceOf(openPinoChild(opened.logger), {}))
  return {
    log: (events) => Effect.runPromise(log(events)),
    async close() {
      await opened.close()
      return 0
    }
  }
}

/** A version of ours: what of it is used here. */
export interface Version {
  readonly Logging: Pick<typeof Logging, "Logging" | "layer">
  readonly FileSink: Pick<typeof FileSink, "make">
}

export const now: Version = { Logging, FileSink }

const copy = join(import.meta.dirname, "..", "..", "..", "dist", "before")

/** The sources of another checkout, copied into this one, where they find the same Effect. */
export const versionOf = async (checkout: string): Promise<Version> => {
  removeVersion()
  cpSync(join(checkout, "src"), copy, { recursive: true })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it has is what this checkout has, or the run fails
  const load = <A>(file: string) => import(join(copy, file)) as Promise<A>
  const [logging, fileSink] = await Promise.all([
    load<Version["Logging"]>("Logging.ts"),
    load<Version["FileSink"]>("sinks/FileSink.ts")
  ])
  return { Logging: logging, FileSink: fileSink }
}

export const removeVersion = (): void => rmSync(copy, { recursive: true, force: true })

export interface Kind {
  readonly version?: Version
  readonly options?: LayerOptions
  readonly isWatched?: true
  /** Whether what is logged is inside of an event that is open. */
  readonly isInside?: true
}

export const ours = async (
  workload: WorkloadName,
  path: string,
  { isInside, isWatched, options, version = now }: Kind
): Promise<Session> => {
  const { FileSink, Logging } = version
  const { close, context } = await build(
    Logging.layer({ spanEvents: false, ...options, sinks: [Effect.orDie(FileSink.make({ path, required: true }))] })
  )
  const run = <A>(effect: Effect.Effect<A, never, Logging.Logging>): Promise<A> =>
    Effect.runPromise(Effect.provideContext(effect, context))
  const { flush, records, shutdown } = await run(Logging.Logging)
  if (isWatched === true) Effect.runFork(Stream.runForEachArray(records(), () => Effect.void))
  const program = workload === "W"
    ? logging(serviceOf(openEffects, {}))
    : (events: number) => effectLoop(workload, events, yieldEvery)
  const inside = isInside === true ? WideEvent.record("block") : identity<Effect.Effect<void>>
  return {
    log: (events) => run(Effect.andThen(inside(program(events)), flush)),
    async close() {
      const report = await run(shutdown)
      await Effect.runPromise(close)
      return Ledger.lost(report)
    }
  }
}
