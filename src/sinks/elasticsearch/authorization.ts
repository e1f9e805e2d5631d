import * as Redacted from "effect/Redacted"
import { anyText, type Check, required, satisfies } from "../../options/check.ts"
import { optionsOf } from "../../options/checkOptions.ts"
import { shown } from "../../options/shown.ts"
import { isObject } from "../../record/plainData.ts"
import { basic, headerValueCheck, plain } from "../http/target.ts"

/** A secret, in a `Redacted` or as it is. */
type Secret = string | Redacted.Redacted

interface ApiKey {
  readonly apiKey: Secret
}

interface Password {
  readonly username: string
  readonly password: Secret
}

interface Bearer {
  readonly bearer: Secret
}

/**
 * Who a program is to a cluster: by an API key in the encoded form, by name and password, or by a token.
 *
 * @category models
 * @since 0.1.0
 */
export type Auth = ApiKey | Password | Bearer

/** Of a text that is wrong nothing is shown: it may be a secret all the same. */
const kindOnly = (value: unknown): string => typeof value === "string" ? "another text" : shown(value)

const forHeader = required(satisfies(
  "a text that a header can hold, or a Redacted of one",
  (value) => headerValueCheck.read(plain(value)) !== undefined,
  kindOnly
))

const anySecret = required(satisfies(
  "a text, or a Redacted of one",
  (value) => typeof plain(value) === "string",
  kindOnly
))

const apiKey = optionsOf<ApiKey>({ apiKey: forHeader })
const password = optionsOf<Password>({ username: required(anyText), password: anySecret })
const bearer = optionsOf<Bearer>({ bearer: forHeader })

export const authCheck: Check = {
  expected: "an object with apiKey, with username and password, or with bearer",
  read(value) {
    if (!isObject(value)) return undefined
    if ("username" in value || "password" in value) return password.read(value)
    return ("bearer" in value ? bearer : apiKey).read(value)
  }
}

/** The header that says it. */
export const authorizationOf = (auth: Auth): Redacted.Redacted => {
  if ("apiKey" in auth) return Redacted.make(`ApiKey ${String(plain(auth.apiKey))}`)
  if ("bearer" in auth) return Redacted.make(`Bearer ${String(plain(auth.bearer))}`)
  return Redacted.make(basic(auth.username, String(plain(auth.password))))
}
