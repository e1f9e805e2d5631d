import * as SchemaAST from "effect/SchemaAST"
import { unawaited } from "../options/unawaited.ts"
import type { EncodedEvent } from "../record/EventMessage.ts"
import { isObject } from "../record/plainData.ts"
import { type Declaration, DeclaredEvent } from "./DeclaredEvent.ts"
import type { ErrorForm } from "./errorForms.ts"
import type { Field } from "./fields.ts"
import { secretsIn } from "./secretsIn.ts"
import { withoutSensitive } from "./sensitive.ts"

/** What an error of a class says besides its fields: a text that is always the same, or one of each error. */
export type Said = string | ((error: never) => string) | undefined

/** Stands for a text that has a sensitive field in it. */
export const withheldText = "[withheld: a sensitive field is in it]"

const names = { type: "error.type", why: "error.why", fix: "error.fix" }

/** A class of errors that was declared as an event. */
export class DeclaredError extends DeclaredEvent implements ErrorForm {
  private readonly own: DeclaredEvent
  private readonly type: string
  private readonly said: ReadonlyArray<readonly [name: string, said: string | ((error: never) => string)]>
  private readonly sensitive: ReadonlyArray<string>

  constructor(declaration: Declaration, type: string, why: Said, fix: Said) {
    const said = [[names.why, why], [names.fix, fix]] as const
    const given = said.flatMap(([name, text]) => text === undefined ? [] : [[name, text] as const])
    super({
      ...declaration,
      fields: [
        { name: names.type, ast: new SchemaAST.Literal(type) },
        ...declaration.fields,
        ...given.map(([name]) => ({ name, ast: SchemaAST.string }))
      ]
    })
    this.own = new DeclaredEvent(declaration)
    this.type = type
    this.said = given
    this.sensitive = declaration.fields.filter(isPartlySensitive).map(({ name }) => name)
  }

  // What it says is made of the whole error, and so is no field of it.
  override get fieldwise(): undefined {
    return undefined
  }

  override encode(error: unknown): EncodedEvent {
    const { fields: { "event.name": name, ...fields }, isMarked } = this.own.encode(error)
    return { fields: { "event.name": name, [names.type]: this.type, ...fields, ...this.sayings(error) }, isMarked }
  }

  properties(error: object): Readonly<Record<string, unknown>> {
    const { "event.name": _name, ...fields } = this.own.encode(error).fields
    return { ...fields, ...this.sayings(error) }
  }

  hides(field: string): boolean {
    return this.sensitive.includes(field)
  }

  shown(text: string, error: object): string {
    return this.sensitive.length > 0 && secretsIn(error, this.sensitive, (secret) => text.includes(secret))
      ? withheldText
      : text
  }

  private sayings(error: unknown): Readonly<Record<string, string>> {
    const out: Record<string, string> = {}
    for (const [name, said] of this.said) {
      const text = typeof said === "string" ? said : textOf(said, error)
      out[name] = isObject(error) ? this.shown(text, error) : text
    }
    return out
  }
}

const textOf = (said: (error: never) => string, error: unknown): string => {
  try {
    const text: unknown = unawaited(Reflect.apply(said, undefined, [error]))
    return typeof text === "string" ? text : "[not a text]"
  } catch {
    return "[threw]"
  }
}

/** What is recursive counts as sensitive, since it is another Schema each time. */
const isPartlySensitive = ({ ast }: Field): boolean => withoutSensitive(ast) !== ast
