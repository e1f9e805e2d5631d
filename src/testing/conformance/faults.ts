import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { BodyFor, Named, Script } from "./body.ts"
import type { Answers } from "./contract.ts"
import type { NonConformance, Rule } from "./rules.ts"
import type { Trial } from "./Trial.ts"
import { broken, said, sameSet } from "./verdict.ts"

/** What a far end does that no protocol allows. */
export const faults = <Far, R>(answers: Answers<Far>): ReadonlyArray<Named<Far, R>> => {
  const { brokenAnswer, endless, hangUp, redirect, silence, slow } = answers
  const cases: Array<Named<Far, R>> = []
  if (hangUp !== undefined) {
    cases.push(["hang-up", "a connection that breaks can be tried again", survivesHangUp(hangUp)])
  }
  if (brokenAnswer !== undefined) {
    cases.push(["hang-up", "an answer that breaks off says all, or not for sure", survivesBrokenAnswer(brokenAnswer)])
  }
  if (slow !== undefined) {
    cases.push(["slow answer", "an answer byte by byte has an end", survivesSlow(slow)])
  }
  if (endless !== undefined) {
    cases.push([
      "endless answer",
      "an answer without end is not read for ever, and not left open",
      survivesEndless(endless)
    ])
  }
  if (redirect !== undefined) cases.push(["redirect", "a redirect is not followed", staysHere(redirect)])
  if (silence !== undefined) {
    cases.push(["interruption", "a write that is interrupted ends, and the next one works", isInterruptible(silence)])
    cases.push(["close", "a sink closes after a write was interrupted", closesAfter(silence)])
  }
  return cases
}

const survivesHangUp = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    const ended = yield* trial.write(trial.samples(3))
    if (ended._tag !== "Failed" || ended.error.reason._tag !== "Unavailable") {
      return yield* broken("hang-up", `a write must fail with Unavailable, ${said(ended)}`)
    }
    yield* trial.storedWrite(trial.samples(2, 3), "hang-up", "the write after it")
  })

const survivesBrokenAnswer = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    const ended = yield* trial.write(trial.samples(3))
    const reason = ended._tag === "Failed" ? ended.error.reason : undefined
    if (ended._tag !== "Stored" && !(reason?._tag === "Unavailable" && reason.ambiguous === true)) {
      return yield* broken("hang-up", `a write must succeed or fail with Unavailable and ambiguous, ${said(ended)}`)
    }
    yield* trial.storedWrite(trial.samples(2, 3), "hang-up", "the write after it")
  })

/** What may be on its way when a sink has had enough of an answer. */
const mostBytes = 64 * 1024 * 1024

/** A write comes to its end, and the next one is stored. */
const ends = <Far, R>(trial: Trial<Far, R>, rule: Rule): Effect.Effect<void, NonConformance> =>
  Effect.gen(function*() {
    const ended = yield* trial.write(trial.samples(3), rule)
    if (ended._tag === "Failed" && ended.error.reason._tag !== "Unavailable") {
      return yield* broken(rule, `a write must succeed or fail with Unavailable, ${said(ended)}`)
    }
    yield* trial.storedWrite(trial.samples(2, 3), rule, "the write after it")
  })

const survivesSlow = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.andThen(script(trial.far), ends(trial, "slow answer"))

const survivesEndless =
  <Far, R>(script: (far: Far) => Effect.Effect<Effect.Effect<number>>): BodyFor<Far, R> => (trial) =>
    Effect.gen(function*() {
      const rule = "endless answer"
      const over = yield* script(trial.far)
      yield* ends(trial, rule)
      const taken = yield* Effect.timeoutOption(over, trial.patience)
      if (Option.isNone(taken)) return yield* broken(rule, "a write must end the answer that it has had, it is open")
      if (taken.value > mostBytes) {
        return yield* broken(rule, `a write must take 64 MiB of it at most, bytes that it took: ${taken.value}`)
      }
    })

const staysHere = <Far, R>(script: (far: Far) => Effect.Effect<Effect.Effect<number>>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    const followed = yield* script(trial.far)
    const ended = yield* trial.write(trial.samples(3))
    if (ended._tag !== "Failed" || ended.error.reason._tag !== "Misconfigured") {
      return yield* broken("redirect", `a write must fail with Misconfigured, ${said(ended)}`)
    }
    const times = yield* followed
    if (times > 0) return yield* broken("redirect", `a redirect must not be followed, it was ${times} times`)
  })

/** Has a write on its way that is never answered, and interrupts it. */
const interrupted = <Far, R>(
  rule: Rule,
  script: (far: Far) => Effect.Effect<Effect.Effect<void>>
): BodyFor<Far, R> =>
(trial) =>
  Effect.gen(function*() {
    const arrived = yield* script(trial.far)
    const write = yield* trial.begin(trial.samples(3))
    const isThere = yield* Effect.timeoutOption(arrived, trial.patience)
    yield* trial.interrupt(write, rule)
    if (Option.isNone(isThere)) return yield* broken(rule, "a write must reach its far end, it did not")
  })

const isInterruptible = <Far, R>(
  script: (far: Far) => Effect.Effect<Effect.Effect<void>>
): BodyFor<Far, R> =>
(trial) =>
  Effect.gen(function*() {
    yield* interrupted<Far, R>("interruption", script)(trial)
    const next = trial.samples(3, 3)
    yield* trial.storedWrite(next, "interruption", "the write after it")
    const alone = yield* trial.another
    yield* alone.storedWrite(next, "interruption", "a write alone")
    const ids = new Set(trial.idsOf(next))
    const ofNext = (yield* trial.stored).flatMap(({ bytes, id }) => ids.has(id) ? [bytes] : [])
    yield* sameSet("interruption", "what the write after it has stored", yield* alone.storedBytes, ofNext)
  })

const closesAfter = <Far, R>(script: (far: Far) => Effect.Effect<Effect.Effect<void>>): BodyFor<Far, R> => (trial) =>
  Effect.andThen(interrupted<Far, R>("close", script)(trial), trial.close)
