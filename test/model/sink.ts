import { Effect } from "effect"
import { LogSink } from "../../src/index.ts"
import type { LogRecord } from "../../src/LogRecord.ts"
import type { End, Event } from "./events.ts"
import type { Answer } from "./parameters.ts"

interface Pending {
  readonly id: number
  readonly size: number
  readonly acknowledge: LogSink.Acknowledge | undefined
  readonly resume: (exit: Effect.Effect<void, LogSink.SinkError>) => void
  isHung: boolean
  readonly isInterruptible: boolean
}

/** What an answer says of a write of so many records; nothing when it is none. */
const reasonOf = (answer: Answer, size: number): LogSink.Reason | undefined => {
  switch (answer) {
    case "unavailable":
      return { _tag: "Unavailable" }
    case "ambiguous":
      return { _tag: "Unavailable", ambiguous: true, retryAfter: "3 seconds" }
    case "stored":
      return { _tag: "Unavailable", stored: 2 }
    case "rejected":
      return { _tag: "Rejected" }
    case "rejectedSome":
      return { _tag: "Rejected", records: size > 1 ? [0, size - 1] : [0] }
    case "tooLarge":
      return { _tag: "TooLarge" }
    case "misconfigured":
      return { _tag: "Misconfigured" }
    default:
      return typeof answer === "string" ? undefined : reasonIn(answer)
  }
}

const reasonIn = (answer: Exclude<Answer, string>): LogSink.Reason => {
  if (answer._tag === "Counted") return { _tag: "Rejected", count: answer.count }
  const { again, ambiguous, refused } = answer
  const because = refused.map((record) => ({ record, message: `refused for ${record % 2}` }))
  return { _tag: "PerRecord", refused: because, again, ambiguous, retryAfter: ambiguous ? "2 seconds" : undefined }
}

/** What a sink is told, and what it tells. */
interface Around {
  readonly options: Partial<LogSink.LaneOptions>
  readonly recordLimit: number | undefined
  readonly writesSync: boolean
  readonly now: () => number
  readonly seqsOf: (records: ReadonlyArray<LogRecord>) => ReadonlyArray<number>
  readonly observe: (event: Event) => void
}

/** How large a record is for the sink: half of it goes when it is shortened, if its cause shows that it was. */
const sizeOf = ({ bytes, cause }: LogRecord): number => cause?.at(-1)?.kind === "More" ? bytes / 2 : bytes

const largestOf = (batch: ReadonlyArray<LogRecord>): number => {
  let largest = 0
  for (const record of batch) largest = Math.max(largest, sizeOf(record))
  return largest
}

/** A sink that is told its answers from outside, and tells what it is asked for. */
export class ModelSink {
  readonly sink: LogSink.LogSink
  private readonly around: Around
  private readonly answers: Array<Answer> = []
  private readonly pending: Array<Pending> = []
  private writes = 0
  private isWell = false

  constructor(around: Around) {
    const { options, recordLimit, writesSync } = around
    this.around = around
    this.sink = LogSink.make({
      ...options,
      name: "model",
      write: (batch, acknowledge) => this.write(batch, acknowledge),
      ...(recordLimit === undefined ? undefined : { recordLimit: { maxBytes: recordLimit, sizeOf } }),
      ...(writesSync ? { writeSync: (batch: ReadonlyArray<LogRecord>) => this.writeSync(batch) } : undefined)
    })
  }

  /** Answers the oldest write that waits, or else the next one. */
  answer(answer: Answer): void {
    const asked = this.pending.find(({ isHung }) => !isHung)
    if (asked === undefined || answer === "throw" || answer === "hangUninterruptibly") this.answers.push(answer)
    else this.give(asked, answer)
  }

  /** Says of the oldest write that goes on that these of its records are stored. */
  acknowledge(positions: ReadonlyArray<number>): void {
    const [asked] = this.pending
    if (asked === undefined) return
    this.around.observe({ _tag: "Confirmed", id: asked.id, positions: positions.filter((each) => each < asked.size) })
    for (const position of positions) asked.acknowledge?.(position)
  }

