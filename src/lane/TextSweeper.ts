import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { idleSleep } from "../node/idleSleep.ts"
import { OwnTexts } from "./OwnTexts.ts"
import type { Unswept } from "./Unswept.ts"

/** How long records wait before their texts are copied: most are written by then. */
const shortestWait = Duration.millis(100)
/** The same when many more come all the time. */
const longestWait = Duration.millis(800)
/** How many records are looked at in one step of the event loop. */
const stride = 256
/** So few waiting records are left as they are. */
const fewRecords = 16

/**
 * Has the records that wait in a lane hold no more memory than they are counted
 * with, outside the log call. Each is looked at once. While few come no timer runs.
 */
export class TextSweeper {
  private readonly unswept: Unswept
  private readonly texts = new OwnTexts()
  private readonly many = Latch.makeUnsafe(false)

  constructor(unswept: Unswept) {
    this.unswept = unswept
    unswept.onMany(() => this.many.openUnsafe())
  }

  readonly run: Effect.Effect<never> = Effect.gen({ self: this }, function*() {
    for (let wait = shortestWait;;) {
      if (!this.unswept.watchForMany(fewRecords)) {
        yield* this.many.await
        this.many.closeUnsafe()
      }
      yield* idleSleep(wait)
      let count = 0
      for (const records of this.unswept.batches(stride)) {
        for (const record of records) this.texts.give(record)
        count += records.length
        yield* Effect.yieldNow
      }
      this.texts.forget()
      wait = count > stride ? Duration.min(Duration.times(wait, 2), longestWait) : shortestWait
    }
  })
}
