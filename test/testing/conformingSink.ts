import { Deferred, Effect, Exit } from "effect"
import { type LogRecord, LogSink, RetryAfter, type SinkConformance } from "../../src/index.ts"

export const token = "token-of-the-sink"

export interface Response {
  readonly status: number
  readonly retryAfter?: string
  readonly rejected?: number
  /** How many at the head are stored, when that is all. */
  readonly head?: number
  readonly items?: ReadonlyArray<number>
  readonly location?: string
  /** The next piece of the body; nothing at its end. */
  readonly read?: Effect.Effect<Uint8Array | undefined, "cut">
  /** Nobody reads any more of it. */
  readonly end?: Effect.Effect<unknown>
}

/** Nobody was there, or somebody who went away, before the answer or in it. */
export type Break = "refused" | "reset" | "cut"

/** Lines in, an answer out; what it answers next can be said before. */
export class Far {
  readonly stored: Array<SinkConformance.Stored> = []
  readonly attempts: Array<string> = []
  elsewhere = 0
  next: ((lines: ReadonlyArray<string>) => Effect.Effect<Response, Break>) | undefined = undefined

  post(lines: ReadonlyArray<string>): Effect.Effect<Response, Break> {
    return Effect.suspend(() => {
      this.attempts.push(lines.join("\n"))
      const { next } = this
      this.next = undefined
      if (next !== undefined) return next(lines)
      this.store(lines)
      return Effect.succeed({ status: 200 })
    })
  }

  store(lines: ReadonlyArray<string>): void {
    for (const bytes of lines) this.stored.push({ id: JSON.parse(bytes).uid, bytes })
  }

  answers(response: Response, stored: (position: number) => boolean = () => false): Effect.Effect<void> {
    return Effect.sync(() => {
      this.next = (lines) => {
        this.store(lines.filter((_, position) => stored(position)))
        return Effect.succeed(response)
      }
    })
  }

  breaks(how: Break): Effect.Effect<void> {
    return Effect.sync(() => {
      this.next = (lines) => {
        if (how === "reset") this.store(lines)
        return Effect.fail(how)
      }
    })
  }
}

const pieces = (bytes: number): Effect.Effect<Uint8Array> => Effect.map(Effect.yieldNow, () => new Uint8Array(bytes))

export const answers: Required<SinkConformance.Answers<Far>> = {
  unavailable: (far) => far.answers({ status: 503 }),
  busyForSevenSeconds: (far) => far.answers({ status: 429, retryAfter: "7" }),
  busyUntilInSevenSeconds: (far) =>
    Effect.suspend(() => far.answers({ status: 429, retryAfter: new Date(Date.now() + 7000).toUTCString() })),
  busyForNonsense: (far, retryAfter) => far.answers({ status: 429, retryAfter }),
  refused: (far) => far.answers({ status: 400 }),
  secondRefused: (far) => far.answers({ status: 207, items: [200, 400, 200, 200, 200] }, (position) => position !== 1),
  secondRefusedThirdAgain: (far) =>
    far.answers({ status: 207, items: [200, 400, 429, 200, 200] }, (position) => position !== 1 && position !== 2),
  twoRefused: (far) => far.answers({ status: 200, rejected: 2 }, (position) => position > 1),
  warning: (far) => far.answers({ status: 200, rejected: 0 }, () => true),
  tooLarge: (far) => far.answers({ status: 413 }),
  misconfigured: (far) => far.answers({ status: 401 }),
  closed: (far) => far.answers({ status: 410 }),
  acknowledgementLost: (far) => far.breaks("reset"),
  headStored: (far) => far.answers({ status: 206, head: 2 }, (position) => position < 2),
  hangUp: (far) => far.breaks("refused"),
  brokenAnswer: (far) => far.answers({ status: 200, read: Effect.fail("cut") }, () => true),
  silence: (far) =>
    Effect.sync(() => {
      const arrived = Deferred.makeUnsafe<void>()
      far.next = () => {
        Deferred.doneUnsafe(arrived, Exit.void)
        return Effect.never
      }
      return Deferred.await(arrived)
    }),
  slow: (far) => far.answers({ status: 200, read: pieces(1) }, () => true),
  endless: (far) =>
    Effect.suspend(() => {
      let taken = 0
      const read = Effect.tap(pieces(8 * 1024 * 1024), ({ length }) =>
        Effect.sync(() => {
          taken += length
        }))
      const over = Deferred.makeUnsafe<void>()
      const end = Deferred.succeed(over, undefined)
      const told = Effect.map(Deferred.await(over), () => taken)
      return Effect.as(far.answers({ status: 200, read, end }, () => true), told)
    }),
  redirect: (far) => Effect.as(far.answers({ status: 307, location: "elsewhere" }), Effect.sync(() => far.elsewhere))
}

