import * as Context from "effect/Context"
import type * as Logger from "effect/Logger"
import type { EventCopier } from "./EventFields.ts"

/** What can be ended because the runtime is. */
export interface Endable {
  endByShutdown(): void
}

/** Who is told what an event cannot say itself. */
export interface EventHooks {
  /** Something was added to an event of this name that had ended. */
  readonly late: (name: string) => void
  /** A function that an event was given has failed. */
  readonly failed: (name: string, option: string) => void
  /** An event is no record, because it was not wanted. */
  readonly skipped: () => void
  /** The books, for what is lost on a stack that is full: it is counted there without a call, which would throw too. */
  readonly rejected: { encode_failed: number }
  /** The logger of the runtime. */
  readonly log: ((call: Logger.Options<unknown>) => void) | undefined
}

/** The events that are open in one runtime. */
export class OpenEvents {
  readonly copier: EventCopier
  readonly hooks: EventHooks
  private readonly events = new Set<Endable>()

  constructor(copier: EventCopier, hooks: EventHooks) {
    this.copier = copier
    this.hooks = hooks
  }

  get size(): number {
    return this.events.size
  }

  enter(event: Endable): void {
    this.events.add(event)
  }

  leave(event: Endable): void {
    this.events.delete(event)
  }

  get all(): Iterable<Endable> {
    return this.events
  }

  /** Makes a record of each event that is still open, at once. */
  endAll(): void {
    // What is opened meanwhile, in a function that an event was given, is not ended here.
    const open = [...this.events]
    for (const event of open) event.endByShutdown()
  }
}

/** Where the events of a fiber are noted: in the runtime it logs to. */
export const RuntimeEvents = Context.Reference<OpenEvents | undefined>("effect-spillway/RuntimeEvents", {
  defaultValue: () => undefined
})
