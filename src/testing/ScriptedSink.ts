/**
 * A sink that does as it is told: succeed, fail, hang, die, or wait for a gate.
 * For tests of programs and of sinks' surroundings; it never needs a sleep.
 *
 * @since 0.1.0
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import type { Given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import { peerCount } from "../contract/storedIn.ts"
import type { LogRecord } from "../LogRecord.ts"
import * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkArgument, checkOptions } from "../options/checkOptions.ts"

/**
 * What one write does.
 *
 * @category models
 * @since 0.1.0
 */
export type Step =
  | { readonly _tag: "Succeed" }
  | { readonly _tag: "Fail"; readonly reason: LogSink.Reason }
  | { readonly _tag: "Die"; readonly defect: unknown }
  | { readonly _tag: "Throw"; readonly defect: unknown }
  | { readonly _tag: "Hang" }
  | { readonly _tag: "HangUninterruptibly" }
  | { readonly _tag: "Gate" }

/**
 * The write succeeds.
 *
 * @category steps
 * @since 0.1.0
 */
export const succeed: Step = { _tag: "Succeed" }

/**
 * The write fails with a reason. Throws a `RangeError` for what is none.
 *
 * @category steps
 * @since 0.1.0
 */
export const fail = (reason: LogSink.Reason): Step => {
  checkArgument("ScriptedSink.fail", "reason", aReason, reason)
  return { _tag: "Fail", reason }
}

/**
 * The write fails: not now.
 *
 * @category steps
 * @since 0.1.0
 */
export const unavailable: Step = { _tag: "Fail", reason: { _tag: "Unavailable" } }

/**
 * The write dies with a defect.
 *
 * @category steps
 * @since 0.1.0
 */
export const die = (defect: unknown = new Error("scripted defect")): Step => ({ _tag: "Die", defect })

/**
 * Calling `write` throws before it gives an Effect.
 *
 * @category steps
 * @since 0.1.0
 */
export const throws = (defect: unknown = new Error("scripted throw")): Step => ({ _tag: "Throw", defect })

/**
 * The write never ends; it can be interrupted.
 *
 * @category steps
 * @since 0.1.0
 */
export const hang: Step = { _tag: "Hang" }

/**
 * The write never ends and cannot be interrupted.
 *
 * @category steps
 * @since 0.1.0
 */
export const hangUninterruptibly: Step = { _tag: "HangUninterruptibly" }

/**
 * The write waits for `release`, then succeeds.
 *
 * @category steps
 * @since 0.1.0
 */
export const gate: Step = { _tag: "Gate" }

/**
 * A scripted sink and what happened to it.
 *
 * @category models
 * @since 0.1.0
 */
export interface ScriptedSink extends LogSink.LogSink {
  /** The batches of all writes begun, oldest first, also of those that did not succeed. */
  readonly writes: ReadonlyArray<ReadonlyArray<LogRecord>>
  /**
   * The records of the writes that succeeded, in order, and those that a failed write
   * stored all the same: of a batch refused by `count` its last ones count as refused.
   */
  readonly delivered: ReadonlyArray<LogRecord>
  /** Adds steps to the end of the script. Throws a `RangeError` for what is none. */
  readonly push: (...steps: ReadonlyArray<Step>) => void
  /** Waits until the n-th write (from 1) has begun. Throws a `RangeError` for what is no number of one. */
  readonly started: (n: number) => Effect.Effect<void>
  /** Lets the longest waiting gate, or the next one, succeed. */
  readonly release: Effect.Effect<void>
}

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<LogSink.LaneOptions> {
  /**
   * What the writes do, in order.
   *
   * @default none
   */
  readonly script?: ReadonlyArray<Step> | undefined
  /**
   * What every later write does.
   *
   * @default `succeed`
   */
  readonly otherwise?: Step | undefined
  /**
   * The name of the lane.
   *
   * @default "scripted"
   */
  readonly name?: string | undefined
  /**
   * Runs when the sink is closed.
   *
   * @default none
   */
  readonly close?: Effect.Effect<void> | undefined
}

