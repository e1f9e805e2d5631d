import { Effect, type Fiber, Latch, References, Stream } from "effect"
import type { Logging } from "../../../src/index.ts"
import { filterOf, numberOf, type Sieve, sieves } from "./lanes.ts"
import { type Bound, type Call, rank } from "./levels.ts"

/** What somebody wants to see, and how. */
export interface Wish {
  readonly minimum: Bound
  readonly scope: string | undefined
  readonly sieve: Sieve
  readonly capacity: number
  readonly pace: "fast" | "slow"
}

type Element = number | { readonly missed: number }

/**
 * Somebody who watches the records, with what waits for them: all that they want to see, as many as have room, and
 * then how many had none. A take gives all that waits, so that what is missed is always the last.
 */
export class WatcherModel {
  readonly wish: Wish
  phase: "watching" | "ended" = "watching"
  seen = 0
  missed = 0
  private waiting: Array<Element> = []
  private fiber: Fiber.Fiber<unknown, unknown> | undefined = undefined
  private readonly turn = Latch.makeUnsafe(true)
  private readonly broken: (what: string) => void

  constructor(wish: Wish, broken: (what: string) => void) {
    this.wish = wish
    this.broken = broken
  }

  /** A record is logged. */
  offer(n: number, { level, scope }: Call): void {
    const { wish } = this
    const isInScope = wish.scope === undefined || scope === wish.scope ||
      (wish.scope.endsWith(".*") && `${scope}.`.startsWith(wish.scope.slice(0, -1)))
    if (this.phase === "ended" || rank(level) < rank(wish.minimum) || !isInScope || !sieves(wish.sieve, n)) return
    const last = this.waiting.at(-1)
    if (typeof last === "object") this.waiting[this.waiting.length - 1] = { missed: last.missed + 1 }
    else this.waiting.push(this.waiting.length < wish.capacity ? n : { missed: 1 })
  }

  /** Begins to watch. */
  start({ records }: Logging.Logging["Service"]) {
    const { capacity, minimum, pace, scope, sieve } = this.wish
    return Effect.gen({ self: this }, function*() {
      const pull = yield* Stream.toPull(records({ minimumLevel: minimum, scope, filter: filterOf(sieve), capacity }))
      for (;;) {
        yield* this.turn.await
        if (pace === "slow") this.turn.closeUnsafe()
        this.take(yield* pull)
      }
    }).pipe(
      Effect.scoped,
      Effect.exit,
      Effect.provideService(References.PreventSchedulerYield, true),
      Effect.forkChild({ startImmediately: true }),
      Effect.map((fiber) => {
        this.fiber = fiber
      })
    )
  }

  /** One that is slow looks once more. */
  goOn(): void {
    this.turn.openUnsafe()
  }

  stop(): void {
    this.fiber?.interruptUnsafe()
    this.end()
  }

  /** There are no further records for it. */
  end(): void {
    this.phase = "ended"
  }

  /** Whether it has seen all there was, and the end. */
  hasEnded(): boolean {
    return this.fiber === undefined || this.fiber.pollUnsafe() !== undefined
  }

  get isShownAll(): boolean {
    return this.waiting.length === 0
  }

  private take(elements: ReadonlyArray<Logging.LiveRecord>): void {
    const taken = elements.map((element): Element | undefined =>
      element._tag === "Record" ? numberOf(element.record) : { missed: element.count }
    )
    const { waiting } = this
    this.waiting = []
    this.seen += elements.length
    for (const each of waiting) if (typeof each === "object") this.missed += each.missed
    const [seen, expected] = [JSON.stringify(taken), JSON.stringify(waiting)]
    if (seen !== expected) this.broken(`a watcher has seen ${seen}, not ${expected}`)
  }
}
