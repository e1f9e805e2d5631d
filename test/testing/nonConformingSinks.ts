import { Effect } from "effect"
import { type LogRecord, LogSink, type SinkConformance } from "../../src/index.ts"
import { type Break, type Far, Good, type Response, token } from "./conformingSink.ts"

type Batch = ReadonlyArray<LogRecord.LogRecord>

/** A sink that breaks a rule in one way, in as little as that takes. */
interface Fault {
  readonly rule: SinkConformance.Rule
  readonly sink: new(far: Far) => Good
  /** What cannot be kept either by a sink like this. */
  readonly others?: ReadonlyArray<SinkConformance.Rule>
  /** For those that hold up the suite. */
  readonly patience?: LogSink.DurationInput
}

const short = "600 millis"

/** Ids that last as long as an object. */
const objects = new WeakMap<object, number>()
let objectsSeen = 0
const objectId = (object: object): number => {
  const id = objects.get(object) ?? objectsSeen++
  objects.set(object, id)
  return id
}

const lineWith = (record: LogRecord.LogRecord, more: object): string => JSON.stringify({ ...record.toJSON(), ...more })

/** What each rule, and each case, is for: sinks by what they do. */
export const faults: Readonly<Record<string, Fault>> = {
  "stores 50 of a batch": {
    rule: "completeness",
    sink: class extends Good {
      override lines(batch: Batch) {
        return super.lines(batch.slice(0, 50))
      }
    }
  },
  "writes large batches from their end": {
    rule: "order",
    sink: class extends Good {
      override lines(batch: Batch) {
        return super.lines(batch.length < 20 ? batch : batch.toReversed())
      }
    }
  },
  "says which try it is": {
    rule: "identity",
    others: ["lost acknowledgement"],
    sink: class extends Good {
      private readonly tries = new Map<string, number>()
      override lines(batch: Batch) {
        return batch.map((record) => {
          const sent = (this.tries.get(record.uid) ?? 0) + 1
          this.tries.set(record.uid, sent)
          return lineWith(record, { sent })
        })
      }
    }
  },
  "knows no more than 1000 records": {
    rule: "identity",
    sink: class extends Good {
      override lines(batch: Batch) {
        return batch.map((record) => lineWith(record, { uid: record.seq > 1000 ? "late" : record.uid }))
      }
    }
  },
  "tries again by itself": {
    rule: "single attempt",
    sink: class extends Good {
      override write(batch: Batch, acknowledge: LogSink.Acknowledge) {
        const isTooLarge = ({ reason }: LogSink.SinkError) => reason._tag === "TooLarge"
        return Effect.retry(super.write(batch, acknowledge), { times: 1, while: isTooLarge })
      }
    }
  },
  "does not say that it may have arrived": {
    rule: "lost acknowledgement",
    others: ["hang-up"],
    sink: class extends Good {
      override broke() {
        return LogSink.unavailable("the connection broke")
      }
    }
  },
  "numbers anew what it sends again": {
    rule: "lost acknowledgement",
    sink: class extends Good {
      private breaks = 0
      override lines(batch: Batch) {
        return batch.map((record) => this.breaks === 0 ? JSON.stringify(record) : lineWith(record, { sent: "again" }))
      }
      override broke(how: Break) {
        this.breaks++
        return super.broke(how)
      }
    }
  },
  "forgets what is stored": {
    rule: "acknowledgement",
    sink: class extends Good {
      override partly(message: string) {
        return LogSink.unavailable(message)
      }
    }
  },
  "acknowledges before it sends": {
    rule: "acknowledgement",
    others: ["identity", "record by record", "count"],
    sink: class extends Good {
      override write(batch: Batch, acknowledge: LogSink.Acknowledge) {
        return Effect.suspend(() => {
          for (const position of batch.keys()) acknowledge(position)
          return super.write(batch, acknowledge)
        })
      }
    }
  },
  "acknowledges what is refused": {
    rule: "acknowledgement",
    sink: class extends Good {
      override write(batch: Batch, acknowledge: LogSink.Acknowledge) {
        return Effect.tapError(
          super.write(batch, acknowledge),
          ({ message }) => Effect.sync(() => message === "answered 400" && acknowledge(0))
        )
      }
    }
  },
  "acknowledges by a number of its own": {
    rule: "acknowledgement",
    sink: class extends Good {
      override write(batch: Batch, acknowledge: LogSink.Acknowledge) {
        return Effect.tap(super.write(batch, acknowledge), () => Effect.sync(() => acknowledge(batch.length)))
      }
    }
  },
  "names records as this process knows them": {
    rule: "restart",
    sink: class extends Good {
      override lines(batch: Batch) {
        return batch.map((record) => lineWith(record, { object: objectId(record) }))
      }
    }
  },
  "does not read how long it must wait": {
    rule: "classification",
    sink: class extends Good {
      override wait() {
        return undefined
      }
    }
  },
  "waits five minutes for what it cannot read": {
    rule: "classification",
    sink: class extends Good {
      override wait(response: Response) {
        return super.wait(response) ?? (response.retryAfter === undefined ? undefined : "5 minutes")
      }
    }
  },
  "dies of a wait that it cannot read": {
    rule: "classification",
    sink: class extends Good {
      override wait(response: Response) {
        const wait = super.wait(response)
        if (wait === undefined && response.retryAfter !== undefined) throw new TypeError("no time")
        return wait
      }
    }
  },
  "waits by itself for as long as it is told": {
    rule: "classification",
    patience: short,
    sink: class extends Good {
      override answered(response: Response) {
        const { retryAfter = "" } = response
        return retryAfter.length > 29 ? Effect.never : super.answered(response)
      }
    }
  },
  "takes every failure for its own": {
    rule: "classification",
    others: ["identity"],
    sink: class extends Good {
      override answered(response: Response) {
        if (response.status < 400) return super.answered(response)
        return Effect.mapError(
          super.answered(response),
          ({ message, reason }) =>
            reason._tag === "Rejected" ? LogSink.misconfigured(message) : LogSink.rejected(message)
        )
      }
    }
  },
  "dies": {
    rule: "classification",
    sink: class extends Good {
      override answered(response: Response) {
        return response.status === 413 ? Effect.die(new Error("413")) : super.answered(response)
      }
    }
  },
  "has all tried again": {
    rule: "record by record",
    sink: class extends Good {
      override each(message: string) {
        return LogSink.unavailable(message)
      }
    }
  },
  "does not count": {
    rule: "count",
    sink: class extends Good {
      override counted(message: string) {
        return LogSink.unavailable(message)
      }
    }
  },
  "is busy for ever when it is interrupted": {
    rule: "interruption",
    sink: class extends Good {
      private isBusy = false
      override send(lines: ReadonlyArray<string>) {
        return Effect.suspend(() => {
          if (this.isBusy) return Effect.fail(LogSink.unavailable("another write is on its way"))
          this.isBusy = true
          const free = Effect.sync(() => {
            this.isBusy = false
          })
          return super.send(lines).pipe(Effect.tap(() => free), Effect.tapError(() => free))
        })
      }
    }
  },
  "goes on with a line that was interrupted": {
    rule: "interruption",
    sink: class extends Good {
      private rest = ""
      override send(lines: ReadonlyArray<string>) {
        return Effect.suspend(() => {
          const [first = "{}", ...others] = lines
          const before = this.rest
          this.rest = ""
          const isTorn = before !== ""
          const sent = super.send(isTorn ? [JSON.stringify({ ...JSON.parse(first), before }), ...others] : lines)
          return Effect.onInterrupt(sent, () =>
            Effect.sync(() => {
              this.rest = first.slice(0, 10)
            }))
        })
      }
    }
  },
  "reads a slow answer to its end": {
    rule: "slow answer",
    patience: short,
    sink: class extends Good {
      override body(response: Response) {
        return Effect.flatMap(
          response.read ?? Effect.undefined,
          (piece) => piece?.length === 1 ? Effect.uninterruptible(Effect.sleep("5 seconds")) : super.body(response)
        )
      }
    }
  },
  "keeps an answer whole": {
    rule: "endless answer",
    sink: class extends Good {
      override body({ read }: Response) {
        return Effect.gen(function*() {
          if (read === undefined) return
          const kept: Array<Uint8Array> = []
          for (let piece = yield* read; piece !== undefined && kept.length < 100; piece = yield* read) kept.push(piece)
        })
      }
    }
  },
  "leaves an answer open": {
    rule: "endless answer",
    patience: short,
    sink: class extends Good {
      override read({ end: _, ...response }: Response) {
        return super.read(response)
      }
    }
  },
  "goes where it is sent": {
    rule: "redirect",
    sink: class extends Good {
      override answered(response: Response) {
        if (response.location !== undefined) this.far.elsewhere++
        return super.answered(response)
      }
    }
  },
  "gives up where nobody answers": {
    rule: "hang-up",
    sink: class extends Good {
      override broke(how: Break) {
        return how === "refused" ? LogSink.rejected("the connection broke") : super.broke(how)
      }
    }
  },
  "takes half an answer for a refusal": {
    rule: "hang-up",
    sink: class extends Good {
      override broke(how: Break) {
        return how === "cut" ? LogSink.rejected("half an answer") : super.broke(how)
      }
    }
  },
  "takes nothing new after a failure": {
    rule: "recovery",
    sink: class extends Good {
      private failed: Batch | undefined
      override write(batch: Batch, acknowledge: LogSink.Acknowledge) {
        return Effect.suspend(() => {
          const { failed } = this
          if (failed !== undefined && !batch.every(({ uid }) => failed.some((record) => record.uid === uid))) {
            return Effect.fail(LogSink.unavailable("it failed before"))
          }
          return super.write(batch, acknowledge)
        }).pipe(Effect.tapError(({ message }) =>
          Effect.sync(() => {
            if (message.startsWith("answered")) this.failed = batch
          })
        ))
      }
    }
  },
  "loses the first of a synchronous write": {
    rule: "synchronous writes",
    sink: class extends Good {
      override writeSync(batch: Batch) {
        super.writeSync(batch.slice(1))
      }
    }
  },
  "does not throw": {
    rule: "synchronous writes",
    sink: class extends Good {
      override writeSync(batch: Batch) {
        try {
          super.writeSync(batch)
        } catch {
          // As if it were stored.
        }
      }
    }
  },
  "shows a token": {
    rule: "secrets",
    sink: class extends Good {
      override counted(_message: string, count: number) {
        return LogSink.rejected(`https://me:${token}@far.test answered`, { count })
      }
    }
  },
  "shows a record": {
    rule: "secrets",
    sink: class extends Good {
      override each(message: string, items: ReadonlyArray<number>) {
        return LogSink.perRecord(message, {
          again: items.flatMap((status, record) => status === 429 ? [record] : []),
          refused: items.flatMap((status, record) =>
            status === 400 ? [{ record, message: this.far.attempts.at(-1) ?? "" }] : []
          )
        })
      }
    }
  },
  "logs": {
    rule: "self-logging",
    sink: class extends Good {
      override write(batch: Batch, acknowledge: LogSink.Acknowledge) {
        return Effect.andThen(Effect.logInfo(`${batch.length} records`), super.write(batch, acknowledge))
      }
    }
  },
  "prints": {
    rule: "self-logging",
    sink: class extends Good {
      override write(batch: Batch, acknowledge: LogSink.Acknowledge) {
        return Effect.suspend(() => {
          console.debug(`${batch.length} records`)
          return super.write(batch, acknowledge)
        })
      }
    }
  },
  "never closes": {
    rule: "close",
    patience: short,
    sink: class extends Good {
      override get close() {
        return Effect.never
      }
    }
  },
  "takes a tenth of a second to close": {
    rule: "close",
    sink: class extends Good {
      override get close() {
        return Effect.sleep("100 millis")
      }
    }
  },
  "writes once more when it has closed": {
    rule: "after close",
    sink: class extends Good {
      private last: ReadonlyArray<string> = []
      override lines(batch: Batch) {
        this.last = super.lines(batch)
        return this.last
      }
      override get close() {
        const late = Effect.sync(() => this.far.store(this.last))
        return Effect.asVoid(Effect.forkDetach(Effect.andThen(Effect.sleep("5 millis"), late)))
      }
    }
  },
  "adds to records": {
    rule: "shared records",
    sink: class extends Good {
      override lines(batch: Batch) {
        for (const record of batch) Object.assign(record.annotations, { host: "here" })
        return super.lines(batch)
      }
    }
  },
  "passes over empty messages": {
    rule: "odd records",
    sink: class extends Good {
      override lines(batch: Batch) {
        return super.lines(batch.filter(({ message }) => message !== ""))
      }
    }
  },
  "has one batch for all writes": {
    rule: "writes at once",
    sink: class extends Good {
      private current: Batch = []
      override write(batch: Batch, acknowledge: LogSink.Acknowledge) {
        return Effect.suspend(() => {
          this.current = batch
          return Effect.andThen(Effect.yieldNow, Effect.suspend(() => super.write(this.current, acknowledge)))
        })
      }
    }
  },
  "measures nothing": {
    rule: "record limit",
    sink: class extends Good {
      override sizeOf() {
        return Number.NaN
      }
    }
  }
}
