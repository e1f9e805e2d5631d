/// <reference types="node" />
import { type Files, readFully } from "./files.ts"
import { checksumOf, type FrameHeader, headerAt, headerBytes, magic, version } from "./frame.ts"

/** What stands at a place of a segment. */
export type FrameRead =
  | {
    readonly _tag: "Frame"
    readonly header: FrameHeader
    readonly payload: Buffer
    /** Header and payload as they are on disk. */
    readonly bytes: Buffer
    readonly end: number
  }
  /** Bytes that are no whole frame; `header` when that much of it is certain. */
  | { readonly _tag: "Corrupt"; readonly header: FrameHeader | undefined; readonly end: number }
  | { readonly _tag: "End" }

const windowBytes = 64 * 1024

/**
 * Reads the frame at `offset` of a file of `size` bytes. After damage the next
 * frame is found by its length when the header is intact, else by the magic.
 */
export const readFrame = (files: Files, fd: number, offset: number, size: number): FrameRead => {
  if (offset >= size) return { _tag: "End" }
  const head = Buffer.alloc(Math.min(headerBytes, size - offset))
  const header = readFully(files, fd, head, offset) < headerBytes ? undefined : headerAt(head, 0)
  const end = offset + headerBytes + (header?.length ?? 0)
  if (header === undefined || end > size) {
    return { _tag: "Corrupt", header, end: findHeader(files, fd, offset + 1, size) }
  }
  const bytes = Buffer.allocUnsafe(headerBytes + header.length)
  head.copy(bytes)
  const payload = bytes.subarray(headerBytes)
  const whole = readFully(files, fd, payload, offset + headerBytes) === payload.length
  return whole && header.version <= version && checksumOf(head, payload) === header.checksum
    ? { _tag: "Frame", header, payload, bytes, end }
    : { _tag: "Corrupt", header, end }
}

/** The offset of the next intact header, or the size when there is none. */
const findHeader = (files: Files, fd: number, from: number, size: number): number => {
  const window = Buffer.alloc(windowBytes + headerBytes)
  for (let start = from; start < size; start += windowBytes) {
    const filled = readFully(files, fd, window.subarray(0, Math.min(window.length, size - start)), start)
    const bytes = window.subarray(0, filled)
    for (let at = bytes.indexOf(magic); at !== -1 && at < windowBytes; at = bytes.indexOf(magic, at + 1)) {
      if (headerAt(bytes, at) !== undefined) return start + at
    }
  }
  return size
}
