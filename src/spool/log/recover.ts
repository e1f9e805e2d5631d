/// <reference types="node" />
import { join } from "node:path"
import type { CursorState, Place } from "../disk/Cursor.ts"
import { attempt, type Files, openFlags, openRegular, readFully, remove } from "../disk/files.ts"
import { type FrameHeader, headerAt, headerBytes, version } from "../disk/frame.ts"
import { readFrame } from "../disk/frameReader.ts"
import type { Quarantine } from "../disk/Quarantine.ts"
import type { Segment } from "../disk/segment.ts"
import { Spans } from "../disk/Spans.ts"
import { unavailable } from "../disk/SpoolError.ts"
import { isCopyName, positionOf } from "./directories.ts"

/** What a directory holds once its damage is set aside. */
export interface Recovered {
  readonly segments: Array<Segment>
  /** Everything before it is settled. */
  readonly place: Place
  /** And these positions behind it. */
  readonly settled: Spans
  /** The position of the next record. */
  readonly next: number
  /** Whether the last segment ends with a whole frame, so that frames may follow it. */
  readonly clean: boolean
  /** Lost records at the end, known by their headers or by the cursor. */
  readonly corruptRecords: number
  readonly corruptBytes: number
  /** Files moved to quarantine. */
  readonly setAside: number
}

/**
 * Lists the segments of a directory and checks the end of the last one, where a
 * crash leaves half a frame. The others are checked when they are read.
 */
export const recover = (
  files: Files,
  directory: string,
  quarantine: Quarantine,
  cursor: CursorState | undefined
): Recovered => {
  const { segments, setAside } = list(files, directory, quarantine)
  let tail = emptyTail
  let corruptBytes = 0
  let moved = 0
  let known = 0
  for (let last = segments.at(-1); last !== undefined; last = segments.at(-1)) {
    tail = checkTail(files, last, quarantine)
    corruptBytes += tail.corruptBytes
    known = Math.max(known, tail.known)
    if (tail.frames > 0) break
    // Nothing in it is ours, or nothing of it is left.
    if (quarantine.move(last.path)) moved++
    segments.pop()
    tail = emptyTail
  }
  const oldest = segments[0]
  const place = cursor?.place ?? { segment: oldest?.first ?? 0, offset: 0, position: oldest?.first ?? 0 }
  const settled = new Spans(cursor?.settled)
  const next = Math.max(cursor?.end ?? 0, known, tail.end, place.position)
  return {
    segments,
    place,
    settled,
    next,
    clean: tail.clean,
    corruptRecords: settled.open(Math.max(tail.end, place.position), next),
    corruptBytes,
    setAside: setAside + moved
  }
}

const list = (
  files: Files,
  directory: string,
  quarantine: Quarantine
): { readonly segments: Array<Segment>; readonly setAside: number } => {
  const segments: Array<Segment> = []
  let setAside = 0
  let names: ReadonlyArray<string>
  try {
    names = files.readdirSync(directory)
  } catch (cause) {
    throw unavailable(directory, "list the spool directory", cause)
  }
  for (const name of names) {
    const path = join(directory, name)
    const first = positionOf(name)
    // An unfinished copy of a segment: the segment itself is still there.
    if (first === undefined) {
      if (isCopyName(name)) attempt(() => remove(files, path))
      continue
    }
    const found = headOf(files, path)
    if (found === undefined) setAside += quarantine.move(path) ? 1 : 0
    else if (found.bytes === 0) attempt(() => remove(files, path))
    else segments.push({ first, path, bytes: found.bytes, sure: found.header?.first === first })
  }
  return { segments: segments.toSorted((a, b) => a.first - b.first), setAside }
}

/** The size and the first header of a file that this version can read, or nothing. */
const headOf = (
  files: Files,
  path: string
): { readonly bytes: number; readonly header: FrameHeader | undefined } | undefined => {
  try {
    const { fd, size } = openRegular(files, path, openFlags.read)
    try {
      const head = Buffer.alloc(Math.min(headerBytes, size))
      readFully(files, fd, head, 0)
      const header = headerAt(head, 0)
      return header !== undefined && header.version > version ? undefined : { bytes: size, header }
    } finally {
      files.closeSync(fd)
    }
  } catch {
    return undefined
  }
}

interface Tail {
  readonly frames: number
  /** The position behind the last whole frame. */
  readonly end: number
  /** The position behind the last intact header. */
  readonly known: number
  readonly clean: boolean
  readonly corruptBytes: number
}

const emptyTail: Tail = { frames: 0, end: 0, known: 0, clean: true, corruptBytes: 0 }

const checkTail = (files: Files, segment: Segment, quarantine: Quarantine): Tail => {
  let fd: number
  try {
    fd = openRegular(files, segment.path, openFlags.update).fd
  } catch {
    return { ...emptyTail, corruptBytes: segment.bytes }
  }
  try {
    let frames = 0
    let end = 0
    let known = 0
    let whole = 0
    for (let offset = 0;;) {
      const read = readFrame(files, fd, offset, segment.bytes)
      if (read._tag === "End") break
      offset = read.end
      if (read.header !== undefined) known = Math.max(known, read.header.first + read.header.count)
      if (read._tag === "Corrupt") continue
      frames++
      end = read.header.first + read.header.count
      whole = offset
    }
    const corruptBytes = segment.bytes - whole
    if (frames === 0 || corruptBytes === 0) return { frames, end, known, clean: true, corruptBytes }
    const cut = quarantine.copy(fd, segment.path, whole, segment.bytes) &&
      attempt(() => files.ftruncateSync(fd, whole))
    segment.bytes = whole
    return { frames, end, known, clean: cut, corruptBytes }
  } catch {
    // An unreadable disk: the reader finds out how much of the segment it gives.
    return { ...emptyTail, frames: 1, clean: false }
  } finally {
    files.closeSync(fd)
  }
}
