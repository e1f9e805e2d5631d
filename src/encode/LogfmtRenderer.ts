import type { LogRecord } from "../LogRecord.ts"
import { causeText } from "./causeText.ts"
import { textsOf } from "./contextTexts.ts"
import { visible } from "./escapes.ts"
import { Timestamps } from "./Timestamps.ts"

// oxlint-disable-next-line eslint/no-control-regex -- control characters are what must be quoted
const bare = /^[^\s="\\\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/
// oxlint-disable-next-line eslint/no-control-regex -- control characters are what must be replaced
const unsafeInKey = /[\s="\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g
const reserved: ReadonlySet<string> = new Set([
  "timestamp",
  "level",
  "fiber",
  "message",
  "cause",
  "traceId",
  "spanId"
])
const reservedBesideUid: ReadonlySet<string> = new Set([...reserved, "uid"])

/** Renders records as `key=value` pairs; user keys can never stand in for our own. */
export class LogfmtRenderer {
  private readonly timestamps = new Timestamps()
  private readonly uid: boolean

  constructor(uid: boolean) {
    this.uid = uid
  }

  render(record: LogRecord): string {
    let out = `timestamp=${
      this.timestamps.format(record.time)
    } level=${record.level.toUpperCase()} fiber=#${record.fiberId}`
    const taken = this.uid ? reservedBesideUid : reserved
    if (this.uid) out += ` uid=${logfmtValue(record.uid)}`
    out += messagePairs(record)
    if (record.spans !== undefined) {
      for (const [label, duration] of Object.entries(record.spans)) out += ` ${logfmtKey(label, taken)}=${duration}ms`
    }
    const { context } = record.origin
    const texts = textsOf(context)
    out += this.uid
      ? texts.logfmtBesideUid ??= logfmtFields(context.annotations, taken)
      : texts.logfmt ??= logfmtFields(context.annotations, taken)
    if (record.traceId !== undefined) {
      out += ` traceId=${logfmtValue(record.traceId)} spanId=${logfmtValue(record.spanId)}`
    }
    return out
  }
}

/** Renders what was logged as ` key=value` pairs, each with a leading space. */
const messagePairs = ({ cause, message }: LogRecord): string => {
  let out = ""
  if (Array.isArray(message)) {
    for (const one of message) out += ` message=${logfmtValue(one)}`
  } else {
    out += ` message=${logfmtValue(message)}`
  }
  return cause === undefined ? out : `${out} cause=${logfmtValue(causeText(cause))}`
}

/** What was logged, without what is known besides; a call without a message has an empty one. */
export const messageLogfmt = (record: LogRecord): string => messagePairs(record).slice(1) || `message=""`

/** Renders annotations as ` key=value` pairs, each with a leading space. */
const logfmtFields = (fields: Readonly<Record<string, unknown>>, taken: ReadonlySet<string>): string => {
  let out = ""
  for (const [key, value] of Object.entries(fields)) out += ` ${logfmtKey(key, taken)}=${logfmtValue(value)}`
  return out
}

const logfmtKey = (key: string, taken: ReadonlySet<string>): string => {
  const safe = key.replaceAll(unsafeInKey, "_")
  if (safe === "") return "_"
  return taken.has(safe) ? `annotations.${safe}` : safe
}

const logfmtValue = (value: unknown): string => {
  if (value === undefined) return "null"
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return bare.test(text) ? text : visible(JSON.stringify(text))
}

/** The same value for people: quoted only when it must be, control characters visible. */
export const prettyValue = (value: unknown): string => {
  if (typeof value !== "string") return visible(JSON.stringify(value) ?? "undefined")
  return bare.test(value) ? value : visible(JSON.stringify(value))
}
