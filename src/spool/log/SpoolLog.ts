/// <reference types="node" />
import { join } from "node:path"
import { Cursor, type Place } from "../disk/Cursor.ts"
import { attempt, type Files, remove } from "../disk/files.ts"
import type { FrameFields } from "../disk/frame.ts"
import { Quarantine } from "../disk/Quarantine.ts"
import { unavailable } from "../disk/SpoolError.ts"
import type { OwnerLock } from "../owner/OwnerLock.ts"
import { cursorName } from "./directories.ts"
import { LogReader, type Taken } from "./LogReader.ts"
import { type LogOptions, LogSegments } from "./LogSegments.ts"
import { recover, type Recovered } from "./recover.ts"
import { type Kept, TakenFrames } from "./TakenFrames.ts"

/** What the cursor file says, and whether the disk has it. */
interface Written {
  readonly position: number
  readonly end: number
  readonly durable: boolean
  /** Of what is settled behind the position. */
  readonly revision: number
}

/**
 * The segments, the cursor and the quarantine of one directory that is ours:
 * frames in, frames out in order, settled frames removed. It knows no records.
 *
 * ```
 * append ──▶ waiting ── take, keep ──▶ taken ── settle ──▶ settled ── checkpoint ──▶ removed
 * ```
 */
export class SpoolLog {
  readonly _tag = "Log"
  readonly directory: string
  readonly recovered: Recovered
  private readonly files: Files
  private readonly fsync: LogOptions["fsync"]
  private readonly lock: OwnerLock
  private readonly cursor: Cursor
  private readonly segments: LogSegments
  private readonly reader: LogReader
  private readonly taken: TakenFrames
  private written: Written | undefined

  constructor(directory: string, options: LogOptions, lock: OwnerLock) {
    const { files, fsync } = options
    this.directory = directory
    this.files = files
    this.fsync = fsync
    this.lock = lock
    const quarantine = new Quarantine(files, directory)
    this.cursor = new Cursor(files, join(directory, cursorName))
    const found = this.cursor.found
    this.recovered = recover(files, directory, quarantine, found)
    this.reader = new LogReader(files, quarantine, this.recovered)
    this.taken = new TakenFrames(this.reader, this.recovered)
    if (found !== undefined) {
      const { revision } = this.taken.settled
      this.written = { position: found.place.position, end: found.end, durable: true, revision }
    }
    this.segments = new LogSegments(directory, options, this.recovered, quarantine, this.reader, this.taken)
    if (fsync !== "never") this.segments.syncRecovered()
  }

  /** Records appended and not settled, with those whose loss is not noticed yet. */
  get records(): number {
    return this.reader.openUpTo(this.segments.next) + this.taken.records
  }

  get bytes(): number {
    return this.segments.bytes
  }

  get corruptBytes(): number {
    return this.recovered.corruptBytes + this.reader.corruptBytes
  }

  /** Appends a frame whose payload is in place; gives where. Throws, with nothing appended, what the system throws. */
  append(frame: Buffer, fields: FrameFields): Place {
    return this.segments.append(frame, fields)
  }

  /** Forces what was appended to the disk. */
  sync(): void {
    this.segments.sync()
  }

  /** The next frame, to be kept by whoever takes it. Throws a `SpoolError` when it cannot say now. */
  take(): Taken | undefined {
    return this.reader.take(this.segments.next)
  }

  /** Keeps a frame that was taken, of which so many records can be read, until it is settled. */
  keep(taken: Taken, count: number): Kept {
    return this.taken.keep(taken, count)
  }

  /** Takes and keeps the frame that was appended last, without reading it: everything before it was taken. */
  keepLast(count: number): Kept {
    return this.taken.keepLast(count, this.segments.next)
  }

  /** The position of the next record to be taken. */
  get expected(): number {
    return this.reader.expected
  }

  /** Takes and keeps the next frame, which stands between two places, without reading it. */
  keepNext(start: Place, end: Place): Kept {
    return this.taken.keepNext(start, end)
  }

  settle(kept: Kept): void {
    this.taken.settle(kept)
  }

  /** Some records of a frame are settled, by their places among those that were taken. */
  settleSome(kept: Kept, places: ReadonlyArray<number>): void {
    this.taken.settleSome(kept, places)
  }

  /** Has the cursor say what is settled, and leaves it to the system when that is on the disk. It may fail. */
  note(): void {
    attempt(() => this.write(false))
  }

  /** Writes the cursor and removes the segments in front of it. */
  checkpoint(): void {
    const settled = this.segments.settled("closed")
    this.write(settled > 0 || this.fsync !== "never", settled > 0)
    for (let i = 0; i < settled; i++) {
      const oldest = this.segments.list[0]!
      if (!this.segments.discard(oldest)) throw unavailable(oldest.path, "remove the segment", undefined)
    }
  }

  /** Writes the cursor unless it says all this already. */
  private write(durable: boolean, always = false): void {
    const { frontier, settled: { list, revision } } = this.taken
    const { position } = frontier
    const end = this.segments.next
    const { written } = this
    const isSaid = written?.position === position && written.end === end && written.revision === revision
    if (!always && isSaid && (written.durable || !durable)) return
    try {
      const isNoted = this.cursor.write(frontier, end, durable, list)
      this.written = { position, end, durable, revision: isNoted ? revision : -1 }
    } catch (cause) {
      throw unavailable(join(this.directory, cursorName), "write the cursor", cause)
    }
  }

  /** Removes settled segments even when no cursor can be written: on a full disk only removing makes room. */
  free(): boolean {
    const before = this.bytes
    if (!attempt(() => this.checkpoint())) {
      for (let i = this.segments.settled("closed"); i > 0; i--) {
        if (!this.segments.discard(this.segments.list[0]!)) break
      }
    }
    if (this.bytes === before && this.segments.settled("all") === 1) this.dropOldest()
    return this.bytes < before
  }

  /** Removes the oldest segment; returns how many records nobody had read yet, or nothing when that gives no byte back. */
  dropOldest(): number | undefined {
    const oldest = this.segments.list[0]
    if (oldest === undefined || oldest.bytes === 0) return undefined
    const end = this.segments.endOf(0)
    if (!this.segments.discard(oldest)) return undefined
    const dropped = this.reader.lose(end)
    this.reader.forget(oldest, end)
    this.taken.drop(end)
    // So that a later start does not count the same records again. It may fail: the segment is gone already.
    attempt(() => this.checkpoint())
    return dropped
  }

  /** Ends the use of the directory; what is settled is removed from it. */
  close(): void {
    attempt(() => this.sync())
    this.segments.retire()
    attempt(() => this.checkpoint())
    this.reader.close()
    this.cursor.close()
    attempt(() => this.lock.release())
  }

  /** Closes a log that nobody will append to again, and removes its directory when nothing is left in it. */
  closeForGood(): void {
    const { files } = this
    const empty = this.records === 0
    this.close()
    if (!empty || this.segments.list.length > 0) return
    attempt(() => remove(files, join(this.directory, cursorName)))
    attempt(() => files.rmdirSync(this.directory))
  }
}