const mostOfAnAnswer = 1024

/** A sink that keeps every rule, of which each part can be another. */
export class Good {
  readonly far: Far

  constructor(far: Far) {
    this.far = far
  }

  lines(batch: ReadonlyArray<LogRecord.LogRecord>): ReadonlyArray<string> {
    return batch.map((record) => JSON.stringify(record))
  }

  send(lines: ReadonlyArray<string>): Effect.Effect<Response, LogSink.SinkError> {
    return Effect.mapError(this.far.post(lines), (how) => this.broke(how))
  }

  broke(how: Break): LogSink.SinkError {
    return LogSink.unavailable("the connection broke", { ambiguous: how !== "refused" })
  }

  read(response: Response): Effect.Effect<void, LogSink.SinkError> {
    const { end = Effect.void } = response
    return Effect.ensuring(Effect.mapError(this.body(response), (how) => this.broke(how)), end)
  }

  body({ read }: Response): Effect.Effect<void, "cut"> {
    return Effect.gen(function*() {
      if (read === undefined) return
      for (let bytes = 0; bytes < mostOfAnAnswer;) bytes += (yield* read)?.length ?? Infinity
    })
  }

  answered(response: Response): Effect.Effect<void, LogSink.SinkError> {
    const { head, items, rejected, status } = response
    const message = `answered ${status}`
    switch (status) {
      case 200:
        return rejected === undefined ? Effect.void : Effect.fail(this.counted(message, rejected))
      case 206:
        return Effect.fail(this.partly(message, head))
      case 207:
        return Effect.fail(this.each(message, items ?? []))
      case 307:
      case 401:
        return Effect.fail(LogSink.misconfigured(message))
      case 400:
        return Effect.fail(LogSink.rejected(message))
      case 410:
        return Effect.fail(LogSink.closed(message))
      case 413:
        return Effect.fail(LogSink.tooLarge(message))
      default:
        return Effect.fail(LogSink.unavailable(message, { retryAfter: this.wait(response) }))
    }
  }

  wait({ retryAfter }: Response): LogSink.DurationInput | undefined {
    return RetryAfter.parse(retryAfter, Date.now())
  }

  partly(message: string, stored: number | undefined): LogSink.SinkError {
    return LogSink.unavailable(message, { stored })
  }

  counted(message: string, count: number): LogSink.SinkError {
    return LogSink.rejected(message, { count })
  }

  each(message: string, items: ReadonlyArray<number>): LogSink.SinkError {
    return LogSink.perRecord(message, {
      refused: items.flatMap((status, record) => status === 400 ? [{ record, message: "400" }] : []),
      again: items.flatMap((status, record) => status === 429 ? [record] : [])
    })
  }

  write(
    batch: ReadonlyArray<LogRecord.LogRecord>,
    _acknowledge: LogSink.Acknowledge
  ): Effect.Effect<void, LogSink.SinkError> {
    return Effect.suspend(() => this.send(this.lines(batch))).pipe(
      Effect.tap((response) => this.read(response)),
      Effect.flatMap((response) => this.answered(response))
    )
  }

  writeSync(batch: ReadonlyArray<LogRecord.LogRecord>): void {
    const exit = Effect.runSyncExit(this.far.post(this.lines(batch)))
    if (Exit.isFailure(exit) || exit.value.status !== 200) throw LogSink.unavailable("not now")
  }

  get close(): Effect.Effect<void> {
    return Effect.void
  }

  sizeOf(record: LogRecord.LogRecord): number {
    return JSON.stringify(record).length
  }

  get sink(): LogSink.LogSink {
    return LogSink.make({
      name: "good",
      write: (batch, acknowledge) => this.write(batch, acknowledge),
      writeSync: (batch) => this.writeSync(batch),
      close: Effect.suspend(() => this.close),
      recordLimit: { maxBytes: 1_000_000, sizeOf: (record) => this.sizeOf(record) }
    })
  }
}
