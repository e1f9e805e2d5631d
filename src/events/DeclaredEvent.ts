import {
  type EncodedEvent,
  type EventKind,
  eventName,
  FieldMarker,
  type FieldwiseEvent
} from "../record/EventMessage.ts"
import type { Level } from "../record/level.ts"
import { isObject } from "../record/plainData.ts"
import { FieldEncoder } from "./FieldEncoder.ts"
import type { Field } from "./fields.ts"

/** What an event is declared to be. */
export interface Declaration {
  readonly name: string
  readonly level: Level
  /** What records of it have for a message. */
  readonly message: string
  readonly description: string | undefined
  readonly fields: ReadonlyArray<Field>
}

const nothing: Readonly<Record<string, unknown>> = {}

/** A declared event as log calls know it. Its encoders are made once, when it is declared. */
export class DeclaredEvent implements EventKind {
  readonly declaration: Declaration
  readonly text: string
  private readonly walked: FieldwiseEvent

  constructor(declaration: Declaration) {
    const { fields, message, name } = declaration
    this.declaration = declaration
    this.text = message
    this.walked = { name, fields: fields.map(({ ast, name }) => new FieldEncoder(name, ast)) }
  }

  get fieldwise(): FieldwiseEvent | undefined {
    return this.walked
  }

  encode(given: unknown): EncodedEvent {
    const source = isObject(given) ? given : nothing
    // An ordinary object, which a log call packs: no field is named like what these inherit and set.
    const fields: Record<string, unknown> = { [eventName]: this.declaration.name }
    let isMarked = false
    for (const field of this.walked.fields) {
      const value = field.encode(source)
      if (value === undefined) continue
      const isMarker = value instanceof FieldMarker
      if (isMarker) isMarked = true
      fields[field.name] = isMarker ? value.text : value
    }
    return { fields, isMarked }
  }
}
