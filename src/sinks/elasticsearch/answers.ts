/**
 * What an answer to a bulk request means (Elasticsearch 9, "Bulk index or delete documents"; OpenSearch 3, "Bulk").
 *
 * | answer | means |
 * | --- | --- |
 * | 2xx that tells of each document | what it says of each: `verdicts` |
 * | 2xx that is longer than what is read of it | the same of the first ones, and nothing of the others |
 * | any other 2xx | nothing: all are sent again, and those that are there are known by their ids |
 * | 4xx with an error about where documents go or about the request, or with none; 406 | somebody must change something |
 * | any other | what its status means |
 */
import type { LogRecord } from "../../LogRecord.ts"
import * as LogSink from "../../LogSink.ts"
import { plural } from "../../record/text.ts"
import { type Answer, retryAfterOf } from "../http/answer.ts"
import { errorOf as errorByStatus, type Statuses } from "../http/statuses.ts"
import { type Item, itemsOf, typeOf } from "./items.ts"
import { errorsOf, reasonOf } from "./reasons.ts"
import { isAboutPlace, mayBeStored, verdictOf } from "./verdicts.ts"

/** What a write fails with that was answered so, and nothing where all is stored. */
export const errorOf = (
  answer: Answer,
  batch: ReadonlyArray<LogRecord>,
  host: string
): LogSink.SinkError | undefined => {
  const { status } = answer
  if (status < 200 || status >= 300) return errorOfWhole(answer, host)
  const items = itemsOf(answer, batch.length)
  if (items === undefined) {
    return LogSink.unavailable(`${host} answered ${status} with what does not tell of each record`, { ambiguous: true })
  }
  return errorOfItems(items, host, answer)
}

const errorOfItems = (items: ReadonlyArray<Item>, host: string, answer: Answer): LogSink.SinkError | undefined => {
  const verdicts = items.map(verdictOf)
  const left = items.filter((_, i) => verdicts[i] !== "stored")
  if (left.length === 0) return undefined
  const what = errorsOf(left)
  const again = [...verdicts.keys()].filter((i) => verdicts[i] === "again" || verdicts[i] === "held")
  const ambiguous = again.some((i) => mayBeStored(items[i]!))
  // Nothing is settled before somebody has changed something.
  if (verdicts.includes("held") && again.length === items.length && !ambiguous) {
    return LogSink.misconfigured(`${host} takes no records (${what})`)
  }
  const refused = items.flatMap((item, record) =>
    verdicts[record] === "refused" ? [{ record, message: reasonOf(item) }] : []
  )
  const count = items.length
  return LogSink.perRecord(`${host} did not store ${left.length} of ${count} ${plural(count, "record")} (${what})`, {
    refused,
    again,
    retryAfter: retryAfterOf(answer),
    ambiguous
  })
}

const statuses: Statuses = { 406: "misconfigured" }

/** Errors that are about a request, and not about one of its documents: a parameter or a header that the server does not know. */
const aboutRequest = new Set(["illegal_argument_exception", "media_type_header_exception"])

/** Who refuses a request without an error of its own is no Elasticsearch, and has not looked at the documents. */
const errorOfWhole = (answer: Answer, host: string): LogSink.SinkError | undefined => {
  const error = errorByStatus(answer, host, statuses)
  const type = answer.status < 500 ? typeOf(answer) : undefined
  const isRejected = error?.reason._tag === "Rejected"
  if (type === undefined) return isRejected ? LogSink.misconfigured(error.message) : error
  return isAboutPlace(type) || (isRejected && aboutRequest.has(type))
    ? LogSink.misconfigured(`${host} takes no records (${type})`)
    : error
}
