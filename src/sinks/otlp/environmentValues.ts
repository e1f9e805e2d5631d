/** How the values of OpenTelemetry's variables are read. */
import { expectedPairs, pairsIn } from "../../options/pairs.ts"
import { shown } from "../../options/shown.ts"
import { shortened } from "../../record/text.ts"
import { withoutCredentials } from "../../rules/redact/withoutCredentials.ts"
import { isOfClient } from "../http/target.ts"

/** The value of a text that is not blank, or what was expected in its place and what is there, as it may be shown. */
export type Parse<A> = (text: string) => { readonly value: A } | { readonly expected: string; readonly got: string }

const longestShown = 100

const bad = (expected: string, text: string) => ({
  expected,
  got: shown(shortened(withoutCredentials(text), longestShown))
})

export const text: Parse<string> = (text) => ({ value: text })

/** True is `true` alone, in any case; anything else is false. */
export const flag: Parse<boolean> = (text) => {
  const value = text.toLowerCase()
  return value === "true" || value === "false" ? { value: value === "true" } : bad("true or false", text)
}

export const wholeNumber = (least: number): Parse<number> => (text) => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) && value >= least ? { value } : bad(`a whole number of at least ${least}`, text)
}

/** Milliseconds, of which 0 means that there is no bound. */
export const timeout: Parse<number> = (text) => {
  const parsed = wholeNumber(0)(text)
  return "value" in parsed && parsed.value === 0 ? { value: Infinity } : parsed
}

export const oneOf = <A>(values: Readonly<Record<string, A>>): Parse<A> => (text) => {
  const value = Object.hasOwn(values, text.toLowerCase()) ? values[text.toLowerCase()] : undefined
  return value === undefined ? bad(`one of ${Object.keys(values).join(", ")}`, text) : { value }
}

const knownExporters = ["otlp", "otlp/stdout", "console", "logging", "none"]

/** The exporters of a list that are known to anybody. */
export const exporters: Parse<ReadonlyArray<string>> = (text) => {
  const value = text.toLowerCase().split(",").map((name) => name.trim()).filter((name) => knownExporters.includes(name))
  return value.length > 0 ? { value } : bad(`some of ${knownExporters.join(", ")}`, text)
}

/** An endpoint that is taken as it is. */
export const endpoint: Parse<string> = (text) => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol)
    ? { value: url.href }
    : bad("a URL with http: or https:", shownEndpoint(text))
}

const noScheme = "none://"

/** Without its scheme a URL has credentials all the same. */
const shownEndpoint = (text: string): string =>
  text.includes("://") ? text : withoutCredentials(noScheme + text).slice(noScheme.length)

/** One that the path of logs is put behind. */
export const baseEndpoint: Parse<string> = (text) => {
  const parsed = endpoint(text)
  if (!("value" in parsed)) return parsed
  const url = new URL(parsed.value)
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/logs`
  return { value: url.href }
}

/** `name=value` pairs with commas between them, percent-encoded (W3C Baggage without properties). One that is none makes all of them void. */
export const pairs: Parse<Readonly<Record<string, string>>> = (text) => {
  const found = pairsIn(text)
  return found === undefined ? bad(expectedPairs, text) : { value: found }
}

const asIs = (name: string): string => name

/**
 * The same, whose values may be secrets, and whose names are as they are (W3C Baggage, `key`). Headers that the client
 * writes are left to it.
 */
export const headers: Parse<Readonly<Record<string, string>>> = (text) => {
  const found = pairsIn(text, asIs)
  const isSent = found !== undefined &&
    Object.entries(found).every(([name, value]) => headerName.test(name) && headerValue.test(value))
  return isSent
    ? { value: Object.fromEntries(Object.entries(found).filter(([name]) => !isOfClient(name))) }
    : { expected: expectedPairs, got: "something else" }
}

/** RFC 9110 §5.1 and §5.5. */
const headerName = /^[!#$%&'*+.^_`|~\w-]+$/
const headerValue = /^[\t\u0020-\u007e\u0080-\u00ff]*[^\s][\t\u0020-\u007e\u0080-\u00ff]*$/

/** What is said of the connection is a matter of the `HttpClient` of the program. */
export const ofClient: Parse<never> = () => ({
  expected: "nothing, since certificates are given to the HttpClient of the program",
  got: "a path"
})
