/**
 * What a collector of Splunk answers (“Troubleshoot HTTP Event Collector”, the table of its codes).
 *
 * It reads one event after the other, and stops at the first that it does not take: those before it are stored, and its
 * answer has the number of that one.
 */
import type { LogRecord } from "../../../LogRecord.ts"
import * as LogSink from "../../../LogSink.ts"
import type { Answer } from "../answer.ts"
import { errorOf as errorByStatus, type Meaning, type Statuses } from "../statuses.ts"
import { numberIn } from "./numberIn.ts"

/** What the codes mean that the status, which is 400 with all of them, does not tell. */
const meanings: Readonly<Record<number, Meaning>> = {
  5: "rejected", // no data
  6: "rejected", // invalid data format
  7: "misconfigured", // incorrect index
  10: "misconfigured", // data channel is missing
  11: "misconfigured", // invalid data channel
  12: "rejected", // event field is required
  13: "rejected", // event field cannot be blank
  14: "misconfigured", // acknowledgement is disabled
  15: "rejected", // error in handling indexed fields
  16: "misconfigured" // query string authorization is not enabled
}

export const errorOf = (
  answer: Answer,
  batch: ReadonlyArray<LogRecord>,
  host: string
): LogSink.SinkError | undefined => {
  const code = numberIn(answer, "code")
  const meaning = meanings[code ?? 0]
  const statuses: Statuses = answer.status === 400 && meaning !== undefined ? { 400: meaning } : {}
  const error = errorByStatus(answer, host, statuses)
  if (error === undefined || code === undefined) return error
  const message = `${error.message} with code ${code}`
  const event = numberIn(answer, "invalid-event-number") ?? batch.length
  const reason = event < batch.length ? reasonAt(event, batch.length, message, error.reason) : error.reason
  return new LogSink.SinkError({ message, reason })
}

/** The reason of an error, when it is known which event was the first that was not taken. */
const reasonAt = (event: number, count: number, message: string, reason: LogSink.Reason): LogSink.Reason => {
  switch (reason._tag) {
    case "Unavailable":
      return { ...reason, stored: event }
    case "Rejected":
      return {
        _tag: "PerRecord",
        refused: [{ record: event, message }],
        again: Array.from({ length: count - event - 1 }, (_, i) => event + 1 + i)
      }
    default:
      return reason
  }
}
