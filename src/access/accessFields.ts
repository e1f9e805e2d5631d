import * as names from "./names.ts"
import { clientClosedRequest, type Ended, errorTypeOf } from "./outcome.ts"
import type { RequestTarget } from "./requestTarget.ts"

/** What is known of a request when it comes. What is `undefined` is left out of the record. */
export interface Arrival {
  readonly method: string
  readonly target: RequestTarget
  /** `"http"` or `"https"`. */
  readonly scheme: string | undefined
  /** Like `"1.1"` or `"2"`. */
  readonly protocolVersion: string | undefined
  readonly clientAddress: string | undefined
  /** The address of the socket, where that is not the client's. */
  readonly peerAddress: string | undefined
  /** The host that was asked for. */
  readonly serverAddress: string | undefined
  readonly userAgent: string | undefined
}

/** What is known of it at its end. */
export interface Ending {
  readonly ended: Ended
  /** The pattern of the route, never the path itself. */
  readonly route: string | undefined
  /** The status that was sent; none where no response began. */
  readonly status: number | undefined
  /** Bytes of the bodies, as they went through the server. */
  readonly requestBytes: number | undefined
  readonly responseBytes: number | undefined
  readonly error: unknown
}

type Fields = Readonly<Record<string, unknown>>

/** RFC 9110 §9.3, RFC 5789 and QUERY, the methods that the conventions know. */
const methods: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
  "QUERY"
])

const longestText = 1024

/** What a client may make long, cut. */
export const bounded = <A extends string | undefined>(text: A): A | string =>
  text !== undefined && text.length > longestText ? text.slice(0, longestText) : text

/** The fields of a request that it has from its beginning on. */
export const arrivalFields = (arrival: Arrival): Fields => {
  const { method, target } = arrival
  const isKnown = methods.has(method)
  const fields: Record<string, unknown> = {}
  put(fields, names.method, isKnown ? method : "_OTHER")
  put(fields, names.methodOriginal, isKnown ? undefined : bounded(method))
  put(fields, names.path, bounded(target.path))
  put(fields, names.query, bounded(target.query))
  put(fields, names.scheme, arrival.scheme)
  put(fields, names.protocolVersion, arrival.protocolVersion)
  put(fields, names.clientAddress, arrival.clientAddress)
  put(fields, names.peerAddress, arrival.peerAddress)
  put(fields, names.serverAddress, bounded(arrival.serverAddress))
  put(fields, names.userAgent, bounded(arrival.userAgent))
  return fields
}

/** Those it has at its end. The error itself is the record's, and not among them. */
export const endingFields = (ending: Ending): Fields => {
  const { ended, status } = ending
  const fields: Record<string, unknown> = {}
  put(fields, names.route, bounded(ending.route))
  put(fields, names.status, statusOf(ending))
  put(fields, names.sentStatus, ended === "client-gone" ? status : undefined)
  put(fields, names.requestBytes, ending.requestBytes)
  put(fields, names.responseBytes, ending.responseBytes)
  put(fields, names.errorType, errorTypeOf(ended, status, ending.error))
  return fields
}

/** The status of a record: what was sent, or 499 where nobody was there any more to have it. */
export const statusOf = ({ ended, status }: Ending): number | undefined =>
  ended === "client-gone" ? clientClosedRequest : status

const put = (fields: Record<string, unknown>, name: string, value: unknown): void => {
  if (value !== undefined) fields[name] = value
}
