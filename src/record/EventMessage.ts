/** The annotation that names the event which a record is: OpenTelemetry has it as `event_name`, an attribute of that name is deprecated. */
export const eventName = "event.name"

/** What an event says in one call. */
export interface EncodedEvent {
  /** Its fields, with {@link eventName} first. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Whether one of them could not be encoded, and is a marker. */
  readonly isMarked: boolean
}

/** What an event is, whatever it says in one call. */
export interface EventKind {
  /** What records of it have for a message. */
  readonly text: string
  /** Total: what cannot be encoded is a marker. */
  readonly encode: (given: unknown) => EncodedEvent
}

/**
 * The message of a log call that is an event: what it says becomes annotations of the
 * record. It is encoded in the call, once, and only when some logger lets the call through.
 */
export class EventMessage {
  readonly kind: EventKind
  private readonly given: unknown
  private said: EncodedEvent | undefined = undefined

  constructor(kind: EventKind, given: unknown) {
    this.kind = kind
    this.given = given
  }

  get encoded(): EncodedEvent {
    return this.said ??= this.kind.encode(this.given)
  }

  /** What loggers show that know nothing of events. */
  toJSON(): Readonly<Record<string, unknown>> {
    return this.encoded.fields
  }

  toString(): string {
    return this.kind.text
  }
}

// Set from outside the class, whose declaration would otherwise need Node's types.
Object.defineProperty(EventMessage.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: EventMessage): unknown {
    return this.toJSON()
  }
})
