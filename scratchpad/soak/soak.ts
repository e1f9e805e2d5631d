import { Clock, Console, Duration, Effect, type FileSystem, type PlatformError } from "effect"
import { type Found, nothingFound, search, show as showFound } from "../../test/model/search.ts"
import { killRepeatedly, type Outcome, show as showOutcome } from "../../test/process/kills.ts"

const leastKills = 200
const killsPerRound = 20
const sequencesPerSlice = 100
const sliceMillis = 3000

const nothingKilled: Outcome = { kills: 0, safe: 0, missing: [], duplicates: 0, wrong: [], torn: 0 }

export const minutesOf = (minutes: number): number => Duration.toMillis(Duration.minutes(minutes))

const together = (all: Outcome, more: Outcome): Outcome => ({
  kills: all.kills + more.kills,
  safe: all.safe + more.safe,
  missing: [...all.missing, ...more.missing],
  duplicates: all.duplicates + more.duplicates,
  wrong: [...all.wrong, ...more.wrong],
  torn: all.torn + more.torn
})

const wrongWith = ({ kills, missing, torn, wrong }: Outcome): string | undefined => {
  if (missing.length > 0) return `after ${kills} kills records are missing: ${missing.join(", ")}`
  if (wrong.length > 0) return `after ${kills} kills: ${wrong.join("; ")}`
  return torn > kills ? `${torn} lines are torn by ${kills} kills` : undefined
}

/** Sequences of the model, for some seconds. */
const sequencesFrom = (first: number, before: Found): Effect.Effect<Found> =>
  Effect.gen(function*() {
    const end = (yield* Clock.currentTimeMillis) + sliceMillis
    let found = before
    while (found.failure === undefined && (yield* Clock.currentTimeMillis) < end) {
      found = search(first + found.sequences, sequencesPerSlice, found)
      yield* Effect.yieldNow
    }
    return found
  })

/** Takes turns between the model and the kills until the time is over; gives what was wrong. */
export const soak = (
  first: number,
  millis: number
): Effect.Effect<string | undefined, PlatformError.PlatformError, FileSystem.FileSystem> =>
  Effect.gen(function*() {
    const end = (yield* Clock.currentTimeMillis) + millis
    let found = nothingFound
    let outcome = nothingKilled
    while ((yield* Clock.currentTimeMillis) < end || outcome.kills < leastKills) {
      found = yield* sequencesFrom(first, found)
      yield* Console.log(showFound(found))
      if (found.failure !== undefined) return found.failure
      outcome = together(outcome, yield* killRepeatedly(killsPerRound))
      const failure = wrongWith(outcome)
      if (failure !== undefined) return failure
      yield* Console.log(showOutcome(outcome))
    }
    yield* Console.log(`nothing is wrong\n  ${showFound(found)}\n  ${showOutcome(outcome)}`)
    return undefined
  })
