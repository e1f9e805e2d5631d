import * as Context from "effect/Context"
import type { EventOptions } from "./eventOptions.ts"
import { type Declaration, EventState } from "./EventState.ts"
import { CurrentEvent, OpenEvent } from "./OpenEvent.ts"
import { type OpenEvents, RuntimeEvents } from "./OpenEvents.ts"

/** Opens an event in the runtime of a context; `fiberId` is 0 outside of fibers, and `others` takes it where there is no runtime. */
export const open = (
  declaration: Declaration,
  options: EventOptions,
  context: Context.Context<never>,
  fiberId: number,
  others: OpenEvents
): OpenEvent =>
  new OpenEvent(
    new EventState(declaration, options, {
      context,
      fiberId,
      outer: OpenEvent.stateOf(Context.get(context, CurrentEvent)),
      events: Context.get(context, RuntimeEvents) ?? others
    })
  )
