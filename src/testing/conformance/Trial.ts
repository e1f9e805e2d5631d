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
import { NonConformance, type Options, type Rule, type Stored } from "./contract.ts"
import { payload, samples } from "./samples.ts"

/** How a write ended. */
export type Ended =
  | { readonly _tag: "Stored" }
  | { readonly _tag: "Failed"; readonly error: SinkError }
  | { readonly _tag: "Hangs" }

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

  get linesSoFar() {
    return this.lines
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

  /** The bytes of all writes so far, where they are known. */
  get attempts(): Effect.Effect<ReadonlyArray<string> | undefined> {
    return this.options.attempts?.(this.far) ?? Effect.undefined
  }

  /** Writes a batch as a lane does, for as long as there is patience. */
  write(batch: ReadonlyArray<LogRecord>, rule: Rule = "interruption"): Effect.Effect<Ended, NonConformance> {
    return Effect.gen({ self: this }, function*() {
      const exit = yield* this.endOf(yield* this.begin(batch), rule)
      if (exit === undefined) return { _tag: "Hangs" }
      if (Exit.isSuccess(exit)) return { _tag: "Stored" }
      const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
      if (!(error instanceof SinkError)) {
        return yield* broken(
          "classification",
          `a write must fail with a SinkError, got ${describeDefect(Cause.squash(exit.cause))}`
        )
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
  begin(batch: ReadonlyArray<LogRecord>): Effect.Effect<Fiber.Fiber<void, SinkError>> {
    const write = this.diagnostics.around(Effect.suspend(() => this.sink.write(batch)))
    return Effect.forkDetach(write, { startImmediately: true })
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

  /** Closes the sink, which must not take for ever. */
  get close(): Effect.Effect<void, NonConformance> {
    return Effect.suspend(() => {
      const { close = Effect.void } = this.sink
      return Effect.flatMap(
        Effect.timeoutOption(this.diagnostics.around(close), this.patience),
        (closed) => Option.isSome(closed) ? Effect.void : broken("close", "close must end, it did not")
      )
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
    const made = Effect.tap(Lane.make(sink, this.diagnostics, { onDrop() {}, onTake() {} }), (lane) => lane.start)
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

export const broken = (rule: Rule, message: string): Effect.Effect<never, NonConformance> =>
  Effect.fail(new NonConformance({ rule, message: `${rule}: ${message}` }))

/** How a write ended, in words. */
export const said = (ended: Ended): string => {
  switch (ended._tag) {
    case "Stored":
      return "it succeeded"
    case "Hangs":
      return "it did not end"
    case "Failed":
      return `it failed: ${ended.error.message} ${JSON.stringify(ended.error.reason)}`
  }
}

/** Fails unless two lists are the same. */
export const same = (
  rule: Rule,
  what: string,
  expected: ReadonlyArray<string>,
  got: ReadonlyArray<string>
): Effect.Effect<void, NonConformance> => {
  const at = expected.findIndex((each, i) => each !== got[i])
  if (at === -1 && expected.length === got.length) return Effect.void
  const place = at === -1 ? expected.length : at
  return broken(
    rule,
    `${what} must be ${expected.length}, got ${got.length}; the first that differs is ${place + 1}: ` +
      `expected ${shortly(expected[place])}, got ${shortly(got[place])}`
  )
}

const shortly = (text: string | undefined): string =>
  text === undefined ? "none" : JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
