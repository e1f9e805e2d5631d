import { isRecord, threw } from "../../record/plainData.ts"
import { httpFields } from "./httpObjects.ts"
import { errorOf, isError, type Serialized } from "./Serializers.ts"

type Fields = Readonly<Record<string, unknown>>

/** What the object of a call says. */
export interface PinoFields {
  readonly fields: Fields | undefined
  /** The error that is the record's, in an object of its own because it may be anything. */
  readonly error: { readonly is: unknown } | undefined
  /** What the message is where the call has none. */
  readonly message: unknown
}

const nothing: PinoFields = { fields: undefined, error: undefined, message: undefined }

/** Takes the object of a call apart: an error, a request or a response, or fields among which there may be an error. */
export const fieldsOf = (given: object | null, serialized: Serialized): PinoFields => {
  if (given === null) return nothing
  // It is of pino's that anything may be looked at as fields, arrays too.
  const fields = asFields(given)
  const ofHttp = looked(fields)
  if (ofHttp !== undefined) return taken(ofHttp, serialized)
  if (isError(given)) return taken({ err: given }, serialized)
  const isWhole = serialized.isEmpty && isPlain(given) && !Object.hasOwn(given, "err") && !Object.hasOwn(given, "msg")
  return isWhole ? { fields, error: undefined, message: undefined } : taken(fields, serialized)
}

/** What bindings say, without the names that pino has for its own use. */
export const bindingsOf = (given: unknown, serialized: Serialized): Fields => {
  const out: Record<string, unknown> = {}
  if (typeof given !== "object" || given === null) return out
  const fields = asFields(given)
  for (const key of Object.keys(fields)) {
    if (!reserved.has(key)) put(out, key, serialized.of(key, read(fields, key)))
  }
  return out
}

const reserved: ReadonlySet<string> = new Set(["level", "serializers", "formatters", "customLevels"])

const taken = (given: Fields, serialized: Serialized): PinoFields => {
  const fields: Record<string, unknown> = {}
  let error: PinoFields["error"]
  let message: unknown
  let messageOfError: unknown
  for (const key of Object.keys(given)) {
    const raw = read(given, key)
    if (raw === undefined) continue
    const value = serialized.of(key, raw)
    if (key === "msg") {
      message = value
      continue
    }
    if (key === "err") {
      if (typeof raw === "object" && raw !== null) messageOfError = read(asFields(raw), "message")
      const is = errorOf(value)
      if (is !== undefined) {
        error = { is }
        continue
      }
    }
    put(fields, key, value)
  }
  return { fields, error, message: message ?? messageOfError }
}

const put = (fields: Record<string, unknown>, key: string, value: unknown): void => {
  if (value === undefined || typeof value === "function") return
  if (key === "__proto__") Object.defineProperty(fields, key, { value, enumerable: true })
  else fields[key] = value
}

const read = (fields: Fields, key: string): unknown => {
  try {
    return fields[key]
  } catch {
    return threw
  }
}

const looked = (fields: Fields): Fields | undefined => {
  try {
    return httpFields(fields)
  } catch {
    return undefined
  }
}

const isPlain = (given: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(given)
  return isRecord(given) && (prototype === Object.prototype || prototype === null)
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every object can be read by names
const asFields = (given: object): Fields => given as Fields
