import type { LogRecord } from "../LogRecord.ts"
import type { Place } from "./disk/Cursor.ts"
import type { FrameHeader } from "./disk/frame.ts"
import { type Content, contentOfTaken } from "./frameContent.ts"
import type { Taken } from "./log/LogReader.ts"
import type { SpoolLog } from "./log/SpoolLog.ts"
import type { Kept } from "./log/TakenFrames.ts"
import type { Most } from "./RecentFrames.ts"

/** Frames that were taken, until they are settled. */
export interface TakenFrame {
  readonly settle: () => void
  /** Their records at these places, among those that were taken, are settled. */
  readonly settleSome: (places: ReadonlyArray<number>) => void
  /** Whether they are not settled and did not have to make room. */
  readonly isOnDisk: () => boolean
}

/** Frames that were read, or only what is missing in front of the next one: then it has no `header`. */
export interface TakenContent extends TakenFrame, Content {
  readonly header: Pick<FrameHeader, "flags" | "config"> | undefined
  /** Whether an earlier process appended them. */
  readonly recovered: boolean
}

/** A frame that was taken from a log. */
export const takenFrame = (log: SpoolLog, kept: Kept): TakenFrame => ({
  settle: () => log.settle(kept),
  settleSome: (places) => log.settleSome(kept, places),
  isOnDisk: () => kept.state === "onDisk"
})

interface Part {
  readonly kept: Kept
  readonly count: number
}

/** A frame that was read, and those behind it in its segment that go with it: what came bit by bit is not sent bit by bit. */
export class FramesRead implements TakenContent {
  readonly header: FrameHeader | undefined
  readonly recovered: boolean
  readonly deadLetter: Content["deadLetter"]
  lost: number
  readonly records: Array<LogRecord>
  readonly log: SpoolLog
  private readonly start: Place
  private readonly parts: Array<Part>
  private end: Place
  private bytes = 0

  private constructor(log: SpoolLog, taken: Taken, isOurs: boolean) {
    const { deadLetter, lost, records } = contentOfTaken(taken)
    this.log = log
    this.header = taken.frame?.header
    this.recovered = !isOurs || taken.end.position <= log.recovered.next
    this.deadLetter = deadLetter
    this.lost = lost
    this.records = [...records]
    this.start = taken.start
    this.end = taken.end
    this.parts = [{ kept: log.keep(taken, records.length), count: records.length }]
    for (const { bytes } of records) this.bytes += bytes
  }

  /** Takes the next frame of a log, or only what is missing in front of it. Throws a `SpoolError` when it cannot be read now. */
  static next(log: SpoolLog, isOurs: boolean): FramesRead | undefined {
    const taken = log.take()
    return taken && new FramesRead(log, taken, isOurs)
  }

  /** Whether another frame may go with it. What may have been sent goes alone, as it went then. */
  mayGrow(most: Most): boolean {
    return this.header?.flags === 0 && this.lost === 0 && this.records.length < most.records && this.bytes < most.bytes
  }

  /** Tells with it what is missing in front of the next frame: it is counted, though that may never be taken. */
  takeLossOf(next: FramesRead): void {
    this.lost += next.lost
    next.lost = 0
  }

  /** Puts the next frame behind it, if that goes with it. */
  join(next: FramesRead, most: Most): boolean {
    if (!this.isFollowedBy(next) || this.lost > 0 || next.recovered !== this.recovered) return false
    if (next.header?.flags !== 0 || next.header.config !== this.header?.config) return false
    if (this.records.length + next.records.length > most.records || this.bytes + next.bytes > most.bytes) return false
    for (const record of next.records) this.records.push(record)
    this.bytes += next.bytes
    this.end = next.end
    this.parts.push(...next.parts)
    return true
  }

  // A segment may be dropped while what was taken of it is sent: what is on disk in part is of no use.
  private isFollowedBy({ start }: FramesRead): boolean {
    return start.position === this.end.position && start.segment === this.start.segment
  }

  readonly settle = (): void => {
    for (const { kept } of this.parts) this.log.settle(kept)
  }

  readonly settleSome = (places: ReadonlyArray<number>): void => {
    const left = places.toSorted((one, other) => one - other)
    let next = 0
    let first = 0
    for (const { count, kept } of this.parts) {
      const own: Array<number> = []
      for (let place = left[next]; place !== undefined && place < first + count; place = left[++next]) {
        own.push(place - first)
      }
      if (own.length > 0) this.log.settleSome(kept, own)
      first += count
    }
  }

  readonly isOnDisk = (): boolean => this.parts.every(({ kept }) => kept.state === "onDisk")
}
