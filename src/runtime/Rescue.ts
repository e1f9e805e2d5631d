import type { Capture } from "../capture/Capture.ts"
import type { OpenEvents } from "../events/OpenEvents.ts"
import type { LogRecord } from "../LogRecord.ts"
import type { Lanes } from "./Lanes.ts"

/** Writes records at once, where no sink can, or throws. */
export type LastResort = (records: ReadonlyArray<LogRecord>) => void

/** How long the last synchronous writes of one sink may take. */
const longestMillis = 250

/**
 * The last synchronous writes of a process that ends, in which no Effect runs any
 * more.
 *
 *     armed ──run──▶ done
 */
export class Rescue {
  private phase: "armed" | "done" = "armed"
  private readonly capture: Capture
  private readonly events: OpenEvents
  private readonly lanes: Lanes
  private readonly now: () => number

  constructor(capture: Capture, events: OpenEvents, lanes: Lanes, now: () => number) {
    this.capture = capture
    this.events = events
    this.lanes = lanes
    this.now = now
  }

  /** Writes all that the lanes hold, and later records one by one. Gives `false` when that was done before. */
  run(lastResort: LastResort): boolean {
    if (this.phase === "done") return false
    this.phase = "done"
    this.events.endAll()
    const { fallbacks, lanes, syncLanes } = this.lanes
    for (const lane of [...lanes, ...fallbacks]) lane.writeLeft(lastResort, this.timeOfOneSink())
    for (const lane of syncLanes) lane.close()
    this.capture.close(lastResort)
    return true
  }

  /** Whether the time of one sink lasts, from now on: a console nobody reads must not use up the file's. */
  timeOfOneSink(): () => boolean {
    const until = this.now() + longestMillis
    return () => this.now() < until
  }
}
