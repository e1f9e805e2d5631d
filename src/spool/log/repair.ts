/// <reference types="node" />
import { join } from "node:path"
import { Cursor } from "../disk/Cursor.ts"
import { type Files, openFlags, openRegular } from "../disk/files.ts"
import { Quarantine } from "../disk/Quarantine.ts"
import { rewrite } from "../disk/rewrite.ts"
import type { Segment } from "../disk/segment.ts"
import { SpoolError } from "../disk/SpoolError.ts"
import { cursorName } from "./directories.ts"
import { partsOf, settledBefore, viewLog } from "./inspect.ts"

/** What a repair changed in one log. */
export interface Repaired {
  readonly damaged: number
  readonly damagedBytes: number
  readonly moved: number
  readonly cursorRebuilt: boolean
}

/**
 * Leaves only whole frames in the segments of a log whose lock we hold: what is
 * damaged is copied to quarantine first. Positions stay, so that the next reader
 * still counts what is missing.
 */
export const repairLog = (files: Files, directory: string): Repaired => {
  const quarantine = new Quarantine(files, directory)
  const view = viewLog(files, directory)
  let damaged = 0
  let damagedBytes = 0
  let moved = 0
  for (const segment of view.segments) {
    const { damage, frames } = examine(files, segment)
    if (damage.length === 0) continue
    damaged += damage.length
    for (const each of damage) damagedBytes += each.bytes
    if (frames === 0) {
      if (!quarantine.move(segment.path)) throw kept(segment, "moved to quarantine")
      moved++
      continue
    }
    copyDamage(files, segment, damage, quarantine)
    rewrite(files, segment, segment.path, -1).close()
  }
  const position = settledBefore(view)
  if (view.cursor === undefined && view.segments.length > 0) {
    const cursor = new Cursor(files, join(directory, cursorName))
    const place = { segment: position, offset: 0, position }
    // Both slots, so that none of them is a stranger's.
    cursor.write(place, view.end, false)
    cursor.write(place, view.end, true)
    cursor.close()
    return { damaged, damagedBytes, moved, cursorRebuilt: true }
  }
  return { damaged, damagedBytes, moved, cursorRebuilt: false }
}

interface Damage {
  readonly offset: number
  readonly bytes: number
}

const examine = (
  files: Files,
  segment: Segment
): { readonly frames: number; readonly damage: ReadonlyArray<Damage> } => {
  const damage: Array<Damage> = []
  let frames = 0
  for (const part of partsOf(files, segment)) {
    if (part._tag === "Frame") frames++
    else damage.push(part)
  }
  return { frames, damage }
}

const copyDamage = (
  files: Files,
  segment: Segment,
  damage: ReadonlyArray<Damage>,
  quarantine: Quarantine
): void => {
  const { fd } = openRegular(files, segment.path, openFlags.read)
  try {
    for (const { bytes, offset } of damage) {
      if (!quarantine.copy(fd, segment.path, offset, offset + bytes)) throw kept(segment, "copied to quarantine")
    }
  } finally {
    files.closeSync(fd)
  }
}

const kept = (segment: Segment, what: string): SpoolError =>
  new SpoolError({
    reason: "Unavailable",
    path: segment.path,
    message: `${
      JSON.stringify(segment.path)
    } is left as it is: its damage could not be ${what} (is the disk or the quarantine full?)`
  })
