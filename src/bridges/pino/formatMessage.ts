import { defaultLimits } from "../../capture/limits.ts"
import { Snapshot } from "../../capture/Snapshot.ts"
import * as LogRedactor from "../../LogRedactor.ts"
import { threw } from "../../record/plainData.ts"
import { isSecret } from "../../rules/redact/secretNames.ts"
import { looksOf } from "./looks.ts"

/**
 * The message of a call, as pino makes it of a format and of what stands behind it.
 *
 * A format that is no text is the message itself; an object with more behind it is all of
 * them as JSON. `%%` is a percent sign where there is anything to put in, and every other
 * pair of a percent sign and a character uses up one argument, known or not. Total: what
 * throws when it is shown is a marker. Secrets by their names are hidden in JSON, since
 * what is put into a text has no names any more.
 */
export const formatMessage = (format: unknown, given: ReadonlyArray<unknown>): unknown => {
  if (typeof format !== "string") {
    return typeof format === "object" && format !== null && given.length > 0
      ? [format, ...given].map((one) => jsonOf(one) ?? "").join(" ")
      : format
  }
  return given.length === 0 || !format.includes("%") ? format : filled(format, given)
}

const percent = 0x25

const filled = (format: string, given: ReadonlyArray<unknown>): string => {
  let out = ""
  let copied = 0
  let next = 0
  for (let i = 0; i + 1 < format.length; i++) {
    if (format.charCodeAt(i) !== percent) continue
    const kind = format.charCodeAt(i + 1)
    const shown = kind === percent ? "%" : next < given.length ? shownAs(kind, given[next]) : undefined
    if (kind !== percent) next++
    if (shown === undefined) continue
    out += format.slice(copied, i) + shown
    copied = i + 2
    i++
  }
  return out + format.slice(copied)
}

/** An argument as its place asks for it; nothing where the place stays as it is. */
const shownAs = (kind: number, value: unknown): string | undefined => {
  try {
    switch (kind) {
      // d, f
      case 0x64:
      case 0x66:
        return value === undefined || value === null ? undefined : String(numberOf(value))
      // i
      case 0x69:
        return value === undefined || value === null ? undefined : String(Math.floor(numberOf(value)))
      // O, o, j
      case 0x4f:
      case 0x6f:
      case 0x6a:
        return value === undefined ? undefined : shownWhole(value)
      // s
      case 0x73:
        return looksOf(value) === "boundless" ? String(jsonOf(value)) : String(value)
      default:
        return undefined
    }
  } catch {
    return threw
  }
}

/** To make a number of an object is to make a text of it first. */
const numberOf = (value: {}): number => looksOf(value) === "boundless" ? NaN : Number(value)

const shownWhole = (value: unknown): string => {
  if (typeof value === "string") return `'${value}'`
  return typeof value === "function" ? value.name || "<anonymous>" : String(jsonOf(value))
}

const jsonOf = (value: unknown): string | undefined => {
  const isPlain = looksOf(value) === "plain"
  try {
    return isPlain ? JSON.stringify(value, withoutSecrets) : JSON.stringify(copyOf(value))
  } catch {
    return isPlain ? oddJsonOf(value) : `"${threw}"`
  }
}

/** A copy in bounds, without secrets. What an object says of itself as JSON may have no end. */
const copyOf = (value: unknown): unknown => new Snapshot(LogRedactor.make(), defaultLimits).value(value)

/** What JSON does not know: a circle is named, and a bigint a number. */
const oddJsonOf = (value: unknown): string | undefined => {
  if (typeof value === "bigint") return String(value)
  const above: Array<unknown> = []
  try {
    return JSON.stringify(value, function(this: unknown, key, inner: unknown) {
      while (above.length > 0 && above.at(-1) !== this) above.pop()
      if (typeof inner === "bigint") return Number.isSafeInteger(Number(inner)) ? Number(inner) : String(inner)
      if (above.includes(inner)) return "[Circular]"
      if (typeof inner === "object" && inner !== null) above.push(inner)
      return withoutSecrets(key, inner)
    })
  } catch {
    return `"${threw}"`
  }
}

const withoutSecrets = (key: string, value: unknown): unknown => key !== "" && isSecret(key) ? "<redacted>" : value
