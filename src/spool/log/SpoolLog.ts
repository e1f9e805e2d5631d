/// <reference types="node" />
import { join } from "node:path"
import { codeOf } from "../../node/codeOf.ts"
import { Cursor, type Place } from "../disk/Cursor.ts"
import { attempt, type Files, remove, syncDirectory, syncFile } from "../disk/files.ts"
import { type FrameHeader, seal } from "../disk/frame.ts"
import { Quarantine } from "../disk/Quarantine.ts"
import { rewrite } from "../disk/rewrite.ts"
import { endOf, type Segment, SegmentWriter } from "../disk/segment.ts"
import { unavailable } from "../disk/SpoolError.ts"
import type { OwnerLock } from "../owner/OwnerLock.ts"
import { cursorName, segmentName } from "./directories.ts"
import { LogReader, type Taken } from "./LogReader.ts"
import { recover, type Recovered } from "./recover.ts"

export interface LogOptions {
  readonly files: Files
  readonly segmentBytes: number
  readonly fsync: "never" | "interval" | "always"
}

/** A frame that was handed out. */
export interface Handed {
  readonly count: number
  readonly start: Place
  readonly end: Place
  settled: boolean
  /** Its segment was dropped to make room: it is in its reader's hands only. */
  gone: boolean
}

/**
 * The segments, the cursor and the quarantine of one directory that is ours:
 * frames in, frames out in order, settled frames removed. It knows no records.
 */
export class SpoolLog {
  readonly _tag = "Log"
  readonly directory: string
  readonly recovered: Recovered
  private readonly options: LogOptions
  private readonly lock: OwnerLock
  private readonly quarantine: Quarantine
  private readonly cursor: Cursor
  private readonly segments: Array<Segment>
  private readonly reader: LogReader
  private readonly handed: Array<Handed> = []
  /** Segments that nothing may be appended to: full, torn, or with a failed fsync. */
  private readonly closed = new Set<Segment>()
  private writer: SegmentWriter | undefined
  private next: number
  private frontier: Place
  private written: { readonly position: number; readonly end: number; readonly durable: boolean } | undefined
  private unsettled = 0

  constructor(directory: string, options: LogOptions, lock: OwnerLock) {
    this.directory = directory
    this.options = options
    this.lock = lock
    this.quarantine = new Quarantine(options.files, directory)
    this.cursor = new Cursor(options.files, join(directory, cursorName))
    const found = this.cursor.found
    this.recovered = recover(options.files, directory, this.quarantine, found)
    this.segments = this.recovered.segments
    this.next = this.recovered.next
    this.frontier = this.recovered.place
    this.written = found === undefined
      ? undefined
      : { position: found.place.position, end: found.end, durable: true }
    const last = this.segments.at(-1)
    if (last !== undefined && !this.recovered.clean) this.closed.add(last)
    this.reader = new LogReader(options.files, this.segments, this.quarantine, this.recovered.place)
    if (options.fsync !== "never") this.syncRecovered()
  }

  /** Records appended and not settled, with those whose loss is not noticed yet. */
  get records(): number {
    return this.next - this.reader.expected + this.unsettled
  }

  get bytes(): number {
    let bytes = 0
    for (const segment of this.segments) bytes += segment.bytes
    return bytes
  }

  get corruptBytes(): number {
    return this.recovered.corruptBytes + this.reader.corruptBytes
  }

  /** Appends a frame whose payload is in place. Throws, with nothing appended, what the system throws. */
  append(frame: Buffer, fields: Pick<FrameHeader, "flags" | "count" | "config">): void {
    const writer = this.writerFor(frame.length)
    seal(frame, { ...fields, first: this.next })
    try {
      writer.append(frame)
    } catch (error) {
      if (!writer.clean) this.retire()
      throw error
    }
    this.next += fields.count
    if (this.options.fsync !== "always") return
    try {
      this.syncWriter(writer)
    } catch (error) {
      this.next -= fields.count
      writer.takeBack(frame)
      this.retire()
      throw error
    }
  }

  /** Forces what was appended to the disk. */
  sync(): void {
    const writer = this.writer
    if (writer === undefined || this.options.fsync === "never") return
    try {
      this.syncWriter(writer)
    } catch (error) {
      this.retire()
      throw error
    }
  }

  take(): Taken | undefined {
    return this.reader.take(this.next)
  }

  /** Keeps a frame until it is settled. */
  hand({ end, start }: Pick<Taken, "start" | "end">, count: number): Handed {
    const handed = { count, start, end, settled: false, gone: false }
    this.handed.push(handed)
    this.unsettled += count
    this.advance()
    return handed
  }

  /** Hands out the frame that was appended last, which nobody need read: everything before it was handed out. */
  handLast(count: number): Handed {
    const start = this.reader.place
    this.reader.pass(this.next)
    return this.hand({ start, end: this.reader.place }, count)
  }

  /** Settles a frame; `false` when it was settled before. */
  settle(handed: Handed): boolean {
    if (handed.settled) return false
    handed.settled = true
    this.unsettled -= handed.count
    while (this.handed[0]?.settled === true) this.handed.shift()
    this.advance()
    return true
  }

  /** A process that was killed leaves what it had not synced to the system: without it, nobody else would sync it. */
  private syncRecovered(): void {
    const { files } = this.options
    if (this.segments.length === 0) return
    for (const { path } of this.segments) attempt(() => syncFile(files, path))
    attempt(() => syncDirectory(files, this.directory))
  }

