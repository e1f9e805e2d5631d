import { builtIns } from "../../node/builtIns.ts"
import { unawaited } from "../../options/unawaited.ts"
import { isObject, threw } from "../../record/plainData.ts"

/**
 * Functions that make of the value of a field what is logged of it, by the name of the field.
 *
 * @category models
 * @since 0.1.0
 */
export type Serializers = Readonly<Record<string, (value: never) => unknown>>

/** What is logged of fields whose names have a serializer. */
export class Serialized {
  readonly given: Serializers
  readonly isEmpty: boolean

  constructor(given: Serializers = {}) {
    this.given = given
    this.isEmpty = Object.keys(given).length === 0
  }

  /** These with others, which go before those of the same name. */
  with(others: Serializers): Serialized {
    return new Serialized({ ...this.given, ...others })
  }

  /** What a field is logged as. One that throws gives a marker. */
  of(name: string, value: unknown): unknown {
    if (!Object.hasOwn(this.given, name)) return value
    const serialize: unknown = this.given[name]
    if (typeof serialize !== "function") return value
    try {
      return unawaited<unknown>(Reflect.apply(serialize, undefined, [value]))
    } catch {
      return threw
    }
  }
}

/**
 * The error that a value is, if it is one, or that it was made of: what pino's own
 * serializer makes of an error has it as `raw`. As for pino, what has a message is one.
 */
export const errorOf = (value: unknown): unknown => {
  try {
    if (isError(value)) return value
    if (!isObject(value)) return undefined
    const { message, raw } = value
    if (raw === undefined) return typeof message === "string" ? value : undefined
    return isObject(raw) && typeof raw["message"] === "string" ? raw : undefined
  } catch {
    return undefined
  }
}

/** Whether a value is an error by its kind, of this realm or another. */
export const isError = (value: unknown): boolean => value instanceof Error || builtIns.isNativeError(value)
