/**
 * What an answer means (OTLP 1.11, "OTLP/HTTP Response").
 *
 * | status | means |
 * | --- | --- |
 * | 2xx | delivered; of a partial success so many records are refused, and nothing is ever sent again |
 * | 429, 502, 503, 504 | tried again, not before `Retry-After` |
 * | 413 | sent again in parts |
 * | 401, 403, 404, 3xx | somebody must change something |
 * | anything else | refused, and never sent again as it is |
 */
import { visible } from "../../encode/escapes.ts"
import type { LogRecord } from "../../LogRecord.ts"
import * as LogSink from "../../LogSink.ts"
import { shortened } from "../../record/text.ts"
import { type Answer, partlyRefused } from "../http/answer.ts"
import { errorOf as errorByStatus, type Meaning, type Statuses } from "../http/statuses.ts"
import { partialSuccessOf } from "./partialSuccess.ts"

const longestMessage = 256

const meanings: ReadonlyMap<number, Meaning> = new Map([
  [401, "misconfigured"],
  [403, "misconfigured"],
  [404, "misconfigured"],
  [413, "tooLarge"],
  [429, "unavailable"],
  [502, "unavailable"],
  [503, "unavailable"],
  [504, "unavailable"]
])

const statuses: Statuses = Object.fromEntries(
  Array.from({ length: 200 }, (_, i): [number, Meaning] => [400 + i, meanings.get(400 + i) ?? "rejected"])
)

/** What a write fails with that was answered so, and nothing where all is delivered without a word. */
export const errorOf = (
  answer: Answer,
  batch: ReadonlyArray<LogRecord>,
  host: string,
  isJson: boolean
): LogSink.SinkError | undefined => {
  if (answer.status < 200 || answer.status >= 300) return errorByStatus(answer, host, statuses)
  const { message, rejected } = partialSuccessOf(answer, isJson)
  const said = visible(shortened(message, longestMessage))
  if (rejected > 0) return partlyRefused(host, rejected, batch.length, said)
  return said === "" ? undefined : LogSink.rejected(`${host} has taken all records and says: ${said}`, { count: 0 })
}
