import type { Move } from "./answers.ts"
import type { Outcome } from "./writeOutcome.ts"

/** What the answer was to, and whether somebody takes what is given up. */
interface Asked {
  readonly count: number
  readonly isTaken: boolean
}

/** What the lane does after a write that has not stored its batch, and what helps: said behind the error of the sink. */
export const sequelOf = (outcome: Outcome, move: Move, asked: Asked): string => {
  switch (move._tag) {
    case "Sort":
      if (move.again.length > 0) {
        return move.refused.length > 0
          ? "some are given up, the others tried again"
          : tried(outcome, move)
      }
      return givenUp(move.refused.length, asked)
    case "Count":
      return givenUp(move.refused, asked)
    case "GiveUp":
      if (outcome._tag === "Abandoned") return "build the sink of effects that can be interrupted"
      return outcome._tag === "Unheard" ? "given up: mend the sink" : givenUp(asked.count, asked)
    case "Split":
      return "sent again in parts"
    case "Shorten":
      return "sent again shortened: log smaller records"
    case "Close":
      return "the lane is closed: start again when the destination is there"
    case "Deliver":
      return "all are stored"
  }
}

const givenUp = (refused: number, { count, isTaken }: Asked): string => {
  if (refused === 0) return "all are stored"
  if (refused < count) return "some are given up, the others stored: mend what is refused"
  return isTaken
    ? "given up, to the fallback or the dead letters: mend what is refused"
    : "given up: mend what is refused, or give the sink a fallback or dead letters"
}

const tried = (outcome: Outcome, { maybeStored }: { readonly maybeStored: boolean }): string => {
  if (outcome._tag === "Died") return "tried again: mend the sink"
  if (outcome._tag === "Failed" && outcome.error.reason._tag === "Misconfigured") {
    return "tried again later: mend that"
  }
  return maybeStored ? "tried again, and may arrive twice" : "tried again"
}
