/**
 * What the status of an answer means, where a destination has no rules of its own (RFC 9110 §15).
 *
 * | status | means |
 * | --- | --- |
 * | 2xx | `delivered` |
 * | 3xx | `misconfigured`: a redirect is not followed, because it takes the credentials along |
 * | 408, 421, 425, 429, 5xx | `unavailable`: tried again, not before `Retry-After` |
 * | 413 | `tooLarge`: sent again in parts |
 * | 401 to 407 save 406, 410, 411, 414, 415, 426, 431, 451, 501, 505, 511 | `misconfigured`: somebody must change something |
 * | any other 4xx | `rejected`: the lane finds the records that are at fault |
 */
import * as LogSink from "../../LogSink.ts"
import { type Check, type Problem, words } from "../../options/check.ts"
import { shown } from "../../options/shown.ts"
import { isObject } from "../../record/plainData.ts"
import { type Answer, retryAfterOf } from "./answer.ts"

/**
 * What an answer can mean: its lane goes on, tries again, finds the records that are refused, sends them in parts, or keeps
 * them until somebody has changed something.
 *
 * @category models
 * @since 0.1.0
 */
export type Meaning = "delivered" | "unavailable" | "rejected" | "tooLarge" | "misconfigured"

/**
 * What some statuses mean, in place of what they mean else.
 *
 * @category models
 * @since 0.1.0
 */
export type Statuses = Readonly<Record<number, Meaning>>

const meaning = words("delivered", "unavailable", "rejected", "tooLarge", "misconfigured")

export const statusesCheck: Check = {
  expected: `an object of statuses, each from 200 to 599 and ${meaning.expected}`,
  read(value) {
    if (!isObject(value) || Array.isArray(value)) return undefined
    const problems: Array<Problem> = []
    for (const [status, given] of Object.entries(value)) {
      if (!/^[2-5]\d\d$/.test(status)) {
        problems.push({ at: "", text: `must have statuses from 200 to 599, got ${shown(status)}` })
      } else if (meaning.read(given) === undefined) {
        problems.push({ at: `[${status}]`, text: `must be ${meaning.expected}, got ${shown(given)}` })
      }
    }
    return problems.length === 0 ? { value } : { problems }
  }
}

const needsSomebody = new Set([401, 402, 403, 404, 405, 407, 410, 411, 414, 415, 426, 431, 451, 501, 505, 511])
const notNow = new Set([408, 421, 425, 429])

/** What a status means. */
export const meaningOf = (status: number, statuses: Statuses = {}): Meaning => {
  const own = statuses[status]
  if (own !== undefined) return own
  if (status >= 200 && status < 300) return "delivered"
  if (status < 400 || needsSomebody.has(status)) return "misconfigured"
  if (status === 413) return "tooLarge"
  return status >= 500 || notNow.has(status) ? "unavailable" : "rejected"
}

/** What a write fails with that was answered so, and nothing where all is delivered. */
export const errorOf = (answer: Answer, host: string, statuses?: Statuses): LogSink.SinkError | undefined => {
  const { headers, status } = answer
  const message = `${host} answered ${status}`
  switch (meaningOf(status, statuses)) {
    case "delivered":
      return undefined
    case "rejected":
      return LogSink.rejected(message)
    case "tooLarge":
      return LogSink.tooLarge(message)
    case "misconfigured":
      return LogSink.misconfigured(
        status >= 300 && status < 400 ? `${message}, a redirect to ${placeOf(headers["location"], host)}` : message
      )
    case "unavailable":
      return LogSink.unavailable(message, { retryAfter: retryAfterOf(answer), ambiguous: mayHaveStored(status) })
  }
}

/** A server or a gateway that fails may have passed the batch on, save where it says that it takes nothing. */
const mayHaveStored = (status: number): boolean => status >= 500 && status !== 503

/** The host that a redirect points to: its path and its parameters may hold credentials. */
const placeOf = (location: string | undefined, host: string): string => {
  const url = location === undefined ? null : URL.parse(location, `http://${host}`)
  if (url === null) return "no place"
  return url.host === host ? "another path there" : url.host
}
