/// <reference types="node" />
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as References from "effect/References"
import { ParentSpan } from "effect/Tracer"
import { AsyncLocalStorage } from "node:async_hooks"

/**
 * Calls a function outside of the request that is on the stack: no
 * `AsyncLocalStorage` has a store there, save what it had where the library was
 * loaded. What the function starts (timers, sockets, fibers) stays outside too.
 */
export const outside: <A>(run: () => A) => A = AsyncLocalStorage.snapshot()

/** Forks an effect outside of the request that its parent serves: without its stores, its span and its annotations. */
export const forkOutside = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Fiber.Fiber<A, E>> =>
  Effect.contextWith((context: Context.Context<never>) =>
    Effect.sync(() => outside(() => Effect.runForkWith(withoutRequest(context))(effect)))
  )

/** Runs an effect as {@link forkOutside} does, and waits for it; interrupted, it interrupts it and waits. */
export const runOutside = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(
      forkOutside(effect),
      (fiber) => Effect.onInterrupt(restore(Fiber.join(fiber)), () => Fiber.interrupt(fiber))
    )
  )

const withoutRequest = Context.omit(
  ParentSpan,
  References.CurrentLogAnnotations,
  References.CurrentLogSpans,
  References.CurrentStackFrame,
  References.TracerSpanAnnotations,
  References.TracerSpanLinks
)
