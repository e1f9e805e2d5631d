import * as Effect from "effect/Effect"
import type { LogRecord } from "../LogRecord.ts"
import type { DeadLetter } from "../LogSink.ts"

/** A dead letter on its way through a lane once more. */
export interface Letter {
  readonly records: ReadonlyArray<LogRecord>
  /** Takes back what is given up again and nobody else takes. */
  readonly keep: (letters: ReadonlyArray<DeadLetter>) => void
  /** All its records are settled. */
  readonly settle: () => void
}

/** The oldest letter, which leaves the dead letters in the same step; nothing when there is none. */
export type NextLetter = () => Letter | undefined

/** What became of a letter to be sent again. `ended`: the lane takes nothing any more. */
export type Sent = "settled" | "none" | "ended"

/** A lane that dead letters can be sent through again. */
export interface Replayable {
  readonly name: string
  /** Sends one letter when there is room. When the caller is interrupted, a letter that is on its way goes on. */
  send(next: NextLetter): Effect.Effect<Sent>
}

/** Who waits for room in a lane to send a dead letter again. Letters themselves wait where they are. */
export class LetterTurns {
  private readonly senders: Array<{ readonly next: NextLetter; readonly done: (sent: Sent) => void }> = []
  private ended = false
  private tookTurn = false

  get waiting(): number {
    return this.senders.length
  }

  send(next: NextLetter, wake: () => void): Effect.Effect<Sent> {
    return Effect.callback((resume) => {
      if (this.ended) return resume(Effect.succeed("ended"))
      const sender = { next, done: (sent: Sent) => resume(Effect.succeed(sent)) }
      this.senders.push(sender)
      wake()
      return Effect.sync(() => {
        const index = this.senders.indexOf(sender)
        if (index !== -1) this.senders.splice(index, 1)
      })
    })
  }

  /** The letter of the first who waits and has one. Letters take turns with what else waits for a worker. */
  take(othersWait: boolean): Letter | undefined {
    this.tookTurn = !(this.tookTurn && othersWait)
    if (!this.tookTurn) return undefined
    for (let sender = this.senders.shift(); sender !== undefined; sender = this.senders.shift()) {
      const { done, next } = sender
      const letter = next()
      if (letter === undefined) {
        done("none")
        continue
      }
      return {
        ...letter,
        settle() {
          letter.settle()
          done("settled")
        }
      }
    }
    return undefined
  }

  /** Refuses whoever waits, and whoever comes. */
  end(): void {
    this.ended = true
    for (const { done } of this.senders.splice(0)) done("ended")
  }
}
