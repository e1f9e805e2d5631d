import * as Duration from "effect/Duration"
import { withCauses } from "../../diagnostics/describe.ts"
import { visible } from "../../encode/escapes.ts"
import type { Outcome } from "../../lane/writeOutcome.ts"
import * as LogSink from "../../LogSink.ts"
import { durationOf } from "../../options/duration.ts"
import { plural, shortened } from "../../record/text.ts"
import { withoutCredentials } from "../../rules/redact/withoutCredentials.ts"
import type { Finding } from "./probe.ts"

/** What is printed of a sink. */
export const reportOf = (finding: Finding): string => {
  const { ahead, endpoint, sink } = finding
  const lines: Array<readonly [string, string | undefined]> = [
    ["endpoint", endpoint],
    ["answer", answerText(finding)],
    ["clock", ahead === undefined ? undefined : clockText(ahead)],
    ["limits", limitsText(finding)]
  ]
  return [
    visible(sink.name),
    ...lines.flatMap(([name, text]) => text === undefined ? [] : [`  ${name.padEnd(8)}  ${visible(text)}`])
  ].join("\n")
}

const answerText = ({ millis, outcome, state, status }: Finding): string => {
  if (outcome === undefined) return "none; all records pass it by, because its level is None"
  const answered = status === undefined ? "" : `${status}, `
  const said = "error" in outcome ? messageOf(outcome.error) : undefined
  return state === "delivered"
    ? `${answered}delivered in ${millis} ms${said === undefined ? "" : `; ${said}`}`
    : `${answered}failed in ${millis} ms: ${said ?? "its write does not end"}; ${remedyOf(outcome)}`
}

const longest = 512

/** Where the record alone was refused, that says more. */
const messageOf = (error: LogSink.SinkError): string => {
  const { message, reason } = error
  const refused = reason._tag === "PerRecord" ? reason.refused?.[0]?.message : undefined
  return shortened(withoutCredentials(refused ?? withCauses(message, error)), longest)
}

const remedyOf = (outcome: Outcome): string =>
  outcome._tag === "Failed" ? remedies[outcome.error.reason._tag] : "mend what it does when it writes"

const remedies: Readonly<Record<LogSink.Reason["_tag"], string>> = {
  Unavailable: "look whether it runs, and can be reached from here",
  Misconfigured: "look at its address and at its credentials",
  Rejected: "look at what it wants of records",
  PerRecord: "look at what it wants of records",
  TooLarge: "have it take larger requests",
  Closed: "look who has closed it"
}

/** Answers say their time to the second, and take some. */
const sameClock = 2000
const minute = 60_000

const clockText = (ahead: number): string => {
  const apart = Math.abs(ahead)
  if (apart <= sameClock) return "that of the server is as ours"
  const unit = apart < 2 * minute ? 1000 : minute
  const difference = Duration.format(Duration.millis(Math.round(apart / unit) * unit))
  return `that of the server is ${difference} ${ahead > 0 ? "ahead of" : "behind"} ours; set the one that is wrong`
}

const limitsText = ({ options, sink }: Finding): string => {
  const { capacity, concurrency, maxBatchBytes, maxBatchSize, maxBytes, retry, writeTimeout } = options
  const most = sink.recordLimit?.maxBytes ?? Infinity
  return [
    `a batch ${countText(maxBatchSize)}, ${sizeText(maxBatchBytes)}`,
    `a record ${most === Infinity ? "of any size" : sizeText(most)}`,
    `${concurrency} ${plural(concurrency, "write")} at a time, each ${timeText(writeTimeout)}`,
    `a queue ${countText(capacity)}, ${sizeText(maxBytes)}`,
    `tried again ${retry === LogSink.defaultRetry ? "for 5m" : "by a schedule of its own"}`
  ].join("; ")
}

const countText = (records: number): string => `${records} ${plural(records, "record")}`

const units = [["MiB", 1024 * 1024], ["KiB", 1024]] as const

const sizeText = (bytes: number): string => {
  const [unit, size] = units.find(([, size]) => bytes % size === 0) ?? [plural(bytes, "byte"), 1]
  return `${bytes / size} ${unit}`
}

const timeText = (time: LogSink.DurationInput): string => {
  const duration = durationOf(time)
  return Duration.isFinite(duration) ? Duration.format(duration) : "of any length"
}
