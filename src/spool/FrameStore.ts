/// <reference types="node" />
import type { LogRecord } from "../LogRecord.ts"
import { codeOf } from "../node/codeOf.ts"
import type { Place } from "./disk/Cursor.ts"
import { attempt } from "./disk/files.ts"
import { type FrameFields, headerBytes, longestPayload } from "./disk/frame.ts"
import { SpoolError, unavailable } from "./disk/SpoolError.ts"
import { FramesRead, type TakenContent, type TakenFrame, takenFrame } from "./FramesRead.ts"
import type { Logs } from "./log/openLogs.ts"
import type { SpoolLog } from "./log/SpoolLog.ts"
import { type Most, RecentFrames } from "./RecentFrames.ts"
import type { AppendResult, Recovery } from "./results.ts"

/** What of a frame is kept in memory, unless all that is kept would be more bytes. */
export interface Keep {
  readonly records: ReadonlyArray<LogRecord>
  readonly mostBytes: number
}

const one: Most = { records: 0, bytes: 0 }

/**
 * Frames in a bounded number of bytes: those of dead owners come first, then our
 * own. A closed store gives and takes nothing.
 */
export class FrameStore {
  readonly recovery: Recovery
  private readonly own: SpoolLog
  private adopted: ReadonlyArray<SpoolLog>
  private readonly maxBytes: number
  private readonly isInstance: boolean
  private readonly recent = new RecentFrames()
  /** What was read and did not go with what was taken before it. */
  private ahead: FramesRead | undefined = undefined
  private state: "open" | "closed" = "open"

  /** `main` is the directory it appends to unless somebody else does. */
  constructor(logs: Logs, maxBytes: number, main: string) {
    this.own = logs.own
    this.adopted = logs.adopted
    this.isInstance = logs.own.directory !== main
    this.maxBytes = maxBytes
    // What an earlier process settled and could not remove any more.
    for (const log of this.logs) attempt(() => log.checkpoint())
    this.recovery = {
      records: this.records,
      corruptRecords: this.sum((log) => log.recovered.corruptRecords),
      corruptBytes: this.sum((log) => log.recovered.corruptBytes),
      setAside: this.sum((log) => log.recovered.setAside),
      adopted: this.adopted.length,
      held: logs.held
    }
  }

  /** Takes over logs of owners that died meanwhile. */
  adopt(logs: ReadonlyArray<SpoolLog>): void {
    this.adopted = [...this.adopted, ...logs]
    for (const log of logs) attempt(() => log.checkpoint())
  }

  get logs(): ReadonlyArray<SpoolLog> {
    return [...this.adopted, this.own]
  }

  get records(): number {
    return this.sum((log) => log.records)
  }

  get bytes(): number {
    return this.sum((log) => log.bytes)
  }

  get corruptBytes(): number {
    return this.sum((log) => log.corruptBytes)
  }

  get directory(): string {
    return this.own.directory
  }

  /** Appends a frame whose payload is in place; the oldest make room for it when it is `sliding`. It may be kept in memory too. */
  append(frame: Buffer, fields: FrameFields, sliding: boolean, keep?: Keep): AppendResult {
    const { closed } = this
    if (closed !== undefined) return { _tag: "Failed", dropped: 0, error: closed }
    const size = frame.length
    if (size - headerBytes > longestPayload || size > this.maxBytes) return { _tag: "Refused", dropped: 0 }
    const room = this.makeRoom(size, sliding)
    if (!room.made) return { _tag: "Refused", dropped: room.dropped }
    let dropped = room.dropped
    // Every round but the last gives bytes back, so there are at most as many as there are segments.
    for (;;) {
      try {
        const start = this.own.append(frame, fields)
        if (keep !== undefined) this.keep(start, size, fields, keep)
        return { _tag: "Appended", dropped }
      } catch (cause) {
        const more = isFull(cause) ? this.giveBack(sliding) : undefined
        if (more === undefined) {
          return { _tag: "Failed", dropped, error: unavailable(this.own.directory, "append to the spool", cause) }
        }
        dropped += more
      }
    }
  }

  private keep(start: Place, size: number, fields: FrameFields, { mostBytes, records }: Keep): void {
    const end = { ...start, offset: start.offset + size, position: start.position + records.length }
    let bytes = 0
    for (const record of records) bytes += record.bytes
    this.recent.keep({ records, bytes, fields, start, end }, mostBytes)
  }

  /** Takes the oldest frames that were not taken, up to so many records or bytes; an error when they cannot be read now. */
  take(most: Most = one): TakenContent | SpoolError | undefined {
    if (this.state === "closed") return undefined
    try {
      const first = this.takeAhead() ?? this.read(most)
      return first instanceof FramesRead ? this.readOn(first, most) : first
    } catch (error) {
      return unavailable(this.own.directory, "read the spool", error)
    }
  }

