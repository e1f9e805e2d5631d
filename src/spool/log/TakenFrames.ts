import type { Place } from "../disk/Cursor.ts"
import type { Spans } from "../disk/Spans.ts"
import type { LogReader, Taken } from "./LogReader.ts"
import type { Recovered } from "./recover.ts"

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
  readonly start: Place
  readonly end: Place
  /** The positions of its records: all of the frame, some, or none when nobody can tell them. */
  readonly positions: "all" | ReadonlyArray<number>
  /** How many of its records are not settled. */
  open: number
  state: "onDisk" | "dropped" | "settled"
}

/** What was taken out of a log and is not settled, in order, and so how far the log is settled. */
export class TakenFrames {
  /** Everything before it is settled. */
  frontier: Place
  /** What is settled behind it. */
  readonly settled: Spans
  /** Records that were taken and are not settled. */
  records = 0
  private readonly reader: LogReader
  private readonly frames: Array<Kept> = []

  constructor(reader: LogReader, { place, settled }: Pick<Recovered, "place" | "settled">) {
    this.reader = reader
    this.frontier = place
    this.settled = settled
  }

  /** Keeps a frame of which so many records can be read. */
  keep({ end, frame, start }: Taken, count: number): Kept {
    const positions: Array<number> = []
    // Between records that cannot be read nobody can tell which position one has.
    if (frame !== undefined && frame.settled.open(start.position, end.position) === count) {
      for (let position = start.position; position < end.position; position++) {
        if (!frame.settled.has(position)) positions.push(position)
      }
    }
    return this.push({ start, end, positions, open: count, state: "onDisk" })
  }

  /** Keeps the frame in front of a position, which nobody need read: everything before it was taken. */
  keepLast(count: number, position: number): Kept {
    const start = this.reader.place
    this.reader.pass(position)
    return this.push({ start, end: this.reader.place, positions: "all", open: count, state: "onDisk" })
  }

  /** Keeps the next frame, which stands between two places and need not be read. */
  keepNext(start: Place, end: Place): Kept {
    this.reader.passTo(end)
    return this.push({ start, end, positions: "all", open: end.position - start.position, state: "onDisk" })
  }

  private push(kept: Kept): Kept {
    this.frames.push(kept)
    this.records += kept.open
    this.advance()
    return kept
  }

  settle(kept: Kept): void {
    if (kept.state === "settled") return
    kept.state = "settled"
    this.records -= kept.open
    kept.open = 0
    this.settled.add(kept.start.position, kept.end.position)
    while (this.frames[0]?.state === "settled") this.frames.shift()
    this.advance()
  }

  /** Some records of a frame are settled: those at these places among the ones that were taken. */
  settleSome(kept: Kept, places: ReadonlyArray<number>): void {
    if (kept.state === "settled" || kept.positions.length === 0) return
    for (const place of places) {
      const position = positionAt(kept, place)
      if (position === undefined || position < this.frontier.position || this.settled.has(position)) continue
      this.settled.add(position, position + 1)
      kept.open--
      this.records--
    }
    if (kept.open === 0) this.settle(kept)
    else this.advance()
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
    const place = first?.start ?? this.reader.place
    const position = this.settled.openFrom(Math.max(place.position, this.frontier.position))
    this.frontier = { ...place, position }
    // What is settled is not read, be it in front of the frontier.
    this.settled.forget(Math.min(position, this.reader.expected))
  }
}

const positionAt = ({ end, positions, start }: Kept, place: number): number | undefined => {
  if (positions !== "all") return positions[place]
  const position = start.position + place
  return position < end.position ? position : undefined
}
