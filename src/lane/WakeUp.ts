import type * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Scheduler from "effect/Scheduler"

/** Above any size that matters, and still a small integer to the engine. */
export const never = 2 ** 30

/** Has something done in a step of its own. */
type Step = (run: () => void) => void

const turns = new Scheduler.MixedScheduler().setImmediate

/**
 * How the workers of a lane are woken: before any other fiber has its next turn, since
 * many that are busy log much in each; where a program has a scheduler of its own, when
 * that says.
 */
export const soon = (fiber: Fiber.Fiber<unknown, unknown>): Step => {
  const scheduler = fiber.getRef(Scheduler.Scheduler)
  const { currentDispatcher } = fiber
  return scheduler instanceof Scheduler.MixedScheduler && scheduler.setImmediate === turns
    ? (run) => queueMicrotask(run)
    : (run) => currentDispatcher.scheduleTask(run, 0)
}

/** Where the workers of a lane sleep, and how large its queue must be to wake them. */
export class WakeUp {
  /** Records in the queue that wake them; {@link never} while they are awake. */
  size = never
  /** Bytes in the queue that wake them. */
  bytes = never
  private readonly step: Step
  private readonly awake = Latch.makeUnsafe(false)

  constructor(step: Step) {
    this.step = step
  }

  /** Wakes the workers in a step of their own: never on the stack of a log call, which may have no room for it. */
  wake(): void {
    const { bytes, size } = this
    this.size = never
    this.bytes = never
    try {
      this.step(this.open)
    } catch {
      this.size = size
      this.bytes = bytes
    }
  }

  /** Puts a worker to sleep until the queue is so large, or it is woken. */
  sleep(size: number, bytes: number): Effect.Effect<void> {
    this.awake.closeUnsafe()
    this.size = Math.min(this.size, size)
    this.bytes = Math.min(this.bytes, bytes)
    return this.awake.await
  }

  private readonly open = (): void => {
    this.awake.openUnsafe()
  }
}
