/**
 * What an answer of Loki means (`docs/sources/operations/request-validation-rate-limits`, `pkg/distributor`,
 * `pkg/ingester/stream.go`). What is not here means what its status does.
 *
 * | answer | stored | means |
 * | --- | --- | --- |
 * | 400 with a number of entries | all others | so many are refused, nothing is sent again |
 * | 400 about streams, or with more than one sentence that is not known | the other streams | nobody knows how many are refused: it may be all |
 * | 400 about what Loki or the program is set to, for all records | nothing | somebody must change something |
 * | 400 about the request, and any other | nothing | refused: the lane finds the record that is at fault |
 * | 429 for the tenant | nothing | tried again, in parts where it is more than the tenant may send in a second |
 * | 2xx with a page of HTML | nothing | somebody must change something |
 * | 429 for a stream | maybe some | tried again, and may be there twice |
 * | 429 for the number of streams | maybe some | the same, but not for ever |
 * | 260, or any status with "ingestion blocked" | nothing | all are refused |
 * | 413, or a request that is too large | nothing | sent again in parts |
 */
import type { LogRecord } from "../../LogRecord.ts"
import * as LogSink from "../../LogSink.ts"
import { type Answer, retryAfterOf } from "../http/answer.ts"
import { errorOf as errorByStatus } from "../http/statuses.ts"
import {
  blocked,
  missingLabels,
  noTenant,
  rateAndSize,
  rateLimit,
  type Reason,
  streamLimit,
  streamRateLimit,
  tooLarge
} from "./reasons.ts"
import { refusalsIn } from "./refusals.ts"
import type { StreamLimit } from "./StreamLimit.ts"

type Batch = ReadonlyArray<LogRecord>

/** What is known of a Loki, and of what is sent there. */
export interface Sent {
  readonly host: string
  readonly limit: StreamLimit
  /** The names of labels that some streams have and others have not. */
  readonly someLabels: ReadonlySet<string>
}

/** The status by which an operator lets nothing in, unless another is configured. */
const noEntry = 260

/** What is quoted is a text of the program, which may say what Loki does. What is cut ends nowhere. */
const quoted = /"(?:[^"\\]|\\[^])*(?:"|\\?$)/g

/** What a write fails with that was answered so, and nothing where all is delivered. */
export const errorOf = (answer: Answer, batch: Batch, sent: Sent): LogSink.SinkError | undefined => {
  const { host, limit } = sent
  const { status } = answer
  const said = answer.body.trimStart().replaceAll(quoted, "")
  if (status === noEntry || (status >= 400 && said.search(blocked.words) === 0)) {
    return LogSink.rejected(sentence(host, status, blocked), { records: batch.map((_, position) => position) })
  }
  if ((status === 400 || status >= 500) && tooLarge.test(said)) return LogSink.tooLarge(`${host} answered ${status}`)
  if (status === 401 && said.search(noTenant.words) === 0) {
    return LogSink.misconfigured(sentence(host, status, noTenant))
  }
  if (status === 400) return ofBadRequest(answer, said, batch, sent)
  if (status === 429) return ofTooMany(answer, said, batch, sent)
  const error = errorByStatus(answer, host)
  if (error !== undefined) return error
  if (answer.body !== "" && answer.headers["content-type"]?.startsWith("text/html") === true) {
    return LogSink.misconfigured(`${host} answered ${status} with a page of HTML, which is no answer of Loki`)
  }
  limit.stored()
  return undefined
}

const sentence = (host: string, status: number, ...reasons: ReadonlyArray<Pick<Reason, "name">>): string =>
  reasons.length === 0
    ? `${host} answered ${status}`
    : `${host} answered ${status} (${reasons.map(({ name }) => name).join(", ")})`

const ofBadRequest = (
  answer: Answer,
  said: string,
  batch: Batch,
  { host, limit, someLabels }: Sent
): LogSink.SinkError | undefined => {
  const { count, isPartial, reasons } = refusalsIn(said)
  if (reasons.length === 0 && !isPartial) return errorByStatus(answer, host)
  const message = sentence(host, answer.status, ...reasons)
  const isNothingStored = count >= batch.length ||
    reasons.some((reason) =>
      reason.refuses === "everything" || (reason === missingLabels && !isOfSome(said, someLabels))
    )
  if (isNothingStored && reasons.some(({ isSetting }) => isSetting)) return LogSink.misconfigured(message)
  if (!isNothingStored) limit.stored()
  return answer.isCut || Number.isNaN(count) ? ofUnknown(message, batch) : LogSink.rejected(message, { count })
}

/** Whether only labels are missing that other streams may have. */
const isOfSome = (said: string, someLabels: ReadonlySet<string>): boolean => {
  const [, names = ""] = said.match(/missing required labels ([\w,]+)/i) ?? []
  return names.split(",").every((name) => someLabels.has(name))
}

const ofTooMany = (
  answer: Answer,
  said: string,
  batch: Batch,
  { host, limit }: Sent
): LogSink.SinkError | undefined => {
  const retryAfter = retryAfterOf(answer)
  const found = [streamLimit, streamRateLimit, rateLimit].find(({ words }) => words.test(said))
  if (found === undefined) return errorByStatus(answer, host)
  const message = sentence(host, answer.status, found)
  if (found === rateLimit && batch.length > 1 && isMoreThanRate(said)) return LogSink.tooLarge(message)
  if (found === streamLimit && limit.reached() === "refusing") {
    return ofUnknown(`${message} for longer than streamLimitPatience`, batch)
  }
  return LogSink.unavailable(message, { retryAfter, ambiguous: found !== rateLimit })
}

/** Whether Loki would never take as much at once: it is nowhere said how much more than a second's it takes. */
const isMoreThanRate = (said: string): boolean => {
  const [, rate = "", size = ""] = said.match(rateAndSize) ?? []
  return Number(size) > Number(rate)
}

/** Some of a batch is refused, the rest is stored, and nobody knows how many that are. */
const ofUnknown = (message: string, { length }: Batch): LogSink.SinkError =>
  LogSink.rejected(`${message}, and does not say for how many records: all ${length} count as refused`, {
    count: length
  })
