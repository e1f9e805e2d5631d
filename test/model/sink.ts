import { Effect } from "effect"
import { LogSink } from "../../src/index.ts"
import type { LogRecord } from "../../src/LogRecord.ts"
import type { End, Event } from "./events.ts"
import type { Answer } from "./parameters.ts"

interface Pending {
  readonly id: number
  readonly size: number
  readonly resume: (exit: Effect.Effect<void, LogSink.SinkError>) => void
  isHung: boolean
  readonly isInterruptible: boolean
}

const failures: Readonly<Partial<Record<Answer, (size: number) => LogSink.Reason>>> = {
  unavailable: () => ({ _tag: "Unavailable" }),
  ambiguous: () => ({ _tag: "Unavailable", ambiguous: true, retryAfter: "3 seconds" }),
  stored: () => ({ _tag: "Unavailable", stored: 2 }),
  rejected: () => ({ _tag: "Rejected" }),
  rejectedSome: (size) => ({ _tag: "Rejected", records: size > 1 ? [0, size - 1] : [0] }),
  tooLarge: () => ({ _tag: "TooLarge" }),
  misconfigured: () => ({ _tag: "Misconfigured" })
}

/** A sink that is told its answers from outside, and tells what it is asked for. */
export class ModelSink {
  readonly sink: LogSink.LogSink
  private readonly observe: (event: Event) => void
  private readonly now: () => number
  private readonly answers: Array<Answer> = []
  private readonly pending: Array<Pending> = []
  private writes = 0
  private isWell = false

  constructor(
    options: Partial<LogSink.LaneOptions>,
    writesSync: boolean,
    now: () => number,
    observe: (event: Event) => void
  ) {
    this.observe = observe
    this.now = now
    this.sink = LogSink.make({
      ...options,
      name: "model",
      write: (batch) => this.write(batch),
      ...(writesSync ? { writeSync: (batch: ReadonlyArray<LogRecord>) => this.writeSync(batch) } : undefined)
    })
  }

  /** Answers the oldest write that waits, or else the next one. */
  answer(answer: Answer): void {
    const asked = this.pending.find(({ isHung }) => !isHung)
    if (asked === undefined || answer === "throw" || answer === "hangUninterruptibly") this.answers.push(answer)
    else this.give(asked, answer)
  }

  /** From now on every write succeeds. Whoever could not be interrupted may have been, so nobody knows how it ended. */
  recover(): void {
    this.isWell = true
    this.answers.length = 0
    for (const asked of this.pending.slice()) this.give(asked, asked.isInterruptible ? "ok" : "ambiguous")
  }

  private write(batch: ReadonlyArray<LogRecord>): Effect.Effect<void, LogSink.SinkError> {
    const id = ++this.writes
    const answer = this.isWell ? "ok" : this.answers.shift()
    this.observe({ _tag: "WriteBegun", id, seqs: batch.map(({ seq }) => seq), at: this.now() })
    if (answer === "throw") {
      this.end(id, { _tag: "Unavailable", ambiguous: true, stored: 0 })
      throw new Error("a throw that was asked for")
    }
    const asked = Effect.callback<void, LogSink.SinkError>((resume) => {
      const isInterruptible = answer !== "hangUninterruptibly"
      const pending = { id, size: batch.length, resume, isHung: false, isInterruptible }
      this.pending.push(pending)
      if (answer !== undefined) this.give(pending, answer)
      return Effect.sync(() => {
        this.forget(pending)
        this.end(id, { _tag: "Unavailable", ambiguous: true, stored: 0 })
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
    const reason = failures[answer]?.(asked.size)
    if (answer === "ok") {
      this.end(asked.id, { _tag: "Ok" })
      asked.resume(Effect.void)
    } else if (reason === undefined) {
      this.end(asked.id, { _tag: "Unavailable", ambiguous: true, stored: 0 })
      asked.resume(Effect.die(new Error("a defect that was asked for")))
    } else {
      this.end(asked.id, endOf(reason))
      asked.resume(Effect.fail(new LogSink.SinkError({ reason, message: answer })))
    }
  }

  private writeSync(batch: ReadonlyArray<LogRecord>): void {
    if (this.answers.shift() === "throw") throw new Error("a throw that was asked for")
    this.observe({ _tag: "Rescued", seqs: batch.map(({ seq }) => seq) })
  }

  private forget(asked: Pending): void {
    const index = this.pending.indexOf(asked)
    if (index !== -1) this.pending.splice(index, 1)
  }

  private end(id: number, end: End): void {
    this.observe({ _tag: "WriteEnded", id, end })
  }
}

const endOf = (reason: LogSink.Reason): End => {
  switch (reason._tag) {
    case "Unavailable":
      return { _tag: "Unavailable", ambiguous: reason.ambiguous === true, stored: reason.stored ?? 0 }
    case "Rejected":
      return { _tag: "Rejected", refused: reason.records }
    case "PerRecord":
      throw new Error("not asked for yet")
    case "TooLarge":
      return { _tag: "TooLarge" }
    case "Misconfigured":
    case "Closed":
      return { _tag: "Misconfigured" }
  }
}
