/// <reference types="node" />
import { codeOf } from "../../node/codeOf.ts"
import type { Place } from "../disk/Cursor.ts"
import { attempt, type Files, openFlags, openRegular, readFully } from "../disk/files.ts"
import { type Frame, headerAt, headerBytes } from "../disk/frame.ts"
import { type FrameRead, readFrame } from "../disk/frameReader.ts"
import type { Quarantine } from "../disk/Quarantine.ts"
import { endOf, type Segment } from "../disk/segment.ts"
import type { Spans } from "../disk/Spans.ts"
import { SpoolError, unavailable } from "../disk/SpoolError.ts"
import type { Recovered } from "./recover.ts"

/** The next frame, without the records that were read before, and how many are missing in front of it. */
export interface Taken {
  readonly lost: number
  readonly frame: Frame | undefined
  /** Where it begins, behind what is missing. */
  readonly start: Place
  /** Where reading goes on behind it. */
  readonly end: Place
}

/** The segment that is read, and how far. */
interface Reading {
  readonly segment: Segment
  readonly fd: number
  offset: number
  /** Whole frames found in it. */
  frames: number
}

/**
 * Reads the segments of a log, one frame at a time.
 *
 * ```
 * nowhere ── open ──▶ reading ─┐ its end: the next segment
 *    ▲                │   ▲    │
 *    └ forget, close ─┘   └────┘
 * ```
 *
 * Positions decide: a frame in front of `expected` was read before, a gap is
 * lost, save what is settled already. The offset in a cursor only saves looking for the place.
 */
export class LogReader {
  /** The position of the next record to be read. */
  expected: number
  /** Bytes that were found damaged. */
  corruptBytes = 0
  private readonly files: Files
  private readonly quarantine: Quarantine
  private readonly segments: Array<Segment>
  private readonly settled: Spans
  private reading: Reading | undefined = undefined
  private hint: Place | undefined

  constructor(
    files: Files,
    quarantine: Quarantine,
    { place, segments, settled }: Pick<Recovered, "place" | "segments" | "settled">
  ) {
    this.files = files
    this.segments = segments
    this.settled = settled
    this.quarantine = quarantine
    this.expected = place.position
    this.hint = place
  }

  get place(): Place {
    const { expected, hint, reading } = this
    if (reading === undefined && hint?.position === expected) return hint
    return { segment: reading?.segment.first ?? expected, offset: reading?.offset ?? 0, position: expected }
  }

  /** The next frame, or the records missing before `next`, or nothing. Throws a `SpoolError` when it cannot say now. */
  take(next: number): Taken | undefined {
    for (;;) {
      const reading = this.open()
      if (reading === undefined) return this.gap(next)
      const { offset, segment } = reading
      const read = this.read(reading)
      if (read._tag === "End") {
        if (segment === this.segments.at(-1)) return this.gap(next)
        this.goOn(reading)
        continue
      }
      if (read._tag === "Corrupt") {
        this.setAside(reading, read.end)
        continue
      }
      reading.offset = read.end
      reading.frames++
      const { count, first } = read.header
      const end = first + count
      if (end <= this.expected || first >= endOf(this.segments, this.segments.indexOf(segment), next)) continue
      const { settled } = this
      const skip = Math.max(0, this.expected - first)
      const lost = this.lose(first)
      this.expected = end
      if (settled.open(first + skip, end) === 0) {
        if (lost === 0) continue
        return { lost, frame: undefined, start: this.place, end: this.place }
      }
      const start = { segment: segment.first, offset, position: first + skip }
      return { lost, frame: { header: read.header, payload: read.payload, skip, settled }, start, end: this.place }
    }
  }

  /** How many records are to be read in front of a position. */
  openUpTo(position: number): number {
    return this.settled.open(this.expected, position)
  }

  /** How many records are missing in front of a position: whoever is told counts them once and for all. */
  lose(position: number): number {
    const lost = this.openUpTo(position)
    if (lost > 0) this.settled.add(this.expected, position)
    return lost
  }

  /** Goes on behind frames that need not be read. */
  pass(position: number): void {
    this.expected = position
  }

  /** Goes on at a place behind a frame that need not be read. */
  passTo(place: Place): void {
    this.close()
    this.expected = place.position
    this.hint = place
  }

  /** Goes on behind a segment that is no longer there, or in the copy that took its place. */
  forget(segment: Segment, expected: number): void {
    this.expected = Math.max(this.expected, expected)
    if (this.reading?.segment === segment) this.close()
  }

  close(): void {
    const { reading } = this
    this.reading = undefined
    if (reading !== undefined) attempt(() => this.files.closeSync(reading.fd))
  }

  private gap(next: number): Taken | undefined {
    const lost = this.lose(next)
    if (lost === 0) return undefined
    this.expected = next
    return { lost, frame: undefined, start: this.place, end: this.place }
  }

  private open(): Reading | undefined {
    while (this.reading === undefined) {
      const segment = this.findSegment()
      if (segment === undefined) return undefined
      try {
        this.seek(this.begin(segment))
      } catch (cause) {
        this.skipMissing(segment, cause)
      }
    }
    return this.reading
  }

  /** The last segment that begins at or before what is expected, or else the first. */
  private findSegment(): Segment | undefined {
    const after = this.segments.findIndex((segment) => segment.first > this.expected)
    return after === -1 ? this.segments.at(-1) : this.segments[Math.max(0, after - 1)]
  }

  private begin(segment: Segment): Reading {
    const { fd } = openRegular(this.files, segment.path, openFlags.read)
    const reading: Reading = { segment, fd, offset: 0, frames: 0 }
    this.reading = reading
    return reading
  }

  private seek(reading: Reading): void {
    const { fd, segment } = reading
    const hint = this.hint
    if (hint === undefined) return
    this.hint = undefined
    if (hint.segment !== segment.first || hint.position !== this.expected || hint.offset >= segment.bytes) return
    const head = Buffer.alloc(headerBytes)
    if (readFully(this.files, fd, head, hint.offset) === headerBytes && headerAt(head, 0)?.first === hint.position) {
      reading.offset = hint.offset
      reading.frames = 1
    }
  }

  private skipMissing(segment: Segment, cause: unknown): void {
    const code = codeOf(cause)
    const insecure = code === "ELOOP" || (cause instanceof SpoolError && cause.reason === "Insecure")
    if (code !== "ENOENT" && !insecure) throw unavailable(segment.path, "read the segment", cause)
    if (insecure) this.quarantine.move(segment.path)
    this.segments.splice(this.segments.indexOf(segment), 1)
  }

  private read({ fd, offset, segment }: Reading): FrameRead {
    try {
      return readFrame(this.files, fd, offset, segment.bytes)
    } catch (cause) {
      // A bad sector does not get better: what can be read goes on behind it.
      if (codeOf(cause) !== "EIO") throw unavailable(segment.path, "read the segment", cause)
      return { _tag: "Corrupt", header: undefined, end: segment.bytes }
    }
  }

  private setAside(reading: Reading, end: number): void {
    this.quarantine.copy(reading.fd, reading.segment.path, reading.offset, end)
    this.corruptBytes += end - reading.offset
    reading.offset = end
  }

  /** Goes on to the next segment; one without a frame is none of ours. */
  private goOn({ frames, segment }: Reading): void {
    const index = this.segments.indexOf(segment)
    this.close()
    const moved = frames === 0 && this.quarantine.move(segment.path)
    if (moved) this.segments.splice(index, 1)
    const following = this.segments[moved ? index : index + 1]
    if (following === undefined) return
    try {
      this.begin(following)
    } catch (cause) {
      this.skipMissing(following, cause)
    }
  }
}
