import type { EncodedEvent, EventKind, GatheredEvent } from "../record/EventMessage.ts"
import { PlainObject } from "../record/plainData.ts"
import type { EventCopier } from "./EventFields.ts"

/** What an event is when it has ended. Only loggers that know nothing of events have it put together. */
export class EventSummary implements EventKind {
  readonly text: string
  readonly gathered: GatheredEvent
  private readonly copier: EventCopier

  constructor(text: string, gathered: GatheredEvent, copier: EventCopier) {
    this.text = text
    this.gathered = gathered
    this.copier = copier
  }

  encode(): EncodedEvent {
    const { copies, said: { names, values } } = this.gathered
    const said = new PlainObject()
    for (let i = 0; i < names.length; i++) said[names[i]!] = values[i]
    return { fields: Object.assign(new PlainObject(), this.copier.copy(said), copies), isMarked: false }
  }
}
