/** What becomes of a request that no answer came for. */
import type { ForGood } from "../../contract/SinkError.ts"
import * as LogSink from "../../LogSink.ts"
import { isObject } from "../../record/plainData.ts"

/** How far a request came, and what stopped it. */
export interface Failure {
  readonly kind:
    /** Nothing of it was sent. */
    | "unreached"
    /** Nothing was sent to a server that has no right to have it. */
    | "untrusted"
    /** The other end does not take it like this. */
    | "refused"
    /** It may have arrived. */
    | "broken"
  readonly code: string
}

const unreached = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "EMFILE",
  "ENFILE",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_CLOSED"
])

/** What OpenSSL finds wrong with the certificate of a server, by the names that Node has for it. */
const untrusted =
  /^(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|ERROR_IN_CERT_\w+)$/

/** What a server says that does not trust the certificate of the client, or wants one: in TLS 1.3 it may just hang up. */
const refused = /^ERR_SSL_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|IDENTITY)/

/** TLS that did not come about; any other fault of it may come when a request is on its way. */
const handshake =
  /^ERR_SSL_.*(WRONG_VERSION|PACKET_LENGTH_TOO_LONG|PROTOCOL|NO_SHARED_CIPHER)|^ERR_TLS_(HANDSHAKE|PROTOCOL)/

/** What went wrong before an answer came, from the codes of an error and of its causes. */
export const failureOf = (error: unknown): Failure => {
  const faults = faultsIn(error)
  for (const { code, message, syscall } of faults) {
    if (untrusted.test(code)) return { kind: "untrusted", code }
    if (refused.test(code)) return { kind: "refused", code }
    // The tunnel of a proxy was not built.
    const [, status] = /^Proxy response \((\d+)\)/.exec(message) ?? []
    if (status !== undefined) {
      return { kind: status === "407" ? "refused" : "unreached", code: `proxy answered ${status}` }
    }
    if (unreached.has(code) || handshake.test(code) || syscall === "connect" || syscall === "getaddrinfo") {
      return { kind: "unreached", code }
    }
    if (/before secure TLS connection/.test(message)) return { kind: "unreached", code }
  }
  const coded = faults.find(({ code }) => code !== "")
  return { kind: "broken", code: coded?.code ?? faults.findLast(({ name }) => name !== "")?.name ?? "Error" }
}

/** Whether a connection that was idle may have been closed by the other end before the request came there. */
export const isHangUp = ({ code, kind }: Failure): boolean =>
  kind === "broken" && (code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET")

/** What a write fails with. The words of a client are left out: they quote what was sent, or what came back. */
export const failureError = ({ code, kind }: Failure, host: string): LogSink.SinkError => {
  switch (kind) {
    case "unreached":
      return LogSink.unavailable(`no connection to ${host} (${code})`, { ambiguous: false })
    case "untrusted":
      return LogSink.misconfigured(`the certificate of ${host} ${flawOf(code)} (${code})`)
    case "refused":
      return LogSink.misconfigured(`${host} or its proxy does not let this client in (${code})`)
    case "broken":
      return LogSink.unavailable(`the connection to ${host} broke before the answer (${code})`, { ambiguous: true })
  }
}

/**
 * The same of a batch that was sent before, over a connection that broke, and that may be stored by that. What the answer
 * leaves open is asked once more, since an error of another kind cannot say so.
 */
export const ambiguous = (error: LogSink.SinkError): LogSink.SinkError => {
  const { message, reason } = error
  switch (reason._tag) {
    case "Unavailable":
    case "PerRecord":
      return new LogSink.SinkError({ message, reason: { ...reason, ambiguous: true } })
    case "Rejected":
      return isSettled(reason) ? error : LogSink.unavailable(message, { ambiguous: true })
    default:
      return LogSink.unavailable(message, { ambiguous: true })
  }
}

/** Whether some are refused, the others stored, and none is sent again. */
const isSettled = ({ count, records }: ForGood): boolean => count !== undefined || records !== undefined

const flawOf = (code: string): string => {
  if (code === "CERT_HAS_EXPIRED") return "has expired"
  if (code === "CERT_NOT_YET_VALID") return "is not valid yet"
  return /ALTNAME|HOSTNAME/.test(code) ? "is for another name" : "is not trusted by this client"
}

interface Fault {
  readonly code: string
  readonly name: string
  readonly syscall: string
  readonly message: string
}

/** Causes of causes, and the errors of several addresses that were tried. */
const mostFaults = 16

const faultsIn = (error: unknown): ReadonlyArray<Fault> => {
  const faults: Array<Fault> = []
  const left = [error]
  while (left.length > 0 && faults.length < mostFaults) {
    const next = left.shift()
    if (!isObject(next)) continue
    faults.push({
      code: wordOf(next["code"]),
      name: wordOf(next["name"]),
      syscall: textOf(next["syscall"]),
      message: textOf(next["message"])
    })
    left.push(next["cause"], ...Array.isArray(next["errors"]) ? next["errors"] : [])
  }
  return faults
}

const textOf = (value: unknown): string => typeof value === "string" ? value : ""

/** What is shown of an error: a sentence may quote what was sent. */
const wordOf = (value: unknown): string => {
  const text = textOf(value)
  return /^[\w/]{1,64}$/.test(text) ? text : ""
}
