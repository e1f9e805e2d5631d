/// <reference types="node" />
import { join } from "node:path"
import { codeOf } from "../../node/codeOf.ts"
import type { Place } from "../disk/Cursor.ts"
import { attempt, type Files, remove, syncDirectory, syncFile } from "../disk/files.ts"
import { type FrameFields, seal } from "../disk/frame.ts"
import type { Quarantine } from "../disk/Quarantine.ts"
import { rewrite } from "../disk/rewrite.ts"
import { endOf, type Segment, SegmentWriter } from "../disk/segment.ts"
import { segmentName } from "./directories.ts"
import type { LogReader } from "./LogReader.ts"
import type { Recovered } from "./recover.ts"
import type { TakenFrames } from "./TakenFrames.ts"

export interface LogOptions {
  readonly files: Files
  readonly segmentBytes: number
  readonly fsync: "never" | "interval" | "always"
}

/**
 * The segments of a log: frames are appended to the last one, the oldest are
 * removed whole.
 *
 * ```
 * writer ──▶ closed ──▶ removed
 * ```
 *
 * Nothing may be appended to a closed one: it is full, torn, or its fsync failed.
 */
export class LogSegments {
  /** The position of the next record. */
  next: number
  readonly list: Array<Segment>
  private readonly directory: string
  private readonly options: LogOptions
  private readonly quarantine: Quarantine
  private readonly reader: LogReader
  private readonly taken: TakenFrames
  private readonly closed = new Set<Segment>()
  private writer: SegmentWriter | undefined

  constructor(
    directory: string,
    options: LogOptions,
    recovered: Recovered,
    quarantine: Quarantine,
    reader: LogReader,
    taken: TakenFrames
  ) {
    this.directory = directory
    this.options = options
    this.list = recovered.segments
    this.next = recovered.next
    this.quarantine = quarantine
    this.reader = reader
    this.taken = taken
    const last = this.list.at(-1)
    if (last !== undefined && !recovered.clean) this.closed.add(last)
  }

  get bytes(): number {
    let bytes = 0
    for (const segment of this.list) bytes += segment.bytes
    return bytes
  }

  /** The position behind one of them. */
  endOf(index: number): number {
    return endOf(this.list, index, this.next)
  }

  /** How many of the oldest hold only what is settled; `closed`: and are written no more. */
  settled(which: "closed" | "all"): number {
    const kept = which === "all" ? undefined : this.writer?.segment
    const position = this.taken.frontier.position
    const count = this.list.findIndex((segment, i) => this.endOf(i) > position || segment === kept)
    return count === -1 ? this.list.length : count
  }

  /** Appends a frame whose payload is in place; gives where. Throws, with nothing appended, what the system throws. */
  append(frame: Buffer, fields: FrameFields): Place {
    const writer = this.writerFor(frame.length)
    const place = { segment: writer.segment.first, offset: writer.segment.bytes, position: this.next }
    seal(frame, { ...fields, first: this.next })
    try {
      writer.append(frame)
    } catch (error) {
      if (writer.state === "torn") this.retire()
      throw error
    }
    this.next += fields.count
    if (this.options.fsync !== "always") return place
    try {
      this.syncWriter(writer)
      return place
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

  /** A process that was killed leaves what it had not synced to the system: without it, nobody else would sync it. */
  syncRecovered(): void {
    const { files } = this.options
    if (this.list.length === 0) return
    for (const { path } of this.list) attempt(() => syncFile(files, path))
    attempt(() => syncDirectory(files, this.directory))
  }

  /** Removes a segment that nobody needs; what may not be one of ours is only moved. */
  discard(segment: Segment): boolean {
    const gone = segment.sure
      ? attempt(() => remove(this.options.files, segment.path))
      : this.quarantine.move(segment.path)
    if (gone) this.removed(segment)
    return gone
  }

  /** Closes the writer; a segment without a frame is removed. */
  retire(): void {
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

  // A file gives its space back when nobody has it open any more.
  private removed(segment: Segment): void {
    this.reader.forget(segment, 0)
    if (this.writer?.segment === segment) {
      this.writer.close()
      this.writer = undefined
    }
    this.list.splice(this.list.indexOf(segment), 1)
    this.closed.delete(segment)
  }

  private writerFor(bytes: number): SegmentWriter {
    const { fsync, segmentBytes } = this.options
    const full = (segment: Segment): boolean => segment.bytes > 0 && segment.bytes + bytes > segmentBytes
    if (this.writer !== undefined && full(this.writer.segment)) {
      // When this fails the frames are kept all the same, as safe as those of `never`.
      attempt(() => this.sync())
      this.retire()
    }
    const last = this.list.at(-1)
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
    this.list.push(writer.segment)
    return writer
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
      const first = Math.max(old.first, this.taken.frontier.position)
      const path = join(this.directory, segmentName(first))
      const copy = rewrite(files, old, path, first)
      writer.close()
      this.list[this.list.indexOf(old)] = copy.segment
      this.reader.forget(old, 0)
      this.writer = copy
      const named = attempt(() => syncDirectory(files, this.directory))
      if (named && path !== old.path) attempt(() => remove(files, old.path))
    }
  }
}
