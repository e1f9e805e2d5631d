import type * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"

/** Above any size that matters, and still a small integer to the engine. */
export const never = 2 ** 30

/** Where the workers of a lane sleep, and how large its queue must be to wake them. */
export class WakeUp {
  /** Records in the queue that wake them; {@link never} while they are awake. */
  size = never
  /** Bytes in the queue that wake them. */
  bytes = never
  private readonly awake = Latch.makeUnsafe(false)

  /**
   * Wakes the workers in a step of their own: never on the stack of a log call, which may
   * have no room for it, but before any fiber has another turn.
   */
  wake(): void {
    const { bytes, size } = this
    this.size = never
    this.bytes = never
    try {
      queueMicrotask(this.open)
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
