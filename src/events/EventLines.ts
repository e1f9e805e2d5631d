import type { LogRecord } from "../LogRecord.ts"
import { type Level, levels, severityOf } from "../record/level.ts"
import { newArray } from "../record/plainData.ts"

/** The lines that were logged inside of one event: how many, and the last of them where they are kept. */
export class EventLines {
  private counts: Array<number> | undefined = undefined
  private readonly kept: Array<LogRecord> = newArray()
  private readonly most: number
  private left = 0
  /** What tells a call from the one before: several loggers see the same. */
  private last: object | undefined = undefined

  constructor(most: number) {
    this.most = most
  }

  /** Leaves out what another logger is to say of one call. */
  pass(call: object | undefined): void {
    this.last = call
  }

  /** Counts a line, once for each call. */
  add(level: Level, call: object | undefined, record: LogRecord | undefined): void {
    if (call !== undefined && call === this.last) return
    this.last = call
    const counts = this.counts ??= levels.map(() => 0)
    counts[severityOf(level)]!++
    if (record === undefined || this.most === 0) return
    this.kept.push(record)
    if (this.kept.length > this.most) {
      this.kept.shift()
      this.left++
    }
  }

  /** How many there were of each level that had some. */
  get byLevel(): Readonly<Partial<Record<Level, number>>> {
    const out: Partial<Record<Level, number>> = {}
    this.counts?.forEach((count, severity) => {
      if (count > 0) out[levels[severity]!] = count
    })
    return out
  }

  /** Writes what there is to say of them, and keeps nothing. */
  write(set: (name: string, value: unknown) => void, since: number): void {
    this.counts?.forEach((count, severity) => {
      if (count > 0) set(`event.lines.${levels[severity]!.toLowerCase()}`, count)
    })
    if (this.kept.length > 0) {
      set("event.log", this.kept.map(({ level, message, time }) => ({ at_ms: time - since, level, message })))
    }
    if (this.left > 0) set("event.log_omitted", this.left)
    this.kept.length = 0
    this.last = undefined
  }
}
