/**
 * A logger that sends its events to the far end. As many as are timed are sent before, to warm it up. The clock runs from the first log call after the warm-up until all
 * events are there: until the logger says so, or the far end, where the logger does not know.
 */
import type { Session } from "../candidates/candidate.ts"
import { startInstrument } from "../instruments.ts"
import { collectGarbage, type Job, nanosSince } from "../job.ts"
import type { WorkloadName } from "../workload.ts"
import { FarEnd } from "./FarEnd.ts"

export interface NetworkSetup {
  readonly workload: WorkloadName
  readonly yieldEvery: number
  /** The address of the far end, without a path. */
  readonly url: string
  /** How many events are logged in all, with the warm-up: a queue with room for all of them loses none. */
  readonly events: number
}

export interface NetworkCandidate {
  readonly open: (setup: NetworkSetup) => Promise<Session>
  /** Whether everything has been answered once it is closed. */
  readonly closes: "delivered" | "sent"
}

export const networkJob = ({ closes, open }: NetworkCandidate): Job => ({
  async measure({ events, path: url, workload, yieldEvery }) {
    const farEnd = new FarEnd(url)
    const session = await open({ workload, yieldEvery, url, events: 2 * events })
    collectGarbage()
    await session.log(events)
    await farEnd.until(events)
    const before = await farEnd.judged({ workload, events })
    if (before.missing + before.doubled + before.wrong > 0) {
      throw new Error(`of the ${events} events of the warm-up this arrived: ${JSON.stringify(before)}`)
    }

    const instrument = await startInstrument()
    const cpuBefore = process.cpuUsage()
    const start = process.hrtime.bigint()
    await session.log(events)
    const looped = nanosSince(start)
    const dropped = await session.close()
    if (closes === "sent") await farEnd.until(events)
    const nanos = nanosSince(start)
    const cpu = process.cpuUsage(cpuBefore)
    await instrument.stop()

    const { bytes, doubled, example, missing, requests, wrong } = await farEnd.judged({ workload, events })
    if (example !== undefined) console.error(`not what was logged: ${example}`)
    return {
      nanos: nanos / events,
      dropped: Math.max(dropped, missing + doubled + wrong),
      more: {
        loop: looped / events,
        cpu: ((cpu.user + cpu.system) * 1000) / events,
        bytes: bytes / events,
        requests
      }
    }
  }
})
