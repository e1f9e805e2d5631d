import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Body, BodyFor, Named } from "./body.ts"
import type { Answers } from "./contract.ts"
import { broken } from "./verdict.ts"

/** The end of a sink. */
export const closing = <Far, R>({ unavailable }: Answers<Far>): ReadonlyArray<Named<Far, R>> => {
  const cases: Array<Named<Far, R>> = [
    ["close", "a sink closes within its time", closesInTime],
    ["after close", "a sink that has closed writes nothing more", isStill<Far, R>(() => Effect.void)]
  ]
  if (unavailable !== undefined) {
    cases.push(["after close", "a batch that failed is left to the lane, also at the end", isStill(unavailable)])
  }
  return cases
}

/** What a shutdown whose deadline is there gives a close. */
const mostMillis = 50

const closesInTime: Body = (trial) =>
  Effect.gen(function*() {
    let next = trial
    let fastest = Infinity
    // A machine that has much to do holds up one of three, not each.
    for (let tries = 0; tries < 3 && fastest > mostMillis; tries++) {
      if (tries > 0) next = yield* trial.another
      yield* next.storedWrite(next.samples(3), "close", "a write")
      fastest = Math.min(fastest, Duration.toMillis(yield* next.close))
    }
    if (fastest > mostMillis) {
      return yield* broken(
        "close",
        `it must take ${mostMillis} ms at most, the fastest of three took ${Math.round(fastest)} ms`
      )
    }
  })

/** For what a sink has put off. */
const stillness = Duration.millis(50)

const isStill = <Far, R>(script: (far: Far) => Effect.Effect<void>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    yield* trial.write(trial.samples(3))
    const before = (yield* trial.stored).length
    yield* trial.close
    yield* Effect.sleep(stillness)
    const after = (yield* trial.stored).length
    if (after !== before) {
      return yield* broken(
        "after close",
        `nothing must be written when the last write has ended, records that were: ${after - before}`
      )
    }
  })
