import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Capture } from "../capture/Capture.ts"
import type { LiveLevels } from "../capture/LiveLevels.ts"
import type { Levels } from "../LogLevels.ts"
import { idleSleep } from "../node/idleSleep.ts"
import type { BoundInput } from "../options/level.ts"
import { LevelEnds } from "./LevelEnds.ts"
import { type SetLevelOptions, setting, toggled, withoutEnded } from "./setting.ts"

/** The longest that a timer of Node waits. */
const longestSleep = 2 ** 31 - 1

/** The levels of a runtime, as its service and its process hooks set them. */
export class RuntimeLevels {
  readonly ref: SubscriptionRef.SubscriptionRef<Levels>
  private readonly live: LiveLevels
  private readonly capture: Capture

  constructor(ref: SubscriptionRef.SubscriptionRef<Levels>, live: LiveLevels, capture: Capture) {
    this.ref = ref
    this.live = live
    this.capture = capture
  }

  /** Sets others in the place of those that count, whatever stands there, and says at once what of them cannot be followed. */
  update(change: (levels: Levels) => Levels): Effect.Effect<void> {
    return Effect.andThen(
      SubscriptionRef.update(this.ref, () => change(this.now())),
      Effect.sync(() => {
        this.capture.current()
      })
    )
  }

  readonly setLevel = (level: BoundInput, options?: SetLevelOptions): Effect.Effect<void> => {
    const set = setting(level, options)
    return Effect.flatMap(Clock.currentTimeMillis, (now) => this.update((levels) => set(levels, now)))
  }

  readonly toggleDebug: Effect.Effect<void> = Effect.suspend(() => this.update(toggled))

  /** Takes away what is over, and what is no levels at all. While nothing will be over no timer runs. */
  readonly run: Effect.Effect<never> = Effect.scoped(Effect.gen({ self: this }, function*() {
    const { live, ref } = this
    const changes = yield* PubSub.subscribe(ref.pubsub)
    const ends = new LevelEnds(yield* Clock.Clock)
    for (;;) {
      const good = this.now()
      const seen = ref.value
      const millis = ends.leftOf(good)
      const left = withoutEnded(good, millis)
      if (left !== good || live.refuses(seen)) {
        yield* SubscriptionRef.update(ref, (levels) => levels === seen ? left : levels)
      }
      const change = PubSub.takeAll(changes)
      const next = Math.min(...millis.filter((each) => each > 0))
      yield* next === Infinity
        ? change
        : Effect.raceFirst(change, idleSleep(Duration.millis(Math.min(next, longestSleep))))
    }
  }))

  /** Those that count, whatever stands where they are set. */
  now(): Levels {
    this.capture.current()
    return this.live.good
  }
}
