import { redactUrl } from "../rules/redact/redactUrl.ts"
import { isSecret, isSecretParameter } from "../rules/redact/secretNames.ts"

/** What of a request target a record may say. */
export interface RequestTarget {
  /** Without query, fragment, and without the origin that a proxy is sent (RFC 9112 §3.2.2). */
  readonly path: string
  /** Without `?`, and with the values hidden that stand under names of secrets; none where there is no `?`. */
  readonly query: string | undefined
}

/** Takes a request target apart, whatever it is: nothing is decoded, and nothing thrown. */
export const requestTargetOf = (target: string, withQuery = false): RequestTarget => {
  const local = withoutOrigin(target)
  const fragment = local.indexOf("#")
  const whole = fragment === -1 ? local : local.slice(0, fragment)
  const mark = whole.indexOf("?")
  if (mark === -1) return { path: whole, query: undefined }
  return { path: whole.slice(0, mark), query: withQuery ? queryOf(whole.slice(mark)) : undefined }
}

const queryOf = (fromMark: string): string => {
  try {
    return redactUrl(fromMark, isSensitive).slice(1)
  } catch {
    return "redacted"
  }
}

const isSensitive = (name: string): boolean => isSecret(name) || isSecretParameter(name)

/** The path of a target in absolute form, whose origin may have credentials; every other target as it is. */
const withoutOrigin = (target: string): string => {
  if (target.charCodeAt(0) === slash) return target
  const scheme = target.indexOf("://")
  if (scheme === -1) return target
  const start = startOfPath(target, scheme + 3)
  const local = target.slice(start)
  return local.charCodeAt(0) === slash ? local : `/${local}`
}

const slash = 0x2f

const startOfPath = (target: string, from: number): number => {
  for (let i = from; i < target.length; i++) {
    const char = target.charAt(i)
    if (char === "/" || char === "?" || char === "#") return i
  }
  return target.length
}
