import type * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import type { EventMessage } from "../record/EventMessage.ts"
import { type Level, severityOf } from "../record/level.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** What becomes a record. */
export interface Emission {
  readonly level: Level
  readonly message: EventMessage
  readonly cause: Cause.Cause<unknown>
  readonly date: Date
}

/** A log call of a fiber, as Effect makes one, but at once: nothing can come between the end of an event and its record. */
export const emit = (fiber: AnyFiber, { cause, date, level, message }: Emission): void => {
  if (severityOf(level) < severityOf(fiber.cache.minimumLogLevel)) return
  const call: Logger.Options<unknown> = { cause, date, fiber, logLevel: level, message: [message] }
  for (const logger of fiber.getRef(Logger.CurrentLoggers)) {
    try {
      logger.log(call)
    } catch {
      // A logger that throws takes the record from no other.
    }
  }
}

/** The same where the fiber does something else, or is gone, by the context it had. */
export const emitIn = (context: Context.Context<never>, fiberId: number, emission: Emission): void =>
  Effect.runSyncWith(context)(Effect.withFiberSucceed((fiber) => {
    const named: AnyFiber = fiberId === 0 ? fiber : Object.create(fiber, { id: { value: fiberId } })
    emit(named, emission)
  }))
