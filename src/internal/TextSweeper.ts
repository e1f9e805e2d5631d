import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { idleSleep } from "./idleSleep.ts"
import type { LaneState } from "./LaneState.ts"
import { OwnTexts } from "./ownTexts.ts"

/** How long records wait before their texts are copied: most are written by then. */
const patience = Duration.millis(100)
/** How many records are looked at in one step of the event loop. */
const stride = 256
/** So few waiting records are left as they are. */
export const fewRecords = 16

/**
 * Has the records that wait in a lane hold no more memory than they are counted
 * with, outside the log call. While few records wait no timer runs.
 */
export class TextSweeper {
  private readonly state: LaneState
  private readonly texts = new OwnTexts()
  private readonly many = Latch.makeUnsafe(false)

  constructor(state: LaneState) {
    this.state = state
    state.onMany(() => this.many.openUnsafe())
  }

  readonly run: Effect.Effect<never> = Effect.forever(Effect.gen({ self: this }, function*() {
    this.state.watchForMany(fewRecords)
    yield* this.many.await
    this.many.closeUnsafe()
    yield* idleSleep(patience)
    for (const records of this.state.unswept(stride)) {
      for (const record of records) this.texts.give(record)
      yield* Effect.yieldNow
    }
    this.texts.forget()
  }))
}