/**
 * Creates a scripted sink. Its lane has no batch window unless one is given. Throws a
 * `RangeError` for an option that is not known or not what it must be.
 *
 * **Example** (Failing once)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, LogSink, ScriptedSink } from "effect-spillway"
 *
 * const sink = ScriptedSink.make({
 *   script: [ScriptedSink.unavailable],
 *   retry: LogSink.exponentialRetry({ base: "1 millis", times: 1 })
 * })
 *
 * const program = Effect.gen(function*() {
 *   yield* Effect.logInfo("charged")
 *   const { flush } = yield* Logging.Logging
 *   yield* flush
 * })
 *
 * await Effect.runPromise(program.pipe(Effect.provide(Logging.layer({ sinks: [sink], diagnostics: () => {} }))))
 *
 * sink.writes.length // => 2
 * sink.delivered.map((record) => record.message) // => ["charged"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): ScriptedSink => {
  const { close, name = "scripted", otherwise = succeed, script = [], ...lane } = checkOptions(
    "ScriptedSink.make",
    checks,
    options
  )
  const steps = [...script]
  const writes: Array<ReadonlyArray<LogRecord>> = []
  const delivered: Array<LogRecord> = []
  const starts: Array<{ readonly n: number; readonly begun: Deferred.Deferred<void> }> = []
  const gates: Array<Deferred.Deferred<void>> = []
  let released = 0

  const deliver = (batch: ReadonlyArray<LogRecord>): Effect.Effect<void> =>
    Effect.sync(() => {
      delivered.push(...batch)
    })

  const pass: Effect.Effect<void> = Effect.suspend(() => {
    if (released > 0) {
      released--
      return Effect.void
    }
    const opened = Deferred.makeUnsafe<void>()
    gates.push(opened)
    return Deferred.await(opened)
  })

  const perform = (step: Step, batch: ReadonlyArray<LogRecord>): Effect.Effect<void, LogSink.SinkError> => {
    switch (step._tag) {
      case "Succeed":
        return deliver(batch)
      case "Fail":
        delivered.push(...storedAllTheSame(step.reason, batch))
        return Effect.fail(
          new LogSink.SinkError({ sink: name, reason: step.reason, message: `scripted: ${step.reason._tag}` })
        )
      case "Die":
        return Effect.die(step.defect)
      case "Throw":
        throw step.defect
      case "Hang":
        return Effect.never
      case "HangUninterruptibly":
        return Effect.uninterruptible(Effect.never)
      case "Gate":
        return Effect.andThen(pass, deliver(batch))
    }
  }

  const sink = LogSink.make({
    name,
    batchWindow: 0,
    ...lane,
    close,
    write(batch) {
      writes.push(batch)
      for (const start of starts) {
        if (start.n <= writes.length) Deferred.doneUnsafe(start.begun, Exit.void)
      }
      return perform(steps.shift() ?? otherwise, batch)
    }
  })

  return {
    ...sink,
    writes,
    delivered,
    push(...more) {
      checkArgument("ScriptedSink.push", "steps", Check.listOf(aStep), more)
      steps.push(...more)
    },
    started(n) {
      checkArgument("ScriptedSink.started", "n", Check.wholeNumber(1), n)
      return Effect.suspend(() => {
        const begun = Deferred.makeUnsafe<void>()
        starts.push({ n, begun })
        if (writes.length >= n) Deferred.doneUnsafe(begun, Exit.void)
        return Deferred.await(begun)
      })
    },
    release: Effect.sync(() => {
      const opened = gates.shift()
      if (opened === undefined) released++
      else Deferred.doneUnsafe(opened, Exit.void)
    })
  }
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const tagged = <A extends { readonly _tag: string }>(
  expected: string,
  tags: Readonly<Record<A["_tag"], true>>
): Check.Check =>
  Check.satisfies(
    expected,
    (value) =>
      Predicate.hasProperty(value, "_tag") && typeof value._tag === "string" && Object.hasOwn(tags, value._tag),
    Check.uncalled
  )

const aStep = tagged<Step>("a step, like ScriptedSink.succeed", {
  Succeed: true,
  Fail: true,
  Die: true,
  Throw: true,
  Hang: true,
  HangUninterruptibly: true,
  Gate: true
})

const aReason = tagged<LogSink.Reason>(`a reason, like { _tag: "Rejected" }`, {
  Unavailable: true,
  Rejected: true,
  PerRecord: true,
  TooLarge: true,
  Misconfigured: true,
  Closed: true
})

const checks: Check.Checks<Options> = {
  script: Check.listOf(aStep),
  otherwise: aStep,
  name: Check.text,
  close: Check.anEffect,
  ...laneChecks
}

const storedAllTheSame = (
  reason: LogSink.Reason,
  batch: ReadonlyArray<LogRecord>
): ReadonlyArray<LogRecord> => {
  switch (reason._tag) {
    case "Unavailable":
      return batch.slice(0, peerCount(reason.stored ?? 0, batch.length))
    case "Rejected": {
      if (reason.records === undefined) {
        return reason.count === undefined ? [] : batch.slice(0, batch.length - peerCount(reason.count, batch.length))
      }
      const refused = new Set(reason.records)
      return batch.filter((_, position) => !refused.has(position))
    }
    case "PerRecord": {
      const open = new Set([...reason.again ?? [], ...(reason.refused ?? []).map(({ record }) => record)])
      return batch.filter((_, position) => !open.has(position))
    }
    default:
      return []
  }
}
