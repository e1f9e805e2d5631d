/** What a request of Effect's HTTP server is to access records, whatever server it comes from. */
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import type { Requested } from "../access/AccessRules.ts"
import type { HeaderOf } from "../access/clientAddress.ts"
import { versionOf } from "../access/protocolVersion.ts"
import { http2StreamOf } from "../node/http2Stream.ts"
import { isObject } from "../record/plainData.ts"

/** What of the message of Node's server, or of a web `Request`, is read here. */
type Source = Readonly<Record<string, unknown>>

export const sourceOf = (request: HttpServerRequest): Source => isObject(request.source) ? request.source : {}

/**
 * Whether it is a web `Request`, and no message of Node. A message of Node has a `signal` too from Node 24 on,
 * which is not to be touched: the first to read it has it made, with a listener on the socket for as long as that lives.
 */
export const isWebRequest = (source: Source): boolean =>
  source["httpVersionMajor"] === undefined && isObject(source["signal"])

export const requestedOf = (request: HttpServerRequest): Requested => {
  const source = sourceOf(request)
  return {
    method: request.method,
    target: request.url,
    scheme: request.protocol ?? schemeOf(source),
    protocolVersion: versionOf(source["httpVersion"]),
    peer: Option.getOrUndefined(request.peerAddress),
    header: headerOf(request, source)
  }
}

/**
 * Effect copies all headers of a message when it is first asked for them, which many handlers never do. Only
 * a request that a middleware has changed, or whose head is made anew (HTTP/2, a whole URL as the target),
 * has other headers than its message.
 */
const headerOf = (request: HttpServerRequest, source: Source): HeaderOf => {
  const { headers } = source
  const isAsItCame = "headersOverride" in request && request.headersOverride === undefined &&
    source["httpVersionMajor"] === 1 && isObject(headers)
  if (!isAsItCame) return (name) => request.headers[name]
  return (name) => {
    const value = headers[name]
    return typeof value === "string" ? value : undefined
  }
}

const schemeOf = (source: Source): string | undefined => {
  const { socket, url } = source
  if (isObject(socket)) return socket["encrypted"] === true ? "https" : "http"
  if (!isWebRequest(source) || typeof url !== "string") return undefined
  const end = url.indexOf("://")
  return end === -1 ? undefined : url.slice(0, end)
}

/** What a server shows of the connection when a request is over. */
export interface Sent {
  /** The status that went out, where it shows that. */
  readonly status: number | undefined
  /** Whether the client has gone before it had the whole response. */
  readonly isGone: boolean
  /** Whether the response has failed in its middle. */
  readonly isBroken: boolean
}

/**
 * Node's server knows what was sent, whatever became of the response on its way. A web
 * request knows only whether it is still waited for.
 */
export const sentBy = (request: HttpServerRequest): Sent => {
  const source = sourceOf(request)
  if (isWebRequest(source)) {
    const { signal } = source
    return { status: undefined, isGone: isObject(signal) && signal["aborted"] === true, isBroken: false }
  }
  const shown: Source = isObject(request) ? request : {}
  const upgraded = statusIn(shown["upgradedResponse"], "status")
  const { response } = shown
  if (upgraded !== undefined || !isObject(response)) return { status: upgraded, isGone: false, isBroken: false }
  const sent = response["headersSent"] === true ? statusIn(response, "statusCode") : undefined
  const stream = http2StreamOf(response)
  if (stream !== undefined) {
    const isCut = stream.isClosed && !stream.isWhole
    return { status: sent, isGone: isCut && stream.isLeft, isBroken: isCut && !stream.isLeft }
  }
  const isBroken = response["errored"] !== undefined && response["errored"] !== null
  return {
    status: sent,
    isGone: !isBroken && response["writableFinished"] !== true &&
      (isDestroyed(response) || isDestroyed(source["socket"])),
    isBroken
  }
}

const isDestroyed = (stream: unknown): boolean => isObject(stream) && stream["destroyed"] === true

const statusIn = (response: unknown, name: string): number | undefined => {
  const status = isObject(response) ? response[name] : undefined
  return typeof status === "number" ? status : undefined
}
