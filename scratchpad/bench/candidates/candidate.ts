/**
 * A logger that writes a file. The clock runs from the first log call until
 * `close` is done, which is when every byte is with the operating system.
 */
import { rmSync } from "node:fs"
import { startInstrument } from "../instruments.ts"
import { collectGarbage, type Job, nanosSince, type Setup } from "../job.ts"

export interface Session {
  readonly log: () => Promise<void>
  /** Flushes and closes; gives the number of events that were dropped. */
  readonly close: () => Promise<number>
}

export interface Candidate {
  readonly open: (setup: Setup) => Promise<Session>
}

const warmUpShare = 5
const leastWarmUp = 50_000

export const fileJob = (candidate: Candidate): Job => ({
  async measure(setup) {
    const events = Math.max(leastWarmUp, Math.ceil(setup.events / warmUpShare))
    const warmUpPath = `${setup.path}.warm-up`
    const warmUp = await candidate.open({ ...setup, events, path: warmUpPath })
    await warmUp.log()
    await warmUp.close()
    rmSync(warmUpPath)
    collectGarbage()

    const session = await candidate.open(setup)
    const instrument = await startInstrument()
    const cpuBefore = process.cpuUsage()
    const start = process.hrtime.bigint()
    await session.log()
    const looped = nanosSince(start)
    const dropped = await session.close()
    const nanos = nanosSince(start)
    const cpu = process.cpuUsage(cpuBefore)
    const allocated = await instrument.stop()
    return {
      nanos: nanos / setup.events,
      dropped,
      more: {
        loop: looped / setup.events,
        cpu: ((cpu.user + cpu.system) * 1000) / setup.events,
        ...(allocated === undefined ? {} : { allocated: allocated / setup.events })
      }
    }
  }
})
