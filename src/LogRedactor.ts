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
import * as Check from "./options/check.ts"
import { checkOptions } from "./options/checkOptions.ts"
import { unawaited } from "./options/unawaited.ts"
import * as SecretNames from "./rules/redact/secretNames.ts"

/**
 * Decides which keys hold secrets and what stands in their place.
 *
 * @category models
 * @since 0.1.0
 */
export interface LogRedactor {
  /** Whether the value of a key is a secret. */
  readonly isSensitive: (key: string) => boolean
  /** Whether the value of a parameter in the query of a URL is a secret. */
  readonly isSensitiveParameter: (name: string) => boolean
  /** Whether the value of a key is a URL, of which only secrets are hidden. */
  readonly holdsUrl: (key: string) => boolean
  /** What replaces a secret. */
  readonly marker: string
}

/**
 * Options of {@link make}.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * Further key names to redact, whole ones. Capitals, `-`, `_`, `.` and spaces make no
   * difference.
   *
   * @default none
   */
  readonly keys?: ReadonlyArray<string> | undefined
  /**
   * Key names to let through although a rule matches them, compared like `keys`.
   *
   * @default none
   */
  readonly allow?: ReadonlyArray<string> | undefined
  /**
   * A rule of your own, asked once per key name (the answer is remembered) when no list
   * decided. When it throws, the record is replaced by a stub that says so.
   *
   * @default none
   */
  readonly isSensitive?: ((key: string) => boolean) | undefined
  /**
   * What replaces a secret.
   *
   * @default "<redacted>"
   */
  readonly marker?: string | undefined
  /**
   * Whether the lists of `LogRedactor.defaults` are used; `false` starts from empty ones.
   *
   * @default true
   */
  readonly defaults?: boolean | undefined
}

/**
 * The lists that the default rules are made of. A key is read as words: `X-Api-Key`,
 * `api_key` and `apiKey` are one key.
 *
 * @category defaults
 * @since 0.1.0
 */
export const defaults: {
  /** Secrets wherever they stand in a key (`password_hash`). */
  readonly words: ReadonlyArray<string>
  /** The same, of several words (`api key`). */
  readonly phrases: ReadonlyArray<string>
  /** Secrets at the end of a key (`smtpPass`, but not `passRate`), before `carriers` too. */
  readonly lastWords: ReadonlyArray<string>
  /** Secrets that are the whole key. */
  readonly wholeNames: ReadonlyArray<string>
  /** At the end of a key that is then read without it (`authHeader`). */
  readonly carriers: ReadonlyArray<string>
  /** At the end of a key, behind a secret, what says something about it (`tokenCount`). */
  readonly aboutSecrets: ReadonlyArray<string>
  /** At the start of a key, what asks or counts (`hasPassword`). */
  readonly questions: ReadonlyArray<string>
  /** What `token` is no secret behind (`nextPageToken`). */
  readonly harmlessTokens: ReadonlyArray<string>
  /** What `tokens` are no secrets behind (`prompt_tokens`). */
  readonly countedTokens: ReadonlyArray<string>
  /** Keys that end in one hold a URL, of which credentials and secret parameters are hidden. */
  readonly urlWords: ReadonlyArray<string>
  /** Names that are secret in the query of a URL only. */
  readonly parameters: ReadonlyArray<string>
} = {
  words: SecretNames.words,
  phrases: SecretNames.phrases,
  lastWords: SecretNames.lastWords,
  wholeNames: SecretNames.wholeNames,
  carriers: SecretNames.carriers,
  aboutSecrets: SecretNames.aboutSecrets,
  questions: SecretNames.questions,
  harmlessTokens: SecretNames.harmlessTokens,
  countedTokens: SecretNames.countedTokens,
  urlWords: SecretNames.urlWords,
  parameters: SecretNames.parameters
}

/** Where Node's HTTP messages keep the text of all their headers. Only this spelling: `header` alone is no secret. */
const rawHeaderText = "_header"
const rememberedKeys = 4096
const longestKey = 128

/**
 * Creates a redactor. Throws a `RangeError` for an option that is not known or not
 * what it must be.
 *
 * **Example** (Adding a key, letting one through)
 *
 * ```ts
 * import { LogRedactor } from "effect-spillway"
 *
 * const { isSensitive } = LogRedactor.make({ keys: ["iban"], allow: ["csrfToken"] })
 *
 * isSensitive("IBAN") // => true
 * isSensitive("csrf_token") // => false
 * isSensitive("smtpPassword") // => true
 * isSensitive("tokenCount") // => false
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): LogRedactor => {
  const {
    allow = [],
    defaults: byDefault = true,
    isSensitive: own,
    keys = [],
    marker = "<redacted>"
  } = checkOptions("LogRedactor.make", redactorChecks, options)
  const listed = new Set(keys.map(normalise))
  const allowed = new Set(allow.map(normalise))
  const hasLists = listed.size + allowed.size > 0

  const decided = remembered((key) => {
    const name = hasLists ? normalise(key) : ""
    if (allowed.has(name)) return false
    return listed.has(name) || (byDefault && (key === rawHeaderText || SecretNames.isSecret(key))) ||
      (own !== undefined && unawaited(own(key)))
  })

  // Where only our own rules are asked, most names are told from secrets faster than an answer is remembered.
  const isSensitive = hasLists || own !== undefined
    ? decided
    : (key: string) => (key === rawHeaderText || SecretNames.mayBeSecret(key)) && decided(key)

  return {
    marker,
    isSensitive,
    isSensitiveParameter: remembered((name) =>
      isSensitive(name) || (byDefault && SecretNames.isSecretParameter(name) && !allowed.has(normalise(name)))
    ),
    holdsUrl: (key) => byDefault && SecretNames.namesUrl(key)
  }
}

/**
 * A redactor that redacts nothing but `Redacted` and `Redactable` values.
 *
 * @category constructors
 * @since 0.1.0
 */
export const none: LogRedactor = {
  isSensitive: () => false,
  isSensitiveParameter: () => false,
  holdsUrl: () => false,
  marker: "<redacted>"
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/**
 * What the options of a redactor may be.
 *
 * @internal
 */
export const redactorChecks: Check.Checks<Options> = {
  keys: Check.listOf(Check.text),
  allow: Check.listOf(Check.text),
  isSensitive: Check.aSyncFunction,
  marker: Check.anyText,
  defaults: Check.flag
}

const normalise = (key: string): string => key.toLowerCase().replaceAll(/[-_.\s]/g, "")

/** A decision about names, remembered; a flood of new ones is forgotten again. */
const remembered = (decide: (key: string) => boolean): (key: string) => boolean => {
  const answers = new Map<string, boolean>()
  return (key) => {
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = decide(key)
    if (answers.size >= rememberedKeys) answers.clear()
    if (key.length <= longestKey) answers.set(key, answer)
    return answer
  }
}
