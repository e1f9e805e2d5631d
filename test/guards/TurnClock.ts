import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

const nanosPerMilli = 1_000_000

interface Sleeper {
  readonly due: number
  readonly wake: () => void
}

/** A clock that goes on by as much in every turn of the event loop, however long that took. */
export class TurnClock implements Clock.Clock {
  /** How many sleeps have ended. */
  woken = 0
  /** A whole second, near the one in which the modules were loaded. */
  private readonly start = 1000 * Math.ceil(Date.now() / 1000)
  private readonly millisPerTurn: number
  private passed = 0
  private sleepers: ReadonlyArray<Sleeper> = []

  constructor(millisPerTurn: number) {
    this.millisPerTurn = millisPerTurn
  }

  run(): void {
    setImmediate(() => {
      this.passed += this.millisPerTurn
      const due = this.sleepers.filter((sleeper) => sleeper.due <= this.passed)
      if (due.length > 0) {
        this.sleepers = this.sleepers.filter((sleeper) => !due.includes(sleeper))
        this.woken += due.length
        for (const { wake } of due) wake()
      }
      this.run()
    })
  }

  readonly currentTimeMillisUnsafe = (): number => this.start + Math.floor(this.passed)
  readonly monotonicTimeNanosUnsafe = (): bigint => BigInt(Math.round(this.passed * nanosPerMilli))
  readonly currentTimeNanosUnsafe = (): bigint =>
    BigInt(this.start) * BigInt(nanosPerMilli) + this.monotonicTimeNanosUnsafe()
  readonly currentTimeMillis = Effect.sync(this.currentTimeMillisUnsafe)
  readonly monotonicTimeNanos = Effect.sync(this.monotonicTimeNanosUnsafe)
  readonly currentTimeNanos = Effect.sync(this.currentTimeNanosUnsafe)

  readonly sleep = (duration: Duration.Duration): Effect.Effect<void> =>
    Effect.callback((resume) => {
      const sleeper = { due: this.passed + Duration.toMillis(duration), wake: () => resume(Effect.void) }
      this.sleepers = [...this.sleepers, sleeper]
      return Effect.sync(() => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper)
      })
    })
}
