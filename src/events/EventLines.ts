import type { LogRecord } from "../LogRecord.ts"
import type { SaidFields } from "../record/EventMessage.ts"
import { type Level, levels, lowerCase, severityOf } from "../record/level.ts"
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

  /** Says how many there were. */
  write(said: SaidFields): void {
    this.counts?.forEach((count, severity) => {
      if (count > 0) said.say(`event.lines.${lowerCase[levels[severity]!]}`, count)
    })
    if (this.left > 0) said.say("event.log_omitted", this.left)
  }

  /** Gives those that were kept, if there are any, and keeps nothing. */
  take(since: number): ReadonlyArray<unknown> | undefined {
    this.last = undefined
    if (this.kept.length === 0) return undefined
    const taken = this.kept.map(({ level, message, time }) => ({ at_ms: time - since, level, message }))
    this.kept.length = 0
    return taken
  }
}
