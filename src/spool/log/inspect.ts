/// <reference types="node" />
import { join } from "node:path"
import { type CursorState, readCursor } from "../disk/Cursor.ts"
import { attempt, type Files, openFlags, openRegular } from "../disk/files.ts"
import type { Frame, FrameHeader } from "../disk/frame.ts"
import { readFrame } from "../disk/frameReader.ts"
import { endOf, type Segment } from "../disk/segment.ts"
import { Spans } from "../disk/Spans.ts"
import type { Owner } from "../owner/owner.ts"
import { ownerOf } from "../owner/ownerFile.ts"
import { cursorName, deadLettersDirectory, instancesDirectory, positionOf, quarantineDirectory } from "./directories.ts"

/** What a directory of a spool holds, read without a lock and without changing anything. */
export interface LogView {
  readonly directory: string
  readonly owner: Owner | undefined
  readonly cursor: CursorState | undefined
  /** Whether there is a cursor file that says nothing. */
  readonly cursorLost: boolean
  readonly segments: ReadonlyArray<Segment>
  /** The position behind the last record that is known of. */
  readonly end: number
}

/** A part of a segment: a whole frame, or damage. */
export type Found =
  | Frame & { readonly _tag: "Frame"; readonly segment: Segment }
  | {
    readonly _tag: "Damage"
    readonly segment: Segment
    readonly offset: number
    readonly bytes: number
    readonly header: FrameHeader | undefined
  }

const deepest = 4

/** The directories of logs at or below a directory; those a dead process left before the one they belong to. */
export const findLogs = (files: Files, directory: string, depth = 0): ReadonlyArray<string> => {
  const entries = files.readdirSync(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory() && entry.name !== quarantineDirectory).map(({ name }) =>
    name
  )
  const below = depth === deepest
    ? []
    : names.toSorted(byUse).flatMap((name) => findLogs(files, join(directory, name), depth + 1))
  const isLog = entries.some(({ name }) => name === cursorName || positionOf(name) !== undefined)
  return isLog ? [...below, directory] : below
}

const byUse = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1)
const rank = (name: string): number => name === instancesDirectory ? 0 : name === deadLettersDirectory ? 2 : 1

export const viewLog = (files: Files, directory: string): LogView => {
  const segments: Array<Segment> = []
  for (const name of files.readdirSync(directory)) {
    const first = positionOf(name)
    if (first === undefined) continue
    const path = join(directory, name)
    attempt(() => {
      const { fd, size } = openRegular(files, path, openFlags.read)
      try {
        const read = readFrame(files, fd, 0, size)
        segments.push({ first, path, bytes: size, sure: read._tag !== "End" && read.header?.first === first })
      } finally {
        files.closeSync(fd)
      }
    })
  }
  segments.sort((a, b) => a.first - b.first)
  const cursor = readCursor(files, join(directory, cursorName))
  let end = cursor?.end ?? 0
  const last = segments.at(-1)
  if (last !== undefined) {
    for (const found of partsOf(files, last)) {
      if (found.header !== undefined) end = Math.max(end, found.header.first + found.header.count)
    }
  }
  return {
    directory,
    owner: ownerOf(files, directory),
    cursor,
    cursorLost: cursor === undefined && attempt(() => files.lstatSync(join(directory, cursorName))),
    segments,
    end
  }
}

/** The position of the first record that is not settled. */
export const settledBefore = (view: LogView): number => view.cursor?.place.position ?? view.segments[0]?.first ?? 0

/** The positions behind it that are settled. */
export const settledBehind = (view: LogView): Spans => new Spans(view.cursor?.settled)

/** Everything in the segments of a log from a position on that is not settled, in order, one frame at a time. */
export function* framesOf(files: Files, view: LogView, from: number, settled = new Spans()): Generator<Found> {
  let expected = from
  for (const [i, segment] of view.segments.entries()) {
    for (const found of partsOf(files, segment)) {
      if (found._tag === "Damage") {
        yield found
        continue
      }
      const { count, first } = found.header
      if (first + count <= expected || first >= endOf(view.segments, i, view.end)) continue
      const skip = Math.max(0, expected - first)
      expected = first + count
      if (settled.open(first + skip, expected) > 0) yield { ...found, skip, settled }
    }
  }
}

/** Everything in one segment. */
export function* partsOf(files: Files, segment: Segment): Generator<Found> {
  const { fd } = openRegular(files, segment.path, openFlags.read)
  try {
    for (let offset = 0;;) {
      const read = readFrame(files, fd, offset, segment.bytes)
      if (read._tag === "End") return
      if (read._tag === "Frame") {
        yield { _tag: "Frame", header: read.header, payload: read.payload, skip: 0, settled: new Spans(), segment }
      } else {
        yield { _tag: "Damage", segment, offset, bytes: read.end - offset, header: read.header }
      }
      offset = read.end
    }
  } finally {
    files.closeSync(fd)
  }
}
