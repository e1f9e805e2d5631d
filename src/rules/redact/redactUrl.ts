/** Stands for what is hidden in a text. */
export const hidden = "redacted"

/**
 * Hides what a URL gives away: whatever stands before the `@` of its host, and the
 * values of those parameters, of its query and of its fragment, whose names are
 * sensitive. `text` is one URL, whole or without its origin (`/path?a=b`).
 *
 * Linear, and the text itself where there is nothing to hide. `isSensitive` is asked
 * for decoded names, and what it throws goes to the caller.
 */
export const redactUrl = (text: string, isSensitive: (name: string) => boolean): string => {
  const hasCredentials = text.includes("@")
  // Most texts end here: only behind these two does a URL hide anything.
  if (!hasCredentials && !text.includes("=")) return text
  const url = hasCredentials ? withoutCredentials(text) : text
  const { length } = url
  let out = ""
  let copied = 0
  let equals = -1
  for (let start = startOfPart(url, 0) + 1, i = start; i <= length; i++) {
    const code = i < length ? url.charCodeAt(i) : ampersand
    if (code === equalsSign) {
      if (equals === -1) equals = i
    } else if (code === ampersand || code === semicolon || code === questionMark || code === numberSign) {
      if (equals !== -1 && equals < i - 1 && isSensitive(decoded(url.slice(start, equals)))) {
        out += url.slice(copied, equals + 1) + hidden
        copied = i
      }
      start = i + 1
      equals = -1
    }
  }
  return copied === 0 ? url : out + url.slice(copied)
}

const numberSign = 0x23
const ampersand = 0x26
const semicolon = 0x3b
const equalsSign = 0x3d
const questionMark = 0x3f

/** Does the same to every word of a text that may be a URL. */
export const redactUrlsIn = (text: string, isSensitive: (name: string) => boolean): string => {
  let out = ""
  let copied = 0
  let origin = text.indexOf("://")
  let query = text.indexOf("?")
  while (origin !== -1 || query !== -1) {
    const at = origin === -1 || (query !== -1 && query < origin) ? query : origin
    let start = at
    while (start > copied && !isBetweenWords(text.charCodeAt(start - 1))) start--
    let end = at
    while (end < text.length && !isBetweenWords(text.charCodeAt(end))) end++
    const word = text.slice(start, end)
    const url = redactUrl(word, isSensitive)
    if (url !== word) {
      out += text.slice(copied, start) + url
      copied = end
    }
    if (origin !== -1 && origin < end) origin = text.indexOf("://", end)
    if (query !== -1 && query < end) query = text.indexOf("?", end)
  }
  return copied === 0 ? text : out + text.slice(copied)
}

/** White space, quotes, and what URLs are put between in running text. */
const isBetweenWords = (code: number): boolean =>
  code <= 0x20 || code === 0x22 || code === 0x27 || code === 0x60 || code === 0x3c || code === 0x3e

const withoutCredentials = (text: string): string => {
  const scheme = text.indexOf("://")
  const authority = scheme !== -1 ? scheme + 3 : text.startsWith("//") ? 2 : text.length
  const at = endOfCredentials(text, authority)
  return at === -1 ? text : text.slice(0, authority) + hidden + text.slice(at)
}

/**
 * Where the `@` behind the credentials is, or -1. A password with a `/`, `?` or `#`
 * in it makes no valid URL, but such are written: they are known by what follows
 * the `:`, which is no port.
 */
const endOfCredentials = (text: string, authority: number): number => {
  const path = text.indexOf("/", authority)
  const end = Math.min(path === -1 ? text.length : path, startOfPart(text, authority))
  if (end <= authority) return -1
  const at = text.lastIndexOf("@", end - 1)
  if (at >= authority) return at
  const colon = text.indexOf(":", authority)
  if (colon === -1 || colon >= end || text.charAt(authority) === "[") return -1
  for (let i = colon + 1; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x30 || code > 0x39) return text.indexOf("@", end)
  }
  return -1
}

/** Where the query starts, or the fragment, or the text ends. */
const startOfPart = (text: string, from: number): number => {
  const query = text.indexOf("?", from)
  const fragment = text.indexOf("#", from)
  return Math.min(query === -1 ? text.length : query, fragment === -1 ? text.length : fragment)
}

const decoded = (name: string): string => {
  if (!name.includes("%")) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
