/**
 * Rules that keep secrets out of records.
 *
 * The snapshot asks the redactor about every key it copies, at any depth, also
 * inside errors and their causes. A secret therefore never enters a queue, a
 * file or an error message. `Redacted` and `Redactable` values are redacted
 * whatever their key.
 *
 * @since 0.1.0
 */

/**
 * Decides which keys hold secrets and what stands in their place.
 *
 * @category models
 * @since 0.1.0
 */
export interface LogRedactor {
  readonly isSensitive: (key: string) => boolean
  readonly marker: string
}

/**
 * Options of {@link make}.
 *
 * **Details**
 *
 * - `keys`: further key names to redact. Compared like the default ones.
 * - `allow`: key names to let through although a default rule matches them.
 * - `isSensitive`: a rule of your own, asked once per key name (the answer is
 *   remembered) when no list decided. When it throws, the record is replaced by
 *   a stub that says so: redaction fails closed.
 * - `marker`: what replaces a secret. Defaults to `"<redacted>"`.
 * - `defaults`: set to `false` to start from an empty list. Defaults to `true`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  readonly keys?: ReadonlyArray<string> | undefined
  readonly allow?: ReadonlyArray<string> | undefined
  readonly isSensitive?: ((key: string) => boolean) | undefined
  readonly marker?: string | undefined
  readonly defaults?: boolean | undefined
}

/**
 * The key names redacted by default, in normalised form: lower case, without
 * `-`, `_`, `.` and spaces. `X-Api-Key`, `api_key` and `apiKey` are one key.
 *
 * @category defaults
 * @since 0.1.0
 */
export const defaultKeys: ReadonlyArray<string> = [
  "authorization",
  "proxyauthorization",
  "cookie",
  "cookies",
  "setcookie",
  "rawheaders",
  "password",
  "passwords",
  "passwd",
  "pwd",
  "passphrase",
  "passcode",
  "token",
  "secret",
  "secrets",
  "apikey",
  "privatekey",
  "secretkey",
  "accesskey",
  "accesskeyid",
  "secretaccesskey",
  "credential",
  "credentials",
  "sessionid",
  "jwt",
  "otp",
  "pin",
  "cvv",
  "ssn",
  "connectionstring"
]

/**
 * Endings of a normalised key name that are redacted by default, so that
 * `dbPassword` and `refresh_token` are covered too.
 *
 * @category defaults
 * @since 0.1.0
 */
export const defaultSuffixes: ReadonlyArray<string> = [
  "password",
  "passwd",
  "passphrase",
  "token",
  "secret",
  "apikey",
  "privatekey",
  "secretkey",
  "accesskey",
  "credentials",
  "connectionstring",
  "authorization",
  "cookie"
]

/** Where Node's HTTP messages keep the text of all their headers. Only this spelling: `header` alone is no secret. */
const rawHeaderText = "_header"
const rememberedKeys = 4096
const longestKey = 128

/**
 * Creates a redactor.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options?: Options): LogRedactor => {
  const listed = new Set((options?.defaults ?? true) ? defaultKeys : [])
  const exact = (options?.defaults ?? true) ? rawHeaderText : undefined
  const suffixes = (options?.defaults ?? true) ? defaultSuffixes : []
  for (const key of options?.keys ?? []) {
    listed.add(normalise(key))
  }
  const allowed = new Set((options?.allow ?? []).map(normalise))
  const own = options?.isSensitive
  const remembered = new Map<string, boolean>()

  const decide = (key: string): boolean => {
    const name = normalise(key)
    if (allowed.has(name)) return false
    return listed.has(name) || key === exact || suffixes.some((suffix) => name.endsWith(suffix)) ||
      (own?.(key) ?? false)
  }

  return {
    marker: options?.marker ?? "<redacted>",
    isSensitive(key) {
      const known = remembered.get(key)
      if (known !== undefined) return known
      const answer = decide(key)
      if (remembered.size >= rememberedKeys) remembered.clear()
      if (key.length <= longestKey) remembered.set(key, answer)
      return answer
    }
  }
}

/**
 * A redactor that redacts nothing but `Redacted` and `Redactable` values.
 *
 * @category constructors
 * @since 0.1.0
 */
export const none: LogRedactor = { isSensitive: () => false, marker: "<redacted>" }

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const normalise = (key: string): string => key.toLowerCase().replaceAll(/[-_.\s]/g, "")
