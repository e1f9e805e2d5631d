import type { LogRecord } from "../LogRecord.ts"
import type { Place } from "./disk/Cursor.ts"
import type { FrameFields } from "./disk/frame.ts"

/** A frame that was appended, and where it stands; or some of one segment that follow each other. */
export interface RecentFrame {
  readonly records: ReadonlyArray<LogRecord>
  /** What they hold. */
  readonly bytes: number
  readonly fields: FrameFields
  readonly start: Place
  readonly end: Place
}

/** How much is taken at once; a frame that is larger is taken alone. */
export interface Most {
  readonly records: number
  readonly bytes: number
}

/** The records of the frames that were appended last: what is taken soon need not be read and decoded. */
export class RecentFrames {
  private readonly frames: Array<RecentFrame> = []
  private bytes = 0

  /** Keeps a frame, unless all of them would hold more than so many bytes. */
  keep(frame: RecentFrame, mostBytes: number): void {
    if (this.bytes + frame.bytes > mostBytes) return
    this.frames.push(frame)
    this.bytes += frame.bytes
  }

  /** Whether what begins at a position is kept, or is between what is kept. */
  has(position: number): boolean {
    const [first] = this.frames
    const last = this.frames.at(-1)
    return first !== undefined && last !== undefined && first.start.position <= position && position < last.end.position
  }

  /** Gives what begins at a position, and lets go of it and of all before. */
  take(position: number, most: Most): RecentFrame | undefined {
    const { frames } = this
    while (frames[0] !== undefined && frames[0].start.position < position) this.shift()
    if (frames[0]?.start.position !== position) return undefined
    let taken = this.shift()
    for (let next = frames[0]; taken && next && canFollow(taken, next, most); next = frames[0]) {
      taken = together(taken, next)
      this.shift()
    }
    return taken
  }

  forget(): void {
    this.frames.length = 0
    this.bytes = 0
  }

  private shift(): RecentFrame | undefined {
    const frame = this.frames.shift()
    this.bytes -= frame?.bytes ?? 0
    return frame
  }
}

// A segment may be dropped while what was taken of it is sent: what is on disk in part is of no use.
const canFollow = (frame: RecentFrame, next: RecentFrame, most: Most): boolean =>
  next.start.position === frame.end.position && next.start.segment === frame.start.segment &&
  next.fields.flags === frame.fields.flags && next.fields.config === frame.fields.config &&
  frame.records.length + next.records.length <= most.records && frame.bytes + next.bytes <= most.bytes

const together = (frame: RecentFrame, next: RecentFrame): RecentFrame => ({
  ...frame,
  records: frame.records.concat(next.records),
  bytes: frame.bytes + next.bytes,
  end: next.end
})
