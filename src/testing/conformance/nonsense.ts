import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { parseDuration } from "../../options/duration.ts"
import { isTriedOnce } from "./answering.ts"
import type { BodyFor, Named } from "./body.ts"
import type { Answers } from "./contract.ts"
import { broken, said } from "./verdict.ts"

/** What servers say, and none should, of when to come again. */
export const nonsense = <Far, R>({ busyForNonsense }: Answers<Far>): ReadonlyArray<Named<Far, R>> =>
  busyForNonsense === undefined
    ? []
    : [["classification", "that the far end says nonsense of when to come again", waitsForNone(busyForNonsense)]]

const noTimes = ["soon", "", "-7", "7 or 8", "Thu, 01 Jan 1970 00:00:00 GMT"]

/** A time that will be over, and that a lane bounds. */
const tooLong = "9".repeat(30)

const waitsForNone = <Far, R>(script: NonNullable<Answers<Far>["busyForNonsense"]>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    for (const text of [...noTimes, tooLong]) {
      yield* script(trial.far, text)
      const before = yield* trial.attempts
      const ended = yield* trial.write(trial.samples(4))
      yield* isTriedOnce(trial, before)
      const reason = ended._tag === "Failed" ? ended.error.reason : undefined
      const isLaneOwn = (reason?._tag === "Unavailable" || reason?._tag === "PerRecord") &&
        (text === tooLong || isNone(reason.retryAfter))
      if (!isLaneOwn) {
        return yield* broken(
          "classification",
          `a write told ${JSON.stringify(text)} of when to come again must fail with Unavailable and ` +
            `leave the wait to its lane, ${said(ended)}`
        )
      }
    }
  })

const isNone = (asked: unknown): boolean => {
  const wait = parseDuration(asked)
  return wait === undefined || Duration.toMillis(wait) <= 0
}
