import * as Context from "effect/Context"
import type * as Logger from "effect/Logger"
import type { EventCopier } from "./EventFields.ts"

/** What can be ended because the runtime is, with its neighbours among those that are open. */
export interface Endable {
  endByShutdown(): void
  before: Endable | undefined
  after: Endable | undefined
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

/** The events that are open in one runtime, each with its neighbours: a set would have to hash every one. */
export class OpenEvents {
  readonly copier: EventCopier
  readonly hooks: EventHooks
  private first: Endable | undefined = undefined
  private last: Endable | undefined = undefined

  constructor(copier: EventCopier, hooks: EventHooks) {
    this.copier = copier
    this.hooks = hooks
  }

  enter(event: Endable): void {
    const { last } = this
    event.before = last
    if (last === undefined) this.first = event
    else last.after = event
    this.last = event
  }

  /** Of one that is open, once. */
  leave(event: Endable): void {
    const { after, before } = event
    if (before === undefined) this.first = after
    else before.after = after
    if (after === undefined) this.last = before
    else after.before = before
    event.before = undefined
    event.after = undefined
  }

  get all(): ReadonlyArray<Endable> {
    const all: Array<Endable> = []
    for (let event = this.first; event !== undefined; event = event.after) all.push(event)
    return all
  }

  /** Makes a record of each event that is still open, at once. */
  endAll(): void {
    // What is opened meanwhile, in a function that an event was given, is not ended here.
    for (const event of this.all) event.endByShutdown()
  }
}

/** Where the events of a fiber are noted: in the runtime it logs to. */
export const RuntimeEvents = Context.Reference<OpenEvents | undefined>("effect-spillway/RuntimeEvents", {
  defaultValue: () => undefined
})
