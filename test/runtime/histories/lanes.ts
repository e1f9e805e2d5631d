import { Effect, Schedule } from "effect"
import { type Ledger, type LogRecord, LogSink } from "../../../src/index.ts"
import { type Bound, levels } from "./levels.ts"
import type { Numbers } from "./numbers.ts"

/** The number that a record was logged with; nothing for one of the runtime's own. */
export const numberOf = ({ message }: LogRecord.LogRecord): number | undefined =>
  typeof message === "number" || (typeof message === "string" && /^\d+$/.test(message)) ? Number(message) : undefined

/** A filter by the numbers of records: all whose rest is another. Records of the runtime itself are asked for by nobody. */
export type Sieve = { readonly by: number; readonly rest: number } | undefined

export const sieves = (sieve: Sieve, n: number): boolean => sieve === undefined || n % sieve.by !== sieve.rest

export const filterOf = (sieve: Sieve) =>
  sieve === undefined ? undefined : (record: LogRecord.LogRecord): boolean => sieves(sieve, numberOf(record) ?? 0)

/** A sink of a lane, and what it does. What is refused before it is acquired is nobody's to close. */
export interface SinkState {
  mode: "works" | "fails" | "hangs"
  closed: number
  isRefused: boolean
}

/** What a lane should have, and what its sinks, one after the other, have stored. */
export class LaneModel {
  name: string
  minimum: Bound
  sieve: Sieve
  capacity: number
  /** Most records that a write may have. */
  mostWritten: number
  /** Most records that may be queued: more than its capacity while it had more when that was made smaller. */
  mostQueued: number
  isAttached = true
  /** Its least capacity until now, and whether it ever had a sink that did not work, or little room in bytes. */
  leastCapacity: number
  hadFaults = false
  wasBounded = false
  readonly strategy: "dropping" | "sliding"
  readonly offered: Array<number> = []
  /** The records of the runtime itself are texts among them. */
  readonly stored: Array<number | string> = []
  readonly sinks: Array<SinkState> = []
  /** Takes it from the runtime, and may give its books. */
  detach: Effect.Effect<Ledger.LaneBooks | void, unknown> = Effect.void
  private readonly broken: (what: string) => void

  constructor({ below, once, oneOf }: Numbers, broken: (what: string) => void) {
    this.name = "lane"
    this.minimum = once(3) ? oneOf(levels) : "All"
    this.sieve = once(4) ? { by: 3, rest: below(3) } : undefined
    this.capacity = 100
    this.mostWritten = 1 + below(20)
    this.mostQueued = this.capacity
    this.leastCapacity = this.capacity
    this.strategy = once(4) ? "sliding" : "dropping"
    this.broken = broken
  }

  /** The first sink. */
  sink(): LogSink.LogSink {
    const { capacity, minimum, sieve, strategy } = this
    return LogSink.withOptions(this.next("lane", this.mostWritten), {
      capacity,
      strategy,
      minimumLevel: minimum,
      filter: filterOf(sieve)
    })
  }

  /** A further sink, with batches of so many. */
  next(name: string, maxBatchSize: number): LogSink.LogSink {
    const state: SinkState = { mode: "works", closed: 0, isRefused: false }
    this.sinks.push(state)
    const store = (batch: ReadonlyArray<LogRecord.LogRecord>): void => {
      if (state.closed > 0) this.broken(`a sink of "${this.name}" is written that is closed`)
      this.stored.push(...batch.map((record) => numberOf(record) ?? String(record.message)))
    }
    return LogSink.make({
      name,
      maxBatchSize,
      batchWindow: 0,
      writeTimeout: "3 seconds",
      retry: Schedule.spaced("1 second"),
      breaker: { failures: 2, cooldown: "5 seconds" },
      write: (batch) =>
        Effect.suspend(() => {
          if (batch.length > this.mostWritten) this.broken(`"${this.name}" writes ${batch.length} records at once`)
          if (state.mode === "hangs") return Effect.never
          if (state.mode === "fails") return Effect.fail(LogSink.unavailable("down"))
          // The event loop has a turn while it is written.
          return Effect.andThen(Effect.yieldNow, Effect.sync(() => store(batch)))
        }),
      writeSync(batch) {
        if (state.mode !== "works") throw LogSink.unavailable("down")
        store(batch)
      },
      close: Effect.sync(() => {
        state.closed++
      })
    })
  }

  /** It holds no more than this from now on, or what it has. */
  resize(capacity: number, queued: number): void {
    this.capacity = capacity
    this.leastCapacity = Math.min(this.leastCapacity, capacity)
    this.mostQueued = Math.max(capacity, queued)
  }

  /** Whether records may have been dropped for a reason. A drain has its end, with a sink that works too. */
  mayDrop(reason: Ledger.DropReason, accepted: number): boolean {
    switch (reason) {
      case "queue_full":
        return accepted > this.leastCapacity - Math.floor(this.leastCapacity / 10)
      case "bytes_full":
        return this.wasBounded
      case "retries_exhausted":
        return this.hadFaults
      default:
        return reason === "shutdown_deadline" || reason === "unconfirmed"
    }
  }
}
