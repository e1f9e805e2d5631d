import type { Place } from "../disk/Cursor.ts"
import type { LogReader, Taken } from "./LogReader.ts"

/**
 * A frame that was taken and is kept until it is settled.
 *
 * ```
 * onDisk ─────────────▶ settled
 *    └────▶ dropped ───────┘
 * ```
 *
 * `dropped`: its segment made room for others, and only whoever took it has it.
 */
export interface Kept {
  readonly count: number
  readonly start: Place
  /** How many of its first records are settled. */
  settledHead: number
  readonly end: Place
  state: "onDisk" | "dropped" | "settled"
}

/** What was taken out of a log and is not settled, in order, and so how far the log is settled. */
export class TakenFrames {
  /** Everything before it is settled. */
  frontier: Place
  /** Records that were taken and are not settled. */
  records = 0
  private readonly reader: LogReader
  private readonly frames: Array<Kept> = []

  constructor(reader: LogReader, settled: Place) {
    this.reader = reader
    this.frontier = settled
  }

  keep({ end, start }: Pick<Taken, "start" | "end">, count: number): Kept {
    const kept: Kept = { count, start, end, settledHead: 0, state: "onDisk" }
    this.frames.push(kept)
    this.records += count
    this.advance()
    return kept
  }

  /** Keeps the frame in front of a position, which nobody need read: everything before it was taken. */
  keepLast(count: number, position: number): Kept {
    const start = this.reader.place
    this.reader.pass(position)
    return this.keep({ start, end: this.reader.place }, count)
  }

  settle(kept: Kept): void {
    if (kept.state === "settled") return
    kept.state = "settled"
    this.records -= kept.count - kept.settledHead
    while (this.frames[0]?.state === "settled") this.frames.shift()
    this.advance()
  }

  settleHead(kept: Kept, count: number): void {
    if (kept.state === "settled" || count <= kept.settledHead) return
    this.records -= count - kept.settledHead
    kept.settledHead = count
    this.advance()
  }

  /** What stands in front of a position is no longer on disk. */
  drop(position: number): void {
    for (const frame of this.frames) {
      if (frame.state === "onDisk" && frame.end.position <= position) frame.state = "dropped"
    }
    this.advance()
  }

  // Whatever is missing in front of a frame that was taken is counted already.
  private advance(): void {
    const [first] = this.frames
    this.frontier = first === undefined
      ? this.reader.place
      : { ...first.start, position: first.start.position + first.settledHead }
  }
}
