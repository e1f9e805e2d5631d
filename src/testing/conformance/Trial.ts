import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { describeDefect, withCauses } from "../../diagnostics/describe.ts"
import { Diagnostics } from "../../diagnostics/Diagnostics.ts"
import * as Lane from "../../lane/Lane.ts"
import { type LogRecord, severityOf } from "../../LogRecord.ts"
import { exponentialRetry, type LaneOptions, type LogSink, SinkError } from "../../LogSink.ts"
import { randomId } from "../../node/randomId.ts"
import { durationOf } from "../../options/duration.ts"
import { withoutCredentials } from "../../rules/redact/withoutCredentials.ts"
import type { Options, Stored } from "./contract.ts"
import type { NonConformance, Rule } from "./rules.ts"
import { payload, samples } from "./samples.ts"
import { broken, type Ended, said } from "./verdict.ts"

/** A new sink with its far end, and what a case does with both. */
export class Trial<Far, R> {
  readonly sink: LogSink
  readonly far: Far
  readonly options: Options<Far, R>
  readonly patience: Duration.Duration
  readonly runtimeId = randomId()
  private readonly lines: Array<string> = []
  private readonly diagnostics = new Diagnostics((line) => this.lines.push(line), () => Number.POSITIVE_INFINITY)

  constructor(options: Options<Far, R>, sink: LogSink, far: Far) {
    this.options = options
    this.sink = sink
    this.far = far
    this.patience = durationOf(options.patience ?? "2 seconds")
  }

  samples(count: number, first = 0): ReadonlyArray<LogRecord> {
    return samples(this.runtimeId, count, first)
  }

  idsOf(records: ReadonlyArray<LogRecord>): ReadonlyArray<string> {
    return records.map(this.options.identify ?? (({ uid }) => uid))
  }

  get stored(): Effect.Effect<ReadonlyArray<Stored>> {
    return this.options.stored(this.far)
  }

  get storedIds(): Effect.Effect<ReadonlyArray<string>> {
    return Effect.map(this.stored, (all) => all.map(({ id }) => id))
  }

  get storedBytes(): Effect.Effect<ReadonlyArray<string>> {
    return Effect.map(this.stored, (all) => all.map(({ bytes }) => bytes))
  }

  /** The bytes of all writes so far, where they are known. */
  get attempts(): Effect.Effect<ReadonlyArray<string> | undefined> {
    return this.options.attempts?.(this.far) ?? Effect.undefined
  }

  /** Writes a batch as a lane does, for as long as there is patience. */
  write(batch: ReadonlyArray<LogRecord>, rule: Rule = "interruption"): Effect.Effect<Ended, NonConformance> {
    return Effect.gen({ self: this }, function*() {
      const acknowledged = new Set<number>()
      const write = yield* this.begin(batch, (position) => acknowledged.add(position))
      const exit = yield* this.endOf(write, rule)
      yield* this.haveArrived(batch, acknowledged)
      if (exit === undefined) return { _tag: "Hangs" }
      if (Exit.isSuccess(exit)) return { _tag: "Stored" }
      const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
      if (!(error instanceof SinkError)) {
        const defect = describeDefect(Cause.squash(exit.cause))
        yield* this.keepsQuiet(defect, "what a write dies with")
        return yield* broken("classification", `a write must fail with a SinkError, got ${defect}`)
      }
      yield* this.keepsQuiet(error.message, "the error of a write")
      yield* this.keepsQuiet(withoutCredentials(withCauses(error.message, error)), "an error with its causes")
      yield* this.keepsQuiet(JSON.stringify(error.reason), "the reason of an error")
      return { _tag: "Failed", error }
    })
  }

  /** Writes a batch that must be stored. */
  storedWrite(batch: ReadonlyArray<LogRecord>, rule: Rule, what: string): Effect.Effect<void, NonConformance> {
    return Effect.gen({ self: this }, function*() {
      const ended = yield* this.write(batch)
      if (ended._tag !== "Stored") return yield* broken(rule, `${what} must succeed, ${said(ended)}`)
    })
  }

  /** Begins a write as a lane does: in a fiber of its own. */
  begin(
    batch: ReadonlyArray<LogRecord>,
    acknowledge: (position: number) => void = () => {}
  ): Effect.Effect<Fiber.Fiber<void, SinkError>> {
    const write = this.diagnostics.around(Effect.suspend(() => this.sink.write(batch, acknowledge)))
    return Effect.forkDetach(write, { startImmediately: true })
  }

  /** What a sink acknowledges is stored. */
  private haveArrived(
    batch: ReadonlyArray<LogRecord>,
    acknowledged: ReadonlySet<number>
  ): Effect.Effect<void, NonConformance> {
    return Effect.gen({ self: this }, function*() {
      if (acknowledged.size === 0) return
      const [ids, stored] = [this.idsOf(batch), new Set(yield* this.storedIds)]
      for (const position of acknowledged) {
        const id = ids[position]
        if (id === undefined) {
          return yield* broken(
            "acknowledgement",
            `a position must be one of the ${batch.length} of a batch, got ${position}`
          )
        } else if (!stored.has(id)) {
          return yield* broken("acknowledgement", `what is acknowledged must be stored, position ${position} is not`)
        }
      }
    })
  }

