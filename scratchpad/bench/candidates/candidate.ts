/**
 * A logger that writes a file. A program keeps its logger, so the one that is
 * timed is the one that was warmed up. The clock runs from the first log call
 * after that until `close` is done, which is when every byte is with the
 * operating system.
 */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { startInstrument } from "../instruments.ts"
import { collectGarbage, type Job, nanosSince, type Setup, warmUpOf } from "../job.ts"
import { lateIn } from "../lines.ts"

export interface Session {
  readonly log: (events: number) => Promise<void>
  /** Flushes and closes; gives the number of events that were dropped since it was opened. */
  readonly close: () => Promise<number>
}

export interface Candidate {
  readonly open: (setup: Omit<Setup, "events">) => Promise<Session>
  readonly writes?: "nothing"
  /** Whether it is also measured how late the event loop is. */
  readonly watchesLoop?: boolean
}

export const fileJob = (candidate: Candidate): Job => ({
  async measure(setup) {
    const session = await candidate.open(setup)
    const warmUp = warmUpOf(setup.events)
    collectGarbage()
    await session.log(warmUp)
    const late = candidate.writes === "nothing" ? 0 : await lateIn(setup.path, warmUp)
    const delay = candidate.watchesLoop === true ? monitorEventLoopDelay({ resolution: 1 }) : undefined

    const instrument = await startInstrument()
    delay?.enable()
    const cpuBefore = process.cpuUsage()
    const start = process.hrtime.bigint()
    await session.log(setup.events)
    const looped = nanosSince(start)
    const dropped = await session.close()
    const nanos = nanosSince(start)
    if (late > dropped) throw new Error(`${late} events of the warm-up were late, of which ${dropped} were dropped`)
    const cpu = process.cpuUsage(cpuBefore)
    delay?.disable()
    const allocated = await instrument.stop()
    return {
      nanos: nanos / setup.events,
      dropped,
      more: {
        loop: looped / setup.events,
        cpu: ((cpu.user + cpu.system) * 1000) / setup.events,
        ...(delay === undefined ? {} : { loopP99: delay.percentile(99) }),
        ...(allocated === undefined ? {} : { allocated: allocated / setup.events })
      }
    }
  }
})