  private takeAhead(): FramesRead | undefined {
    const { ahead } = this
    this.ahead = undefined
    return ahead
  }

  private read(most: Most): FramesRead | TakenContent | undefined {
    for (const log of this.logs) {
      const recent = log === this.own ? this.takeRecent(most) : undefined
      const frame = recent ?? FramesRead.next(log, log === this.own)
      if (frame !== undefined) return frame
    }
    return undefined
  }

  /** Joins what follows a frame to it. What does not go with it is kept for the next time: it is read. */
  private readOn(first: FramesRead, most: Most): TakenContent {
    const { log } = first
    while (first.mayGrow(most) && !(log === this.own && this.recent.has(log.expected))) {
      let next: FramesRead | undefined
      try {
        next = FramesRead.next(log, log === this.own)
      } catch {
        // Whoever asks next is told.
      }
      if (next === undefined) break
      first.takeLossOf(next)
      if (!first.join(next, most)) {
        this.ahead = next
        break
      }
    }
    return first
  }

  private takeRecent(most: Most): TakenContent | undefined {
    const { own } = this
    const frame = this.recent.take(own.expected, most)
    if (frame === undefined) return undefined
    const { end, fields, records, start } = frame
    const kept = own.keepNext(start, end)
    return { ...takenFrame(own, kept), records, lost: 0, deadLetter: undefined, header: fields, recovered: false }
  }

  /** Takes the frame that was appended last, without reading it. Only when every other was taken. */
  takeLast(count: number): TakenFrame {
    return takenFrame(this.own, this.own.keepLast(count))
  }

  checkpoint(): SpoolError | undefined {
    this.recent.forget()
    if (this.state === "closed") return undefined
    let failure: SpoolError | undefined
    for (const log of this.logs) failure = failed(() => log.checkpoint()) ?? failure
    const done = this.adopted.filter((log) => log.records === 0)
    if (done.length > 0) {
      this.adopted = this.adopted.filter((log) => !done.includes(log))
      for (const log of done) log.closeForGood()
    }
    return failure
  }

  /** Has the cursors say what is settled, without forcing that to the disk. */
  note(): void {
    if (this.state === "open") { for (const log of this.logs) log.note() }
  }

  sync(): SpoolError | undefined {
    return this.state === "closed" ? undefined : failed(() => this.own.sync())
  }

  close(): void {
    if (this.state === "closed") return
    this.state = "closed"
    this.recent.forget()
    this.ahead = undefined
    for (const log of this.adopted) log.closeForGood()
    if (this.isInstance) this.own.closeForGood()
    else this.own.close()
  }

  private makeRoom(size: number, sliding: boolean): { readonly made: boolean; readonly dropped: number } {
    let dropped = 0
    while (this.bytes + size > this.maxBytes) {
      const more = this.giveBack(sliding)
      if (more === undefined) return { made: false, dropped }
      dropped += more
    }
    return { made: true, dropped }
  }

  /** Gives back what nobody needs, else the oldest when it is `sliding`: how many records are lost, or nothing when no byte was to be had. */
  private giveBack(sliding: boolean): number | undefined {
    if (this.free()) return 0
    return sliding ? this.dropOldest() : undefined
  }

  private free(): boolean {
    let freed = false
    for (const log of this.logs) freed = log.free() || freed
    return freed
  }

  private dropOldest(): number | undefined {
    for (const log of this.logs) {
      const dropped = log.dropOldest()
      if (dropped !== undefined) return dropped + this.dropAhead()
    }
    return undefined
  }

  /** What was read ahead is nobody's: it goes with its segment. */
  private dropAhead(): number {
    if (this.ahead === undefined || this.ahead.isOnDisk()) return 0
    const { ahead } = this
    this.ahead = undefined
    ahead.settle()
    return ahead.records.length
  }

  private sum(of: (log: SpoolLog) => number): number {
    let sum = of(this.own)
    for (const log of this.adopted) sum += of(log)
    return sum
  }

  /** What is wrong with a store that was closed. */
  get closed(): SpoolError | undefined {
    if (this.state === "open") return undefined
    return new SpoolError({
      reason: "Closed",
      path: this.own.directory,
      message: `the spool ${JSON.stringify(this.own.directory)} is closed: open it again`
    })
  }
}

const isFull = (cause: unknown): boolean => {
  const code = codeOf(cause)
  return code === "ENOSPC" || code === "EDQUOT"
}

const failed = (step: () => void): SpoolError | undefined => {
  try {
    step()
    return undefined
  } catch (error) {
    return unavailable("the spool", "write", error)
  }
}
