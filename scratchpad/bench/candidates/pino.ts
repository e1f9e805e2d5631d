/** pino in its modes, with a child logger for the annotations. */
import { once } from "node:events"
import { pino } from "pino"
import type { Job } from "../job.ts"
import { boundLog, plainLoop, type WorkloadName } from "../workload.ts"
import { fileJob } from "./candidate.ts"

export interface Mode {
  readonly sync: boolean
  readonly minLength?: number
}

export const fastest: Mode = { sync: true, minLength: 2048 }
export const largerBuffer: Mode = { sync: true, minLength: 4096 }
export const asynchronous: Mode = { sync: false, minLength: 4096 }
/** What `pino(path)` does. */
export const byDefault: Mode = { sync: true }

const eventsPerTurn = 1000

export const openPino = async (path: string, mode: Mode) => {
  const destination = pino.destination({ dest: path, ...mode })
  await once(destination, "ready")
  return {
    logger: pino(destination),
    async close() {
      const closed = once(destination, "close")
      destination.end()
      await closed
    }
  }
}

export const pinoLog = (
  { logger }: Awaited<ReturnType<typeof openPino>>,
  workload: WorkloadName
): (i: number) => void =>
  boundLog(workload, (annotations) => logger.child(annotations), {
    text: (child, text) => child.info(text),
    textAndBody: (child, text, body) => child.info(body, text)
  })

export const pinoJob = (mode: Mode): Job =>
  fileJob({
    async open({ path, workload }) {
      const opened = await openPino(path, mode)
      const log = pinoLog(opened, workload)
      return {
        log: (events) => plainLoop(log, events, mode.sync ? 0 : eventsPerTurn),
        async close() {
          await opened.close()
          return 0
        }
      }
    }
  })
