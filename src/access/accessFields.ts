import type { SaidFields } from "../record/EventMessage.ts"
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

/** Says the fields of a request that it has from its beginning on. */
export const sayArrival = (to: SaidFields, arrival: Arrival): void => {
  const { method, target } = arrival
  const isKnown = methods.has(method)
  to.say(names.method, isKnown ? method : "_OTHER")
  if (!isKnown) to.say(names.methodOriginal, bounded(method))
  to.say(names.path, bounded(target.path))
  to.say(names.query, bounded(target.query))
  to.say(names.scheme, arrival.scheme)
  to.say(names.protocolVersion, arrival.protocolVersion)
  to.say(names.clientAddress, arrival.clientAddress)
  to.say(names.peerAddress, arrival.peerAddress)
  to.say(names.serverAddress, bounded(arrival.serverAddress))
  to.say(names.userAgent, bounded(arrival.userAgent))
}

/** Says those it has at its end. The error itself is the record's, and not among them. */
export const sayEnding = (to: SaidFields, ending: Ending): void => {
  const { ended, status } = ending
  to.say(names.route, bounded(ending.route))
  to.say(names.status, statusOf(ending))
  if (ended === "client-gone") to.say(names.sentStatus, status)
  to.say(names.requestBytes, ending.requestBytes)
  to.say(names.responseBytes, ending.responseBytes)
  to.say(names.errorType, errorTypeOf(ended, status, ending.error))
}

/** The status of a record: what was sent, or 499 where nobody was there any more to have it. */
export const statusOf = ({ ended, status }: Ending): number | undefined =>
  ended === "client-gone" ? clientClosedRequest : status
