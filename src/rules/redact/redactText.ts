import { hidden, redactUrlsIn } from "./redactUrl.ts"

/** Which names stand for secrets, anywhere and in a URL. */
export interface Names {
  readonly isSensitive: (name: string) => boolean
  readonly isSensitiveParameter: (name: string) => boolean
}

/** A text that comes behind a scheme of authorization and is no word. */
const bearer = /\b(bearer\s+|authorization["']?\s*[:=]\s*["']?\w+\s+)(?=[^\s\d]*\d)[\w.~+/=-]+/gi
const mayBeBearer = /bearer|authorization/i

/**
 * Hides what running text gives away, mostly the message of an error: secrets in
 * its URLs, values of settings whose names are sensitive (`password=…`, as in the
 * connection strings that drivers quote), and what stands behind `Bearer`. Linear,
 * and the text itself where there is nothing to hide.
 */
export const redactText = (text: string, { isSensitive, isSensitiveParameter }: Names): string => {
  const hasSettings = text.includes("=")
  // Without either, no URL gives anything away, and those of stacks are many.
  const withoutUrls = hasSettings || text.includes("@") ? redactUrlsIn(text, isSensitiveParameter) : text
  const withoutSettings = hasSettings ? redactSettings(withoutUrls, isSensitive) : withoutUrls
  return mayBeBearer.test(withoutSettings) && isSensitive("bearer")
    ? withoutSettings.replaceAll(bearer, `$1${hidden}`)
    : withoutSettings
}

const redactSettings = (text: string, isSensitive: (name: string) => boolean): string => {
  let out = ""
  let copied = 0
  for (let equals = text.indexOf("="); equals !== -1; equals = text.indexOf("=", equals + 1)) {
    let start = equals
    while (start > copied && equals - start < longestName && isOfName(text.charCodeAt(start - 1))) start--
    if (start === equals || !isSensitive(text.slice(start, equals))) continue
    const end = endOfValue(text, equals + 1)
    if (end === equals + 1) continue
    out += text.slice(copied, equals + 1) + hidden
    copied = end
    equals = end - 1
  }
  return copied === 0 ? text : out + text.slice(copied)
}

const longestName = 64

/** Letters, digits, `_`, `-` and `.`. */
const isOfName = (code: number): boolean =>
  code >= 0x61 && code <= 0x7a || code >= 0x41 && code <= 0x5a || code >= 0x30 && code <= 0x39 || code === 0x5f ||
  code === 0x2d || code === 0x2e

const quotes = new Set(["'", "\"", "`"])
const endsOfValues = new Set([" ", "\t", "\n", "\r", "&", ";", ",", ")", ">", "}", "'", "\"", "`"])

const endOfValue = (text: string, from: number): number => {
  const first = text.charAt(from)
  if (quotes.has(first)) {
    const close = text.indexOf(first, from + 1)
    return close === -1 ? text.length : close + 1
  }
  let end = from
  while (end < text.length && !endsOfValues.has(text.charAt(end))) end++
  return end
}
