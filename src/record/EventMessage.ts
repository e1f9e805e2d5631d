import { newArray } from "./plainData.ts"

/** The annotation that names the event which a record is: OpenTelemetry has it as `event_name`, an attribute of that name is deprecated. */
export const eventName = "event.name"

/** What an event says in one call. */
export interface EncodedEvent {
  /** Its fields, with {@link eventName} first. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Whether one of them could not be encoded, and is a marker. */
  readonly isMarked: boolean
}

/** What an event says that has gathered fields while it was open. */
export interface GatheredEvent {
  /** What is said first, each with a name of its own, as it is: a log call copies, redacts and bounds it. */
  readonly said: SaidFields
  /** What follows, of other names: copied, redacted and bounded already. */
  readonly copies: Readonly<Record<string, unknown>>
  /** Who has copied it, and its bytes. */
  readonly copiedBy: object
  readonly bytes: number
}

/** Fields one after the other: quicker to make and to walk through than an object, whose shape is another each time. */
export class SaidFields {
  readonly names: Array<string> = newArray()
  readonly values: Array<unknown> = newArray()

  /** Adds a field of a name that is not there yet. What is `undefined` is left out. */
  say(name: string, value: unknown): void {
    if (value === undefined) return
    this.names.push(name)
    this.values.push(value)
  }

  has(name: string): boolean {
    return this.names.includes(name)
  }
}

/** What an event is, whatever it says in one call. */
export interface EventKind {
  /** What records of it have for a message. */
  readonly text: string
  /** Total: what cannot be encoded is a marker. */
  encode(given: unknown): EncodedEvent
  /** What its records have always, where a log call may take them field by field, without {@link encode}. */
  readonly fieldwise?: FieldwiseEvent | undefined
  /** What its only record says, where that need not be put together for a log call. */
  readonly gathered?: GatheredEvent | undefined
}

/** An event whose fields a log call takes one by one, without an object that has them all. */
export interface FieldwiseEvent {
  readonly name: string
  readonly fields: ReadonlyArray<EventField>
}

/** One field of an event. */
export interface EventField {
  readonly name: string
  /** Total: what of an object the record has, `undefined` where that is nothing, or a {@link FieldMarker}. */
  encode(given: Readonly<Record<string, unknown>>): unknown
}

/** Stands in a record in place of a field that could not be encoded. It never says what the value was. */
export class FieldMarker {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * The message of a log call that is an event: what it says becomes annotations of the
 * record. It is encoded in the call, once, and only when some logger lets the call through.
 */
export class EventMessage {
  readonly kind: EventKind
  /** What the log call was given. */
  readonly given: unknown
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
