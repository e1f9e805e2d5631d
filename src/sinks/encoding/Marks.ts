import * as Effect from "effect/Effect"
import { storedIn } from "../../contract/storedIn.ts"
import type { LogRecord } from "../../LogRecord.ts"
import type { LogSink } from "../../LogSink.ts"

/** The records that the encoder of a program did not encode, or a map did not take, and how many of them were delivered as markers. */
export class Marks {
  private readonly undelivered = new WeakSet<LogRecord>()
  private waiting = 0
  private delivered = 0
  private news: string | undefined = undefined
  private readonly by: "encoder" | "map"

  constructor(by: "encoder" | "map" = "encoder") {
    this.by = by
  }

  add(record: LogRecord, problem: string): void {
    if (this.waiting + this.delivered === 0) this.news = problem
    if (this.undelivered.has(record)) return
    this.undelivered.add(record)
    this.waiting++
  }

  /** A record is encoded after all, when its write is tried again. */
  remove(record: LogRecord): void {
    if (this.waiting > 0 && this.undelivered.delete(record)) this.waiting--
  }

  /** The sink with writes that count its markers, and tell of the first one. */
  countedIn(sink: LogSink): LogSink {
    const { marked, name, write, writeSync } = sink
    return {
      ...sink,
      marked: () => this.delivered + (marked?.() ?? 0),
      write: (batch, acknowledge) =>
        write(batch, acknowledge).pipe(
          Effect.tap(() => this.deliver(batch, batch.length)),
          Effect.tapError((error) => this.deliver(batch, storedIn(error, batch.length))),
          Effect.ensuring(this.tell(name))
        ),
      writeSync: writeSync && ((batch) => {
        try {
          writeSync(batch)
        } catch (error) {
          this.count(batch, storedIn(error, batch.length))
          throw error
        }
        this.count(batch, batch.length)
      })
    }
  }

  private deliver(batch: ReadonlyArray<LogRecord>, stored: number): Effect.Effect<void> {
    return Effect.sync(() => this.count(batch, stored))
  }

  private count(batch: ReadonlyArray<LogRecord>, stored: number): void {
    for (let i = 0; i < stored && this.waiting > 0; i++) {
      if (!this.undelivered.delete(batch[i]!)) continue
      this.waiting--
      this.delivered++
    }
  }

  private tell(name: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { news } = this
      this.news = undefined
      return news === undefined
        ? Effect.void
        : Effect.logWarning(
          `the ${this.by} of "${name}" ${news}; each such record is written as a marker: mend the ${this.by}`
        )
    })
  }
}
