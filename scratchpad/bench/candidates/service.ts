/** Workload W: a service that logs to a file. */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { closeSync, openSync } from "node:fs"
import type { Job } from "../job.ts"
import { openEffects, openPinoChild, openSilent } from "../service/loggers.ts"
import { serve, type Service, type Traffic } from "../service/program.ts"
import { fileJob } from "./candidate.ts"
import { build } from "./effect.ts"
import { leastBytes } from "./leastBytes.ts"
import { leastLogger } from "./leastLogger.ts"
import { type Mode, openPino } from "./pino.ts"
import { type LayerOptions, loggingToFile, shutdownAndCount } from "./spillway.ts"

/** What a program has beside its lines. */
export interface Without {
  readonly tracer?: false
  readonly logSpans?: false
  readonly annotations?: false
}

export const serviceOf = (open: Service["open"], without: Without): Service => ({
  open,
  tracer: true,
  logSpans: true,
  annotations: true,
  ...without
})

/** The requests of one process, one after the other. */
export const logging = (service: Service) => {
  let next = 0
  return (lines: number, pauseOf?: (fiber: number) => Effect.Effect<void>): Effect.Effect<void> => {
    const traffic: Traffic = { next, lines }
    return Effect.map(serve(service, traffic, pauseOf), () => {
      next = traffic.next
    })
  }
}

/** The same program that logs nothing. */
export const silentService = (without: Without = {}): Job =>
  fileJob({
    writes: "nothing",
    watchesLoop: true,
    open: () => {
      const log = logging(serviceOf(openSilent, without))
      return Promise.resolve({
        log: (events) => Effect.runPromise(log(events)),
        close: () => Promise.resolve(0)
      })
    }
  })

/** The same program with the log calls of Effect, and a logger that does nothing: what they cost whoever hears them. */
export const unheardService = (without: Without = {}): Job =>
  fileJob({
    writes: "nothing",
    watchesLoop: true,
    open: () => {
      const log = logging(serviceOf(openEffects, without))
      const unheard = Logger.layer([Logger.make(() => {})])
      return Promise.resolve({
        log: (events) => Effect.runPromise(Effect.provide(log(events), unheard)),
        close: () => Promise.resolve(0)
      })
    }
  })

/** Loggers that only make and write the lines. */
const leastLoggers = { leastLogger, leastBytes }

/** The same with one of them. */
export const leastService = (least: keyof typeof leastLoggers, without: Without = {}): Job =>
  fileJob({
    watchesLoop: true,
    open({ path }) {
      const fd = openSync(path, "a")
      const { end, logger } = leastLoggers[least](fd)
      const log = logging(serviceOf(openEffects, without))
      const only = Logger.layer([logger])
      return Promise.resolve({
        log: (events) => Effect.runPromise(Effect.provide(log(events), only)).then(end),
        close() {
          closeSync(fd)
          return Promise.resolve(0)
        }
      })
    }
  })

export const spillwayService = (without: Without = {}, options: LayerOptions = {}): Job =>
  fileJob({
    watchesLoop: true,
    async open({ path }) {
      const { close, context } = await build(loggingToFile(path, options))
      const log = logging(serviceOf(openEffects, without))
      const end = shutdownAndCount.pipe(Effect.provideContext(context), Effect.tap(close))
      return {
        log: (events) => Effect.runPromise(Effect.provideContext(log(events), context)),
        close: () => Effect.runPromise(end)
      }
    }
  })

/** pino, called in the fibers of the same program. */
export const pinoService = (mode: Mode, without: Without = {}): Job =>
  fileJob({
    watchesLoop: true,
    async open({ path }) {
      const opened = await openPino(path, mode)
      const log = logging(serviceOf(openPinoChild(opened.logger), without))
      return {
        log: (events) => Effect.runPromise(log(events)),
        async close() {
          await opened.close()
          return 0
        }
      }
    }
  })
