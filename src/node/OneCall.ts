/// <reference types="node" />
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { type CallFailure, callFailure } from "./CallFailure.ts"
import * as HeldCalls from "./heldCalls.ts"

/** Ends a call; `false` when nobody waits for it any more. */
export type Done<A> = (error: NodeJS.ErrnoException | null, value: A) => boolean

/**
 * The calls of one file to the system, one at a time. Each takes a thread of
 * Node's pool until it returns, and nothing can take it back: a file that
 * hangs may hold one thread, not all four.
 */
export class OneCall {
  private out: HeldCalls.HeldCall | undefined = undefined
  private readonly idle = Latch.makeUnsafe(true)

  get isOut(): boolean {
    return this.out !== undefined
  }

  /** Whether the last call has not returned for a quarter of a second and more. */
  get hangs(): boolean {
    return this.out?.hangs === true
  }

  /** Waits until no call is out. */
  get returned(): Effect.Effect<void> {
    return this.idle.await
  }

  /** Makes a call. Who is interrupted leaves it behind: what it gives is noted in `begin`. */
  make<A>(begin: (done: Done<A>) => void): Effect.Effect<A, CallFailure> {
    return Effect.callback<A, CallFailure>((resume) => {
      const call = HeldCalls.begin()
      this.out = call
      this.idle.closeUnsafe()
      const end = (): void => {
        HeldCalls.end(call)
        this.out = undefined
        this.idle.openUnsafe()
      }
      const done: Done<A> = (error, value) => {
        end()
        resume(error === null ? Effect.succeed(value) : Effect.fail(callFailure(error)))
        return call.awaited
      }
      try {
        begin(done)
      } catch (error) {
        end()
        resume(Effect.fail(callFailure(error)))
      }
      return Effect.sync(() => {
        call.awaited = false
      })
    })
  }
}
