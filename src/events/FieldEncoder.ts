import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaParser from "effect/SchemaParser"
import { type EventField, FieldMarker } from "../record/EventMessage.ts"
import { isObject } from "../record/plainData.ts"
import { expectedOf } from "./expected.ts"
import { type PlainEncoder, plainEncoder, refused } from "./plainEncoder.ts"
import { withoutSensitive } from "./sensitive.ts"

const threw = new FieldMarker("[not encoded: it threw]")

/** The codec of one field, as an object with that field, in which it may be missing. */
type OneField = Schema.Codec<unknown, unknown>
type Parse = (given: unknown) => Effect.Effect<unknown, unknown>

/** Of what kind the values of most fields are; nothing is to be done with these but to look. */
type Quick = "string" | "boolean" | "finite" | "none"

/** Encodes one field of an event by its Schema, without its sensitive parts. It is total. */
export class FieldEncoder implements EventField {
  readonly name: string
  /** The kind of value that is its own encoded form. */
  readonly quick: Quick
  private readonly plain: PlainEncoder | undefined
  private readonly parse: Parse
  /** Whether it is left out when it is `undefined`. */
  private readonly mayLack: boolean
  private readonly isInherited: boolean
  private readonly unexpected: FieldMarker
  private readonly missing: FieldMarker

  constructor(name: string, ast: SchemaAST.AST) {
    const open = withoutSensitive(ast)
    const expected = expectedOf(ast)
    this.name = name
    this.quick = quickOf(open)
    this.plain = plainEncoder(open)
    this.parse = parserOf(name, open)
    this.mayLack = SchemaAST.isOptional(ast) && ast.encoding === undefined
    this.isInherited = name in Object.prototype
    this.unexpected = new FieldMarker(`[not encoded: expected ${expected}]`)
    this.missing = new FieldMarker(`[missing: expected ${expected}]`)
  }

  /** What of an object the record has: the encoded field, a marker, or nothing. */
  encode(given: Readonly<Record<string, unknown>>): unknown {
    const { name } = this
    try {
      const value = given[name]
      switch (typeof value) {
        case "string":
          if (this.quick === "string") return value
          break
        case "boolean":
          if (this.quick === "boolean") return value
          break
        case "number":
          if (this.quick === "finite" && value - value === 0) return value
      }
      if (value !== undefined && (!this.isInherited || Object.hasOwn(given, name))) return this.encodeValue(value)
      return this.encodeOther(given)
    } catch {
      return threw
    }
  }

  /** A field that is missing or `undefined`. */
  private encodeOther(given: Readonly<Record<string, unknown>>): unknown {
    if (this.mayLack) return undefined
    const isThere = this.isInherited ? Object.hasOwn(given, this.name) : this.name in given
    if (isThere) return this.encodeValue(undefined)
    // A Schema may have an encoded form for what is missing.
    return this.plain === undefined ? this.through({}, this.missing) : this.missing
  }

  private encodeValue(value: unknown): unknown {
    const { plain } = this
    if (plain === undefined) return this.through({ [this.name]: value })
    const encoded = plain(value)
    return encoded === refused ? this.unexpected : encoded
  }

  private through(given: object, failed = this.unexpected): unknown {
    const effect = this.parse(given)
    const exit = Exit.isExit(effect) ? effect : runNow(effect)
    if (!Exit.isSuccess(exit) || !isObject(exit.value)) return failed
    return Object.hasOwn(exit.value, this.name) ? exit.value[this.name] : undefined
  }
}

const quickOf = (ast: SchemaAST.AST): Quick => {
  if (ast.encoding !== undefined || ast.checks !== undefined) return "none"
  return SchemaAST.isString(ast)
    ? "string"
    : SchemaAST.isBoolean(ast)
    ? "boolean"
    : SchemaAST.isNumber(ast)
    ? "finite"
    : "none"
}

const parserOf = (name: string, ast: SchemaAST.AST): Parse => {
  const struct = new SchemaAST.Objects([new SchemaAST.PropertySignature(name, ast)], [])
  const codec = Schema.toCodecJson(Schema.make<OneField>(struct))
  // Once more: what a declaration says of its form in JSON is in no Schema before.
  return SchemaParser.encodeUnknownEffect(Schema.make<OneField>(withoutSensitive(codec.ast)))
}

/** Runs an Effect that encodes. One that is not done at once is ended: a log call waits for nothing. */
const runNow = (effect: Effect.Effect<unknown, unknown>): Exit.Exit<unknown, unknown> => {
  const exit = Effect.runSyncExit(effect)
  if (Exit.isFailure(exit)) {
    const defect = Cause.squash(exit.cause)
    if (Cause.isAsyncFiberError(defect)) defect.fiber.interruptUnsafe()
  }
  return exit
}
