import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** Who waits until everything that a lane accepted before is settled. */
export class Flushes {
  private waiting: Array<{ readonly upTo: number; readonly done: Deferred.Deferred<void> }> = []

  get any(): boolean {
    return this.waiting.length > 0
  }

  /**
   * Waits until so many records have entered the lane and are settled. Who waits
   * goes on in a step of its own: what settles them may be a log call.
   */
  wait(upTo: number): Effect.Effect<void> {
    const done = Deferred.makeUnsafe<void>()
    this.waiting.push({ upTo, done })
    return Effect.andThen(Deferred.await(done), Effect.yieldNow)
  }

  /**
   * Records have left from places in the queue, before which so many had left. What
   * is counted as gone for them are those before them, which are there still. For who
   * waits for nothing in the queue the counts of what the workers hold stay as they are.
   */
  thinned(taken: number, places: ReadonlyArray<number>): void {
    this.waiting = this.waiting.map((flush) => {
      const { done, upTo } = flush
      if (upTo <= taken) return flush
      const later = places.filter((place) => taken + place >= upTo).length
      return { done, upTo: upTo + later }
    })
  }

  /** Tells those who wait that so many are settled. */
  settle(settled: number): void {
    const done = this.waiting.filter((flush) => flush.upTo <= settled)
    this.waiting = this.waiting.filter((flush) => flush.upTo > settled)
    for (const flush of done) Deferred.doneUnsafe(flush.done, Exit.void)
  }
}
