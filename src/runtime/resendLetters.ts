import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { keepLetters } from "../contract/keepLetters.ts"
import type { Letter, Replayable } from "../lane/LetterTurns.ts"
import { monotonicMillis } from "../lane/monotonicMillis.ts"
import type { DeadLetter, DeadLetters } from "../spool/DeadLetters.ts"
import type { SpoolError } from "../spool/disk/SpoolError.ts"

/** How long it may take until it is durable that a letter was sent. */
const checkpointMillis = 1000

/**
 * What a replay of dead letters did: `replayed` records were sent through the lane again and are settled there,
 * delivered or given up once more; `lost` ones could not be read; `partial` ones it left among the letters,
 * because others of their batch are stored and nobody knows which.
 *
 * @category models
 * @since 0.1.0
 */
export interface Replayed {
  readonly replayed: number
  readonly lost: number
  readonly partial: number
}

/**
 * Raised when a replay of dead letters cannot begin, because there is no such
 * lane, or cannot go on, because the lane has ended or the letters cannot be
 * read. What was not sent is still among the dead letters.
 *
 * @category errors
 * @since 0.1.0
 */
export class ReplayError extends Data.TaggedError("ReplayError")<{
  readonly message: string
  readonly cause?: unknown
}> {}

/** Sends the letters that are there now through a lane, the oldest first, one at a time. */
export const resendLetters = (
  letters: DeadLetters,
  lane: Replayable
): Effect.Effect<Replayed, ReplayError> =>
  Clock.clockWith((clock) => {
    const resending = new Resending(letters, () => monotonicMillis(clock))
    return Effect.ensuring(sendAll(resending, lane), Effect.sync(() => letters.checkpoint()))
  })

const sendAll = (resending: Resending, lane: Replayable): Effect.Effect<Replayed, ReplayError> =>
  Effect.gen(function*() {
    while (!resending.done) {
      const sent = yield* lane.send(resending.next)
      const { unreadable } = resending
      if (unreadable !== undefined) return yield* new ReplayError({ message: unreadable.message, cause: unreadable })
      if (sent === "none") break
      if (sent === "ended") {
        return yield* new ReplayError({
          message: `the lane "${lane.name}" takes nothing any more; what was not sent is still there: replay it again`
        })
      }
    }
    return { replayed: resending.replayed, lost: resending.lost, partial: resending.partial }
  })

class Resending {
  replayed = 0
  lost = 0
  partial = 0
  unreadable: SpoolError | undefined = undefined
  private readonly letters: DeadLetters
  private readonly now: () => number
  private durableAt: number
  /** Records that were there at the start and have not had their turn. */
  private remaining: number

  constructor(letters: DeadLetters, now: () => number) {
    this.letters = letters
    this.now = now
    this.durableAt = now()
    this.remaining = letters.records
  }

  get done(): boolean {
    return this.remaining <= 0
  }

  /** The oldest letter, the lane's from now on. */
  readonly next = (): Letter | undefined => {
    while (!this.done) {
      const letter = this.letters.next()
      if (letter === undefined) return undefined
      if (letter._tag === "SpoolError") {
        this.unreadable = letter
        return undefined
      }
      this.remaining -= letter.records.length + letter.lost
      this.lost += letter.lost
      if (letter.partial !== undefined) this.putLast(letter)
      else if (letter.records.length > 0) return this.sending(letter)
      else this.letters.ack(letter)
    }
    return undefined
  }

  /** What is not sent goes behind the others: in front of them it would have them come again after a restart. */
  private putLast(letter: DeadLetter): void {
    this.partial += letter.records.length
    if (this.letters.append(letter.records, letter)._tag === "Appended") this.letters.ack(letter)
  }

  private sending(letter: DeadLetter): Letter {
    let kept = false
    return {
      records: letter.records,
      keep: (again) => {
        try {
          keepLetters(this.letters, again)
        } catch {
          // They are still on disk, as long as nobody says that they are settled. A copy of what is stored is not sent again.
          if (again[0]?.partial === undefined) kept = true
        }
      },
      settle: () => {
        this.replayed += letter.records.length
        if (!kept) this.letters.ack(letter)
        if (this.now() - this.durableAt < checkpointMillis) return
        this.letters.checkpoint()
        this.durableAt = this.now()
      }
    }
  }
}
