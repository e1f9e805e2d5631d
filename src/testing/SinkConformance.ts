/**
 * The contract of sinks as a suite of cases, for a sink of your own and any runner of
 * tests.
 *
 * **Example** (A sink that keeps lines)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { LogEncoder, LogSink, SinkConformance } from "effect-spillway"
 *
 * const { encode } = LogEncoder.json({ uid: true })
 *
 * const cases = SinkConformance.cases({
 *   make: Effect.sync(() => {
 *     const lines: Array<string> = []
 *     const sink = LogSink.make({
 *       name: "lines",
 *       write: (batch) => Effect.sync(() => void lines.push(...batch.map(encode)))
 *     })
 *     return { sink, far: lines }
 *   }),
 *   stored: (lines) => Effect.sync(() => lines.map((bytes) => ({ id: JSON.parse(bytes).uid, bytes })))
 * })
 *
 * // Under @effect/vitest each is a test: it.effect(`${rule}: ${name}`, () => run)
 * await Effect.runPromise(Effect.forEach(cases, ({ run }) => run, { discard: true }))
 *
 * cases.map(({ rule }) => rule).slice(0, 3) // => ["completeness", "order", "identity"]
 * ```
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Check from "../options/check.ts"
import { checkOptions, optionsOf } from "../options/checkOptions.ts"
import { answering } from "./conformance/answering.ts"
import type { Named } from "./conformance/body.ts"
import { closing } from "./conformance/closing.ts"
import type { Answers, Case, Options } from "./conformance/contract.ts"
import { ending } from "./conformance/ending.ts"
import { faults } from "./conformance/faults.ts"
import { nonsense } from "./conformance/nonsense.ts"
import { printing } from "./conformance/printing.ts"
import { storing } from "./conformance/storing.ts"
import { throughLane } from "./conformance/throughLane.ts"
import { begin, inRealTime } from "./conformance/Trial.ts"

export type { Answers, Case, Options, Stored } from "./conformance/contract.ts"
export { NonConformance, type Rule, rules } from "./conformance/rules.ts"

/**
 * Creates the cases for a sink: those of all sinks, and those of the answers that its far
 * end can give. Each makes a sink of its own.
 *
 * **Details**
 *
 * A case runs in real time, whatever the clock of the test is, and waits for nothing but
 * the sink and its far end. It fails with a {@link NonConformance} whose message names the
 * rule. Answers that are not scripted are not tried: what is tried is the list that this
 * gives, and `rules` has all there are. The far end must print nothing in the same process,
 * or it seems to be the sink.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * @category constructors
 * @since 0.1.0
 */
export const cases = <Far, R = never, D = never>(
  given: Options<Far, R, D>
): ReadonlyArray<Case<Exclude<R | D, Scope.Scope>>> => {
  type Services = R | D
  const options: Options<Far, Services> = given
  const checked = checkOptions("SinkConformance.cases", checksOf<Far, Services>(), options)
  const { answers = {}, ordered = true } = options
  const all: ReadonlyArray<Named<Far, Services>> = [
    ...storing<Far, Services>(ordered),
    ...answering<Far, Services>(answers),
    ...nonsense<Far, Services>(answers),
    ...throughLane<Far, Services>(answers),
    ...faults<Far, Services>(answers),
    ...printing<Far, Services>(answers),
    ...closing<Far, Services>(answers),
    ...ending<Far, Services>(options)
  ]
  return all.map(([rule, name, body]) => ({
    rule,
    name,
    run: inRealTime(Effect.scoped(Effect.gen(function*() {
      const trial = yield* begin({ ...options, patience: checked.patience })
      yield* body(trial)
      yield* trial.end
    })))
  }))
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const script = Check.aSyncFunction

const answerChecks: Check.Checks<Answers<never>> = {
  unavailable: script,
  busyForSevenSeconds: script,
  busyUntilInSevenSeconds: script,
  busyForNonsense: script,
  refused: script,
  secondRefused: script,
  secondRefusedThirdAgain: script,
  twoRefused: script,
  warning: script,
  tooLarge: script,
  misconfigured: script,
  closed: script,
  acknowledgementLost: script,
  headStored: script,
  hangUp: script,
  brokenAnswer: script,
  silence: script,
  slow: script,
  endless: script,
  redirect: script
}

const checksOf = <Far, R>(): Check.Checks<Options<Far, R>> => ({
  make: Check.required(Check.anEffect),
  stored: Check.required(script),
  attempts: script,
  answers: optionsOf(answerChecks),
  identify: script,
  secrets: Check.listOf(Check.satisfies(
    "a text of at least 3 characters",
    (value) => typeof value === "string" && value.length > 2
  )),
  directory: Check.anEffect,
  patience: Check.duration("positive", "finite"),
  ordered: Check.flag
})