  /** Writes the cursor and removes the segments in front of it. */
  checkpoint(): void {
    const { fsync } = this.options
    const settled = this.settledSegments(false)
    const durable = settled > 0 || fsync !== "never"
    const { position } = this.frontier
    const written = this.written
    if (
      settled === 0 && written?.position === position && written.end === this.next && (written.durable || !durable)
    ) return
    try {
      this.cursor.write(this.frontier, this.next, durable)
    } catch (cause) {
      throw unavailable(join(this.directory, cursorName), "write the cursor", cause)
    }
    this.written = { position, end: this.next, durable }
    for (let i = 0; i < settled; i++) {
      const oldest = this.segments[0]!
      if (!this.discard(oldest)) throw unavailable(oldest.path, "remove the segment", undefined)
    }
  }

  /** Removes settled segments even when no cursor can be written: on a full disk only removing makes room. */
  free(): boolean {
    const before = this.bytes
    if (!attempt(() => this.checkpoint())) {
      for (let i = this.settledSegments(false); i > 0; i--) {
        if (!this.discard(this.segments[0]!)) break
      }
    }
    if (this.bytes === before && this.settledSegments(true) === 1) this.dropOldest()
    return this.bytes < before
  }

  /** Removes the oldest segment; returns how many records nobody had read yet, or nothing when that gives no byte back. */
  dropOldest(): number | undefined {
    const oldest = this.segments[0]
    if (oldest === undefined || oldest.bytes === 0) return undefined
    const end = this.endOf(0)
    const dropped = Math.max(0, end - this.reader.expected)
    if (!this.discard(oldest)) return undefined
    this.reader.forget(oldest, end)
    for (const handed of this.handed) if (handed.end.position <= end) handed.gone = true
    this.advance()
    // So that a later start does not count the same records again. It may fail: the segment is gone already.
    attempt(() => this.checkpoint())
    return dropped
  }

  /** Ends the use of the directory; what is settled is removed from it. */
  close(): void {
    attempt(() => this.sync())
    this.retire()
    attempt(() => this.checkpoint())
    this.reader.close()
    this.cursor.close()
    attempt(() => this.lock.release())
  }

  /** Closes a log that nobody will append to again, and removes its directory when nothing is left in it. */
  closeForGood(): void {
    const { files } = this.options
    const empty = this.records === 0
    this.close()
    if (!empty || this.segments.length > 0) return
    attempt(() => remove(files, join(this.directory, cursorName)))
    attempt(() => files.rmdirSync(this.directory))
  }

  /** Removes a segment that nobody needs; what may not be one of ours is only moved. */
  private discard(segment: Segment): boolean {
    const gone = segment.sure
      ? attempt(() => remove(this.options.files, segment.path))
      : this.quarantine.move(segment.path)
    if (gone) this.removed(segment)
    return gone
  }

  // A file gives its space back when nobody has it open any more.
  private removed(segment: Segment): void {
    this.reader.forget(segment, 0)
    if (this.writer?.segment === segment) {
      this.writer.close()
      this.writer = undefined
    }
    this.segments.splice(this.segments.indexOf(segment), 1)
    this.closed.delete(segment)
  }

  /** How many of the oldest segments hold only settled frames. */
  private settledSegments(withWriter: boolean): number {
    const kept = withWriter ? undefined : this.writer?.segment
    const count = this.segments.findIndex((segment, i) => this.endOf(i) > this.frontier.position || segment === kept)
    return count === -1 ? this.segments.length : count
  }

  private endOf(index: number): number {
    return endOf(this.segments, index, this.next)
  }

  // Whatever is missing in front of a frame that was handed out is counted already.
  private advance(): void {
    this.frontier = this.handed[0]?.start ?? this.reader.place
  }

  private writerFor(bytes: number): SegmentWriter {
    const { fsync, segmentBytes } = this.options
    const full = (segment: Segment): boolean => segment.bytes > 0 && segment.bytes + bytes > segmentBytes
    if (this.writer !== undefined && full(this.writer.segment)) {
      // When this fails the frames are kept all the same, as safe as those of `never`.
      attempt(() => this.sync())
      this.retire()
    }
    const last = this.segments.at(-1)
    if (this.writer === undefined && last !== undefined && !this.closed.has(last) && !full(last)) {
      attempt(() => {
        this.writer = SegmentWriter.reopen(this.options.files, last)
      })
    }
    this.writer ??= this.create(fsync !== "never")
    return this.writer
  }

  private create(durable: boolean): SegmentWriter {
    const { files } = this.options
    let writer: SegmentWriter
    try {
      writer = SegmentWriter.create(files, this.directory, this.next, durable)
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error
      this.quarantine.move(join(this.directory, segmentName(this.next)))
      writer = SegmentWriter.create(files, this.directory, this.next, durable)
    }
    this.segments.push(writer.segment)
    return writer
  }

  /** Closes the writer; a segment without a frame is removed. */
  private retire(): void {
    const writer = this.writer
    if (writer === undefined) return
    this.writer = undefined
    writer.close()
    if (writer.segment.bytes > 0) {
      this.closed.add(writer.segment)
      return
    }
    attempt(() => remove(this.options.files, writer.segment.path))
    this.removed(writer.segment)
  }

  /**
   * After a failed fsync the system may have dropped the pages and call the next
   * fsync a success. The frames are written anew, to another file.
   */
  private syncWriter(writer: SegmentWriter): void {
    try {
      writer.sync()
    } catch {
      const { files } = this.options
      const old = writer.segment
      const first = Math.max(old.first, this.frontier.position)
      const path = join(this.directory, segmentName(first))
      const copy = rewrite(files, old, path, first)
      writer.close()
      this.segments[this.segments.indexOf(old)] = copy.segment
      this.reader.forget(old, 0)
      this.writer = copy
      const named = attempt(() => syncDirectory(files, this.directory))
      if (named && path !== old.path) attempt(() => remove(files, old.path))
    }
  }
}