  /** From now on every write succeeds. Whoever could not be interrupted may have been, so nobody knows how it ended. */
  recover(): void {
    this.isWell = true
    this.answers.length = 0
    for (const asked of this.pending.slice()) this.give(asked, asked.isInterruptible ? "ok" : "ambiguous")
  }

  private write(
    batch: ReadonlyArray<LogRecord>,
    acknowledge: LogSink.Acknowledge | undefined
  ): Effect.Effect<void, LogSink.SinkError> {
    const id = ++this.writes
    const answer = this.isWell ? "ok" : this.answers.shift()
    const { now, observe, seqsOf } = this.around
    observe({ _tag: "WriteBegun", id, seqs: seqsOf(batch), largest: largestOf(batch), at: now() })
    if (answer === "throw") {
      this.end(id, lost)
      throw new Error("a throw that was asked for")
    }
    const asked = Effect.callback<void, LogSink.SinkError>((resume) => {
      const isInterruptible = answer !== "hangUninterruptibly"
      const pending = { id, size: batch.length, acknowledge, resume, isHung: false, isInterruptible }
      this.pending.push(pending)
      if (answer !== undefined) this.give(pending, answer)
      return Effect.sync(() => {
        this.forget(pending)
        this.end(id, lost)
      })
    })
    return answer === "hangUninterruptibly" ? Effect.uninterruptible(asked) : asked
  }

  private give(asked: Pending, answer: Answer): void {
    if (answer === "hang" || answer === "hangUninterruptibly") {
      asked.isHung = true
      return
    }
    this.forget(asked)
    const reason = reasonOf(answer, asked.size)
    if (answer === "ok") {
      this.end(asked.id, { _tag: "Ok" })
      asked.resume(Effect.void)
    } else if (reason === undefined) {
      this.end(asked.id, lost)
      asked.resume(Effect.die(new Error("a defect that was asked for")))
    } else {
      this.end(asked.id, endOf(reason))
      asked.resume(Effect.fail(new LogSink.SinkError({ reason, message: "an answer that was asked for" })))
    }
  }

  /** Takes what nobody else does when the process ends. */
  writeLast(batch: ReadonlyArray<LogRecord>, end: End = { _tag: "Ok" }): void {
    const { observe, seqsOf } = this.around
    observe({ _tag: "Rescued", id: ++this.writes, seqs: seqsOf(batch), largest: largestOf(batch), end })
  }

  private writeSync(batch: ReadonlyArray<LogRecord>): void {
    const answer = this.answers.shift() ?? "ok"
    const reason = reasonOf(answer, batch.length)
    if (reason === undefined && answer !== "ok") throw new Error("a throw that was asked for")
    this.writeLast(batch, reason && endOf(reason))
    if (reason !== undefined) throw new LogSink.SinkError({ reason, message: "an answer that was asked for" })
  }

  private forget(asked: Pending): void {
    const index = this.pending.indexOf(asked)
    if (index !== -1) this.pending.splice(index, 1)
  }

  private end(id: number, end: End): void {
    this.around.observe({ _tag: "WriteEnded", id, end })
  }
}

/** Nobody knows how it ended. */
const lost: End = { _tag: "Unavailable", ambiguous: true, stored: 0 }

const endOf = (reason: LogSink.Reason): End => {
  switch (reason._tag) {
    case "Unavailable":
      return { _tag: "Unavailable", ambiguous: reason.ambiguous === true, stored: reason.stored ?? 0 }
    case "Rejected":
      if (reason.count !== undefined) return { _tag: "Counted", count: reason.count }
      if (reason.records === undefined) return { _tag: "Rejected" }
      return { _tag: "PerRecord", refused: reason.records, again: [], ambiguous: false }
    case "PerRecord": {
      const refused = (reason.refused ?? []).map(({ record }) => record)
      return { _tag: "PerRecord", refused, again: reason.again ?? [], ambiguous: reason.ambiguous === true }
    }
    case "TooLarge":
      return { _tag: "TooLarge" }
    case "Misconfigured":
    case "Closed":
      return { _tag: "Misconfigured" }
  }
}
