import * as Effect from "effect/Effect"
import * as ErrorReporter from "effect/ErrorReporter"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { eventsElsewhere } from "../capture/eventsElsewhere.ts"
import type { EventOptions } from "../events/eventOptions.ts"
import type { Declaration } from "../events/EventState.ts"
import { open } from "../events/open.ts"
import { CurrentEvent, type OpenEvent } from "../events/OpenEvent.ts"
import { reportersOf } from "./reporting.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** Ends an event by the exit of its effect. */
const endIn = (event: OpenEvent, fiber: AnyFiber, exit: Exit.Exit<unknown, unknown>): void => event.endIn(fiber, exit)

/**
 * Makes one record of each run of an effect, as `WideEvent.record` does, with what the part of
 * the library says that asks for it: `optionsOf` is asked for each run, `end` may end the event in another way.
 */
export const recordWork =
  (declaration: Declaration, optionsOf: (fiber: AnyFiber) => EventOptions, end: typeof endIn = endIn) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    // Nothing may interrupt between the two steps of opening it and of waiting for its end.
    Effect.uninterruptibleMask((restore) =>
      Effect.withFiber((fiber) => {
        const event = open(declaration, optionsOf(fiber), fiber.context, fiber.id, eventsElsewhere())
        const inside = restore(effect).pipe(
          Effect.provideService(CurrentEvent, event),
          Effect.provideService(ErrorReporter.CurrentErrorReporters, reportersOf(fiber.context))
        )
        return Effect.onExit(inside, (exit) => {
          end(event, fiber, exit)
          return Effect.void
        })
      })
    )
