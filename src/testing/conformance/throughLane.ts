import * as Effect from "effect/Effect"
import type { Lane } from "../../lane/Lane.ts"
import type { BodyFor, Named, Script } from "./body.ts"
import type { Answers } from "./contract.ts"
import type { NonConformance, Rule } from "./rules.ts"
import { broken, same, sameSet } from "./verdict.ts"

/** What becomes of records when a lane makes the sink's answers its own. */
export const throughLane = <Far, R>(answers: Answers<Far>): ReadonlyArray<Named<Far, R>> => {
  const { acknowledgementLost, headStored, secondRefusedThirdAgain, twoRefused, unavailable } = answers
  const cases: Array<Named<Far, R>> = []
  if (unavailable !== undefined) {
    cases.push(["identity", "a batch that is tried again has the same bytes", keepsBytes(unavailable)])
  }
  if (secondRefusedThirdAgain !== undefined) {
    cases.push([
      "record by record",
      "each record is stored once, but the refused one",
      settlesEach(secondRefusedThirdAgain)
    ])
  }
  if (twoRefused !== undefined) {
    cases.push(["count", "so many are counted, and nothing is sent again", countsTwo(twoRefused)])
  }
  if (headStored !== undefined) {
    cases.push(["acknowledgement", "what is known to be stored is not sent again", keepsHead(headStored)])
  }
  if (acknowledgementLost !== undefined) {
    cases.push(
      [
        "lost acknowledgement",
        "a write whose answer is lost may have been stored, and says so",
        isAmbiguous(acknowledgementLost)
      ],
      ["lost acknowledgement", "what is sent again has the same identity", keepsIdentity(acknowledgementLost)]
    )
  }
  return cases
}

const keepsBytes = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    const batch = trial.samples(5)
    yield* trial.log(yield* trial.lane(), batch, "identity")
    yield* sameSet(
      "identity",
      "the identities after another try",
      trial.idsOf(batch),
      yield* trial.storedIds
    )
    const [first, second] = (yield* trial.attempts) ?? []
    if (first !== undefined) {
      yield* same("identity", "the bytes of another try", [first], second === undefined ? [] : [second])
    }
  })

const settlesEach = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    const batch = trial.samples(5)
    const lane = yield* trial.lane()
    yield* trial.log(lane, batch, "record by record")
    yield* hasCounted("record by record", lane, { delivered: 4, refused: 1 })
    const expected = trial.idsOf(batch.filter((_, position) => position !== 1))
    yield* sameSet(
      "record by record",
      "the records that were not refused",
      expected,
      yield* trial.storedIds
    )
  })

/** The books of a lane must say how many were delivered and refused. */
const hasCounted = (
  rule: Rule,
  lane: Lane,
  { delivered, refused }: { readonly delivered: number; readonly refused: number }
): Effect.Effect<void, NonConformance> => {
  const books = lane.books()
  const { rejected_by_server: rejected } = books.dropped
  if (books.delivered === delivered && rejected === refused) return Effect.void
  return broken(
    rule,
    `delivered and refused must be ${delivered} and ${refused}, got ${books.delivered} and ${rejected}`
  )
}

const countsTwo = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    const lane = yield* trial.lane()
    yield* trial.log(lane, trial.samples(5), "count")
    yield* hasCounted("count", lane, { delivered: 3, refused: 2 })
    const attempts = yield* trial.attempts
    if (attempts !== undefined && attempts.length !== 1) {
      return yield* broken(
        "count",
        `a batch answered with a number must be sent once, it was sent ${attempts.length} times`
      )
    }
  })

const keepsHead = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    const batch = trial.samples(5)
    yield* trial.log(yield* trial.lane(), batch, "acknowledgement")
    yield* sameSet(
      "acknowledgement",
      "the records, each stored once,",
      trial.idsOf(batch),
      yield* trial.storedIds
    )
  })

const isAmbiguous = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    const ended = yield* trial.write(trial.samples(3))
    const reason = ended._tag === "Failed" ? ended.error.reason : undefined
    const isSaid = (reason?._tag === "Unavailable" || reason?._tag === "PerRecord") && reason.ambiguous === true
    if (!isSaid) {
      return yield* broken(
        "lost acknowledgement",
        `a write must fail with Unavailable and ambiguous, got ${JSON.stringify(reason) ?? ended._tag}`
      )
    }
  })

const keepsIdentity = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    const batch = trial.samples(3)
    yield* trial.log(yield* trial.lane(), batch, "lost acknowledgement")
    const ids = new Set(yield* trial.storedIds)
    yield* sameSet("lost acknowledgement", "the identities of what was sent twice", trial.idsOf(batch), [...ids])
    const { size } = new Set(yield* trial.storedBytes)
    if (size !== batch.length) {
      return yield* broken(
        "lost acknowledgement",
        `what is sent twice must have the same bytes, records: ${batch.length}, with different bytes: ${size}`
      )
    }
  })
