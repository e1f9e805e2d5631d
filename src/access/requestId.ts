import { randomId } from "../node/randomId.ts"
import { unawaited } from "../options/unawaited.ts"

/** The header that a request id is taken from and answered in, unless an option says otherwise. */
export const requestIdHeader = "x-request-id"

const longest = 128

/**
 * The request id that a header has, when that is one: up to 128 letters, digits and
 * `. _ - : / + = @ ~`, as UUIDs, ULIDs, base64 and the ids of proxies are made of. Two
 * headers, blanks, quotes, line ends and control characters make none, so that whoever
 * calls cannot write into logs or headers what he likes.
 */
export const requestIdIn = (header: unknown): string | undefined => {
  if (typeof header !== "string" || header.length === 0 || header.length > longest) return undefined
  for (let i = 0; i < header.length; i++) {
    if (!isOfId(header.charCodeAt(i))) return undefined
  }
  return header
}

/** The id of a request: the one that comes with it, or a new one. */
export const requestIdOf = (header: unknown, make?: () => string): string =>
  requestIdIn(header) ?? (make && requestIdIn(made(make))) ?? randomId()

/** What the program makes is looked at like what comes from outside. */
const made = (make: () => unknown): unknown => {
  try {
    return unawaited(make())
  } catch {
    return undefined
  }
}

const isOfId = (code: number): boolean =>
  // Digits with `-./` before and `:` behind them, `@` with capitals, small letters.
  (code >= 0x2d && code <= 0x3a) || (code >= 0x40 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) ||
  code === 0x5f || code === 0x2b || code === 0x3d || code === 0x7e
