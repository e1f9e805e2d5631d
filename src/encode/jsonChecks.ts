import { type Check, type Checks, either, flag, required, satisfies, text, words } from "../options/check.ts"
import { checkOptions, optionsOf } from "../options/checkOptions.ts"
import { isRecord } from "../record/plainData.ts"
import { namesOf } from "./jsonFields.ts"
import type { JsonFields, JsonOptions } from "./jsonOptions.ts"

const nameOrFalse = satisfies(
  "a name that is not blank, or false",
  (value) => value === false || (typeof value === "string" && value.trim() !== "")
)

const fieldChecks: Checks<JsonFields> = {
  message: text,
  data: nameOrFalse,
  level: nameOrFalse,
  timestamp: nameOrFalse,
  cause: nameOrFalse,
  annotations: nameOrFalse,
  spans: nameOrFalse,
  fiberId: nameOrFalse,
  traceId: nameOrFalse,
  spanId: nameOrFalse,
  uid: text
}

const ofEveryLevel = (check: Check): Check => {
  const each = required(check)
  return optionsOf({ Trace: each, Debug: each, Info: each, Warn: each, Error: each, Fatal: each })
}

const texts = ofEveryLevel(text)
const numbers = ofEveryLevel(satisfies("a number", Number.isFinite))

/** What the first level is, the others must be too. */
const levelValues: Check = {
  expected: "an object with a text or a number for every level",
  read: (value) => (isRecord(value) && typeof value["Trace"] === "number" ? numbers : texts).read(value)
}

const jsonChecks: Checks<JsonOptions> = {
  fields: optionsOf(fieldChecks),
  time: words("iso", "millis", "seconds"),
  level: either(words("upper", "lower", "pino", "otel"), levelValues),
  annotations: words("nested", "flat"),
  cause: words("text", "structured"),
  message: words("asLogged", "text"),
  uid: flag
}

/** The options of `LogEncoder.json`. Throws a `RangeError` that says what is wrong with them. */
export const checkJson = (options: JsonOptions): JsonOptions => {
  const where = "LogEncoder.json"
  const checked = checkOptions(where, jsonChecks, options)
  const fields = new Map<string, string>()
  for (const [field, name] of namesOf(checked)) {
    const other = fields.get(name)
    if (other !== undefined) {
      throw new RangeError(
        `${where}: fields.${field} must be a name that no other field has, got that of ${other}: ${
          JSON.stringify(name)
        }`
      )
    }
    fields.set(name, field)
  }
  return checked
}