  /** Waits for the end of a write; one that takes too long is interrupted, and nothing given. */
  private endOf(
    write: Fiber.Fiber<void, SinkError>,
    rule: Rule
  ): Effect.Effect<Exit.Exit<void, SinkError> | undefined, NonConformance> {
    return Effect.flatMap(
      Effect.timeoutOption(Fiber.await(write), this.patience),
      (exit) => Option.isSome(exit) ? Effect.succeed(exit.value) : this.interrupt(write, rule)
    )
  }

  /** Interrupts a write, which must end then. */
  interrupt(write: Fiber.Fiber<void, SinkError>, rule: Rule): Effect.Effect<undefined, NonConformance> {
    return Effect.suspend(() => {
      write.interruptUnsafe()
      return Effect.flatMap(
        Effect.timeoutOption(Fiber.await(write), this.patience),
        (exit) =>
          Option.isSome(exit) ? Effect.undefined : broken(rule, "a write that is interrupted must end, it did not")
      )
    })
  }

  /** Closes the sink, which must not take for ever, and says how long it took. */
  get close(): Effect.Effect<Duration.Duration, NonConformance> {
    return Effect.gen({ self: this }, function*() {
      const { close = Effect.void } = this.sink
      const [time, closed] = yield* Effect.timed(Effect.timeoutOption(this.diagnostics.around(close), this.patience))
      if (Option.isNone(closed)) return yield* broken("close", "close must end, it did not")
      return time
    })
  }

  /** A lane of the sink, with short waits. It ends with the scope. */
  lane(
    options: Partial<LaneOptions> = {},
    write: LogSink["write"] = this.sink.write
  ): Effect.Effect<Lane.Lane, never, Scope.Scope> {
    const quick = {
      batchWindow: 0,
      retry: exponentialRetry({ base: "1 millis", duration: "10 seconds" }),
      breaker: false
    } as const
    const sink = { ...this.sink, write, options: { ...this.sink.options, ...quick, ...options } }
    const made = Effect.tap(
      Lane.make(sink, this.diagnostics, { onDrop() {}, onTake() {}, onChange() {} }),
      (lane) => lane.start
    )
    return Effect.acquireRelease(made, (lane) => Effect.sync(() => lane.abandon()))
  }

  offer(lane: Lane.Lane, records: ReadonlyArray<LogRecord>): void {
    for (const record of records) lane.inlet.offer(record, severityOf(record.level))
  }

  /** Logs through a lane, and waits until all of it is settled. */
  log(lane: Lane.Lane, records: ReadonlyArray<LogRecord>, rule: Rule): Effect.Effect<void, NonConformance> {
    return Effect.gen({ self: this }, function*() {
      this.offer(lane, records)
      const flushed = yield* Effect.timeoutOption(lane.flush, Duration.times(this.patience, 2))
      if (Option.isNone(flushed)) {
        return yield* broken(rule, `a lane must settle all its records, got ${JSON.stringify(lane.books())}`)
      }
    })
  }

  /** Ends a lane when it has written all it has. */
  drain(lane: Lane.Lane, rule: Rule): Effect.Effect<void, NonConformance> {
    return Effect.gen({ self: this }, function*() {
      const patience = Duration.times(this.patience, 2)
      lane.beginDrain(Duration.toMillis(patience))
      const drained = yield* Effect.timeoutOption(lane.drainDone, patience)
      if (Option.isNone(drained)) {
        return yield* broken(rule, `a lane must write what it has, got ${JSON.stringify(lane.books())}`)
      }
    })
  }

  /** A second sink of the same kind. */
  get another(): Effect.Effect<Trial<Far, R>, never, R | Scope.Scope> {
    return begin(this.options)
  }

  /** Nothing that the sink was trusted with is in a text. */
  keepsQuiet(text: string, what: string): Effect.Effect<void, NonConformance> {
    const secret = [payload, ...this.options.secrets ?? []].find((each) => text.includes(each))
    if (secret === undefined) return Effect.void
    return broken(
      "secrets",
      `${what} must show neither credentials nor records, got ` +
        (secret === payload ? "the message of a record" : "a secret")
    )
  }

  /** What holds at the end of every case. */
  get end(): Effect.Effect<void, NonConformance> {
    return Effect.gen({ self: this }, function*() {
      for (const line of this.lines) {
        yield* this.keepsQuiet(line, "a line on stderr")
        if (line.includes("a sink logged")) {
          return yield* broken("self-logging", `a sink must not log about its writes, got ${JSON.stringify(line)}`)
        }
      }
    })
  }
}

/** A new sink with its far end. */
export const begin = <Far, R>(
  options: Options<Far, R>
): Effect.Effect<Trial<Far, R>, never, R | Scope.Scope> =>
  Effect.map(Effect.orDie(options.make), ({ far, sink }) => new Trial(options, sink, far))

/** Time that passes, whatever the clock of the test is: a far end does not wait for that. */
export const inRealTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, Clock.Clock, Clock.Clock.defaultValue())
