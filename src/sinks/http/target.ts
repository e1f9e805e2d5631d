import * as Redacted from "effect/Redacted"
import { type Check, type Checks, type Problem, required, satisfies } from "../../options/check.ts"
import { shown } from "../../options/shown.ts"
import { isObject } from "../../record/plainData.ts"

/** Where a sink sends to, as a program says it. */
export interface TargetOptions {
  readonly url: string | URL | Redacted.Redacted
  readonly headers?: HeadersInput | undefined
}

/** Headers of a request, of which some are secrets. */
export type HeadersInput = Readonly<Record<string, string | Redacted.Redacted>>

/** Where a sink sends to. All of it but the host may be a secret. */
export interface Target {
  readonly url: Redacted.Redacted
  readonly headers: Redacted.Redacted<Readonly<Record<string, string>>>
  /** The host and its port: what an error names. */
  readonly host: string
}

/** A secret as it is. */
export const plain = (value: unknown): unknown => Redacted.isRedacted(value) ? Redacted.value(value) : value

const urlOf = (value: unknown): URL | undefined => {
  const text = plain(value)
  if (text instanceof URL) return text
  return typeof text === "string" ? URL.parse(text) ?? undefined : undefined
}

export const urlCheck: Check = {
  expected: "a URL with http: or https:",
  read(value) {
    const url = urlOf(value)
    return url !== undefined && /^https?:$/.test(url.protocol) ? { value: Redacted.make(url.href) } : undefined
  },
  // Any other part of it may be a secret.
  got(value) {
    const url = urlOf(value)
    if (url !== undefined) return `one with ${shown(url.protocol)}`
    return typeof value === "string" && value !== "" ? "a text that is none" : shown(value)
  }
}

/** What a header may be named (RFC 9110 §5.1). */
const isName = (value: unknown): value is string => typeof value === "string" && /^[!#$%&'*+.^_`|~\w-]+$/.test(value)

/** What a header may hold (§5.5): nothing that would end it. */
const isValue = (value: unknown): value is string =>
  typeof value === "string" && value.trim() !== "" && !/[^\t\u0020-\u007e\u0080-\u00ff]/.test(value)

/** Names of headers that the client writes itself. */
const ofClient = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade"
])

/** Whether the client, or the sink for it, writes a header of this name. */
export const isOfClient = (name: string): boolean => ofClient.has(name.toLowerCase())

const isOwn = (value: unknown): boolean => isName(value) && !isOfClient(value)

export const headerNameCheck = satisfies("the name of a header that the sink and its client do not write", isOwn)

export const headerValueCheck = satisfies("a text that a header can hold", isValue)

const isCredential = (value: unknown): boolean =>
  Redacted.isRedacted(value) && headerValueCheck.read(Redacted.value(value)) !== undefined

/** A secret that goes into a header. Whatever is wrong with it, nothing of it is shown. */
export const credentialCheck: Check = satisfies(
  "a Redacted of a text that a header can hold",
  isCredential,
  (value) => typeof value === "string" ? "a text; put it into Redacted.make" : shown(value)
)

/** What a header has that says who it is by a token (RFC 6750 §2.1). */
export const bearer = (token: Redacted.Redacted): Redacted.Redacted => Redacted.make(`Bearer ${Redacted.value(token)}`)

export const headersCheck: Check = {
  expected: "an object of headers, each a text or a Redacted of one",
  read(value) {
    if (!isObject(value) || Array.isArray(value) || Redacted.isRedacted(value)) return undefined
    const problems: Array<Problem> = []
    for (const [name, given] of Object.entries(value)) {
      if (!isOwn(name)) problems.push({ at: "", text: `must have ${headerNameCheck.expected}, got ${shown(name)}` })
      else if (!isValue(plain(given))) {
        // The value may be a secret.
        problems.push({ at: `.${name}`, text: "must be a text that a header can hold, or a Redacted of one" })
      }
    }
    return problems.length === 0 ? { value } : { problems }
  }
}

export const targetChecks: Checks<TargetOptions> = { url: required(urlCheck), headers: headersCheck }

/**
 * Where to send, from options that were checked: with a path behind that of the URL, with parameters, and with headers that
 * give way to those of the program. The credentials of the URL are those of Basic authentication.
 */
export const targetOf = (
  { headers = {}, url: given }: TargetOptions,
  more: {
    readonly path?: string | undefined
    readonly parameters?: Readonly<Record<string, string>> | undefined
    readonly headers?: HeadersInput | undefined
  } = {}
): Target => {
  const url = new URL(String(plain(given)))
  const all: Record<string, string> = {}
  const { password, username } = url
  if (username !== "" || password !== "") {
    all["authorization"] = basic(decoded(username), decoded(password))
    url.username = ""
    url.password = ""
  }
  if (more.path !== undefined) url.pathname = `${url.pathname.replace(/\/+$/, "")}/${more.path}`
  for (const [name, value] of Object.entries(more.parameters ?? {})) url.searchParams.set(name, value)
  url.hash = ""
  for (const [name, value] of [...Object.entries(more.headers ?? {}), ...Object.entries(headers)]) {
    all[name.toLowerCase()] = String(plain(value))
  }
  return { url: Redacted.make(url.href), headers: Redacted.make(all), host: url.host }
}

/** The credentials of Basic authentication (RFC 7617, in UTF-8). */
export const basic = (username: string, password: string): string => `Basic ${base64(`${username}:${password}`)}`

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
