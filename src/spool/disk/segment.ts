/// <reference types="node" />
import { join } from "node:path"
import { segmentName } from "../log/directories.ts"
import { attempt, fileMode, type Files, openFlags, openRegular, syncDirectory, writeFully } from "./files.ts"

/** A file of frames, named after the position of its first record. */
export interface Segment {
  readonly first: number
  readonly path: string
  /** How many of its bytes hold frames; what stands behind them failed to be written. */
  bytes: number
  /** Whether it begins with an intact header: a stray file may have any name. */
  readonly sure: boolean
}

/** The position behind a segment: where the next one begins. A frame at or behind it failed to be taken back. */
export const endOf = (segments: ReadonlyArray<Segment>, index: number, next: number): number => {
  for (let i = index + 1; i < segments.length; i++) {
    const following = segments[i]!
    if (following.sure) return following.first
  }
  return next
}

/**
 * The segment that frames are appended to.
 *
 * ```
 * synced ── append ──▶ dirty ── what failed cannot be cut off ──▶ torn
 *    ▲                   │
 *    └────── sync ───────┘
 * ```
 *
 * `torn`: the file does not end where its frames end, and nothing must follow in it.
 */
export class SegmentWriter {
  readonly segment: Segment
  state: "synced" | "dirty" | "torn"
  private readonly files: Files
  private readonly fd: number

  constructor(files: Files, segment: Segment, fd: number, state: "synced" | "dirty" = "synced") {
    this.files = files
    this.segment = segment
    this.fd = fd
    this.state = state
  }

  static create(files: Files, directory: string, first: number, durable: boolean): SegmentWriter {
    const path = join(directory, segmentName(first))
    const fd = files.openSync(path, openFlags.createAppend, fileMode)
    try {
      if (durable) syncDirectory(files, directory)
    } catch (error) {
      attempt(() => files.closeSync(fd))
      attempt(() => files.unlinkSync(path))
      throw error
    }
    return new SegmentWriter(files, { first, path, bytes: 0, sure: true }, fd)
  }

  static reopen(files: Files, segment: Segment): SegmentWriter | undefined {
    const { fd, size } = openRegular(files, segment.path, openFlags.append)
    if (size === segment.bytes) return new SegmentWriter(files, segment, fd)
    files.closeSync(fd)
    return undefined
  }

  /** Appends a frame in one write. When it fails what was written of it is cut off again, and the error thrown. */
  append(frame: Uint8Array): void {
    try {
      writeFully(this.files, this.fd, frame)
    } catch (error) {
      this.cut()
      throw error
    }
    this.segment.bytes += frame.length
    this.state = "dirty"
  }

  /** Takes back the last frame. */
  takeBack(frame: Uint8Array): void {
    this.segment.bytes -= frame.length
    this.cut()
  }

  private cut(): void {
    if (!attempt(() => this.files.ftruncateSync(this.fd, this.segment.bytes))) this.state = "torn"
  }

  sync(): void {
    if (this.state !== "dirty") return
    this.files.fdatasyncSync(this.fd)
    this.state = "synced"
  }

  close(): void {
    attempt(() => this.files.closeSync(this.fd))
  }
}
