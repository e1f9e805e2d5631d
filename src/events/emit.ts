import type * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import { demandStack } from "../node/demandStack.ts"
import type { EventMessage } from "../record/EventMessage.ts"
import { type Level, severityOf } from "../record/level.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** What becomes a record. */
export interface Emission {
  readonly level: Level
  readonly message: EventMessage
  readonly cause: Cause.Cause<unknown>
  readonly date: Date
  /** The logger of the runtime that the event is open in. */
  readonly own?: ((call: Logger.Options<unknown>) => void) | undefined
  /** Whether loggers were given it: a stack that is full can prevent that. */
  isGiven?: boolean | undefined
}

/** A log call of a fiber, as Effect makes one, but at once: nothing can come between the end of an event and its record. */
export const emit = (fiber: AnyFiber, emission: Emission): void => {
  const { cause, date, level, message, own } = emission
  if (severityOf(level) < severityOf(fiber.cache.minimumLogLevel)) {
    emission.isGiven = true
    return
  }
  const call: Logger.Options<unknown> = { cause, date, fiber, logLevel: level, message: [message] }
  const loggers = fiber.getRef(Logger.CurrentLoggers)
  emission.isGiven = true
  for (const logger of loggers) {
    try {
      logger.log(call)
    } catch {
      // A logger that throws takes the record from no other. That of the runtime does only where the stack is full.
      if (logger.log === own) emission.isGiven = false
    }
  }
}

/**
 * The same where the fiber does something else, or is gone, by the context it had. With 0 for an id there was none: the
 * events of a framework, which all have one context.
 */
export const emitIn = (context: Context.Context<never>, fiberId: number, emission: Emission): void => {
  if (fiberId !== 0) return emit(Object.create(fiberIn(context), { id: { value: fiberId } }), emission)
  let fiber = outside.get(context)
  if (fiber === undefined) outside.set(context, fiber = fiberIn(context))
  emit(fiber, emission)
}

/** Holds what loggers read of a fiber for as long as its context is there. */
const outside = new WeakMap<Context.Context<never>, AnyFiber>()

const fiberIn = (context: Context.Context<never>): AnyFiber => {
  // At the end of a stack Effect's loop turns round in itself for a minute: it is not begun there.
  demandStack()
  const fiber = Effect.runSyncWith(context)(Effect.withFiberSucceed((own) => own))
  // It has lost its context with its end.
  fiber.setContext(context)
  return fiber
}
