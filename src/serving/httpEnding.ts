/** How a request of Effect's HTTP server ended, from what was seen of it. */
import * as Cause from "effect/Cause"
import { causeResponseStripped, ClientAbort, isHttpServerError } from "effect/http/HttpServerError"
import { type HttpServerResponse, isHttpServerResponse } from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import type { Ended } from "../access/outcome.ts"
import { type Outcome, outcomeOf } from "../events/outcome.ts"
import { errorOf } from "../events/said.ts"
import { reportable } from "./reporting.ts"

/** What was seen of a request when it is over. */
export interface Seen {
  /** How the handler failed, before a response was chosen for it. */
  readonly handling: Cause.Cause<unknown> | undefined
  /** How a body failed that is a stream. */
  readonly body: Cause.Cause<unknown> | undefined
  /** How sending failed. */
  readonly sending: Cause.Cause<unknown> | undefined
  /** The response as it was handed over. */
  readonly response: HttpServerResponse | undefined
  /** The status that the server says to have sent. */
  readonly sent: number | undefined
  /** Whether the body was a stream that did not come to its end. */
  readonly isCut: boolean
  /** Whether the client has gone, as the server shows it. */
  readonly isGone: boolean
  /** Whether bodies are interrupted by whoever reads them alone, as those of web responses are. */
  readonly isWeb: boolean
}

/** What is made of it. */
export interface Judged {
  readonly ended: Ended
  readonly status: number | undefined
  readonly outcome: Outcome
  /** What the record has as its cause. */
  readonly cause: Cause.Cause<unknown>
  readonly error: unknown
}

export const judged = ({ body, handling, isCut, isGone, isWeb, response, sending, sent }: Seen): Judged => {
  const cause = handling ?? (body !== undefined && !Cause.hasInterruptsOnly(body) ? body : sending ?? body)
  const own = cause === undefined ? undefined : Option.getOrUndefined(causeResponseStripped(cause)[1])
  const failures = own === undefined ? [] : own.reasons.filter((reason) => !Cause.isInterruptReason(reason))
  const error = errorIn(failures[0])
  const replaced = sending === undefined ? undefined : responseIn(sending)
  const isBroken = isCut || (replaced !== undefined && replaced === response)
  // It could not even be begun, and nothing was sent in its place.
  const isUnsent = !isCut && sending !== undefined && failures.length > 0 && (sent ?? replaced) === undefined
  const status = sent ?? (isBroken ? response : replaced ?? response)?.status
  // A response that the server has broken off is destroyed as one is whose client has gone.
  const hasLeft = own === undefined ? isGone : isAbort(own) || (isWeb && isCut)
  if (failures.length === 0 && hasLeft) {
    // What was chosen for a client that has gone, it never saw: only what was begun was sent.
    return {
      ended: "client-gone",
      status: isCut ? status : sent,
      outcome: "interrupted",
      cause: Cause.empty,
      error
    }
  }
  const shown = own === undefined ? Cause.empty : Cause.fromReasons(reportable(own))
  const outcome = own === undefined ? "failure" : outcomeOf(own)
  if (isUnsent) return { ended: "broken-off", status: undefined, outcome, cause: shown, error }
  if (isBroken) return { ended: "broken-off", status, outcome, cause: shown, error }
  if (status === undefined || status < 400) {
    return { ended: "answered", status, outcome: "success", cause: shown, error }
  }
  // What is answered with a status below 500 was meant so, also where Effect has made a defect of it.
  return { ended: "answered", status, outcome: status < 500 ? "failure" : outcome, cause: shown, error }
}

/** The response that Effect's server has put into a cause: the one that was begun, or the one that was sent for it. */
const responseIn = ({ reasons }: Cause.Cause<unknown>): HttpServerResponse | undefined => {
  for (const reason of reasons) {
    if (Cause.isDieReason(reason) && isHttpServerResponse(reason.defect)) return reason.defect
  }
  return undefined
}

const isAbort = ({ reasons }: Cause.Cause<unknown>): boolean =>
  reasons.some((reason) => reason.annotations.has(ClientAbort.key))

/** An error of Effect's server is known by its reason. */
const errorIn = (reason: Cause.Reason<unknown> | undefined): unknown => {
  const error = reason && errorOf(reason)
  return isHttpServerError(error) ? error.reason : error
}
