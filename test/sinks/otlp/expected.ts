/** What OTLP says a record is, as its JSON, put together field by field without regard to time. */
import { causeText, errorText } from "../../../src/encode/causeText.ts"
import type { LogRecord } from "../../../src/index.ts"
import { CauseSnapshot, ErrorSnapshot } from "../../../src/record/ErrorSnapshot.ts"

export interface Rules {
  readonly flatten: boolean
  readonly uid: boolean
  readonly mostAttributes: number
  readonly mostText: number
}

const severities = { Trace: 1, Debug: 5, Info: 9, Warn: 13, Error: 17, Fatal: 21 } as const

export const expectedRecord = (record: LogRecord.LogRecord, rules: Rules): unknown => {
  const traceId = validId(record.traceId, [16, 32])?.padStart(32, "0")
  const nanos = record.timeNanos >= 0n && record.timeNanos < 2n ** 64n ? String(record.timeNanos) : "0"
  const event = record.annotations["event.name"]
  const all = attributes(record, rules)
  const kept = all.slice(0, rules.mostAttributes)
  return {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    severityNumber: severities[record.level],
    severityText: record.level,
    eventName: typeof event === "string" && event !== "" ? event.toWellFormed() : undefined,
    body: anyValue(body(record.message), Infinity),
    attributes: kept.map(([key, value]) => ({
      key: key.toWellFormed(),
      value: anyValue(value, rules.uid && key === "log.record.uid" ? Infinity : rules.mostText)
    })),
    droppedAttributesCount: all.length - kept.length,
    traceId,
    spanId: traceId && validId(record.spanId, [16]),
    flags: traceId !== undefined && record.sampled === true ? 1 : 0
  }
}

const body = (message: unknown): unknown => {
  if (message instanceof ErrorSnapshot) return message.title
  return message instanceof CauseSnapshot ? causeText(message.reasons) : message
}

const attributes = (record: LogRecord.LogRecord, { flatten, uid }: Rules): ReadonlyArray<[string, unknown]> => {
  const out = new Map<string, unknown>()
  if (uid) out.set("log.record.uid", record.uid)
  for (const [key, text] of Object.entries(exception(record) ?? {})) {
    if (text !== undefined && text !== "") out.set(`exception.${key}`, text)
  }
  for (const [label, millis] of Object.entries(record.spans ?? {})) out.set(`effect.log_span.${label}`, millis)
  if (record.fiberId !== 0) out.set("effect.fiberId", record.fiberId)
  const own = new Set(out.keys())
  const set = (key: string, value: unknown): void => {
    const name = key === "" || own.has(key) ? `annotations.${key}` : key
    let free = name
    for (let n = 2; out.has(free); n++) free = `${name} #${n}`
    out.set(free, value)
  }
  const add = (key: string, value: unknown): void => {
    const json = flatten ? jsonOf(value) : value
    if (json === undefined) return
    const isObject = typeof json === "object" && json !== null && !Array.isArray(json) && !(json instanceof Uint8Array)
    if (!flatten || !isObject || Object.keys(json).length === 0) return set(key, json)
    for (const [inner, each] of Object.entries(json)) add(`${key}.${inner}`, each)
  }
  for (const [key, value] of Object.entries(record.annotations)) {
    if (key !== "event.name" || typeof value !== "string" || value === "") add(key, value)
  }
  return [...out]
}

const exception = ({ cause, message }: LogRecord.LogRecord): Record<string, string | undefined> | undefined => {
  if (cause !== undefined) {
    const reason = cause.find(({ kind }) => kind === "Fail" || kind === "Die") ?? cause[0]
    const said = reason === undefined || !("error" in reason)
      ? { type: "InterruptError", message: causeText(reason === undefined ? [] : [reason]) }
      : reason.error instanceof ErrorSnapshot
      ? { type: reason.error.name ?? reason.error.tag ?? "Error", message: reason.error.message }
      : {
        type: typeof reason.error,
        message: typeof reason.error === "string" ? reason.error : JSON.stringify(reason.error)
      }
    return { ...said, stacktrace: causeText(cause) }
  }
  const parts: ReadonlyArray<unknown> = Array.isArray(message) ? message : [message]
  const error = parts.find((part) => part instanceof ErrorSnapshot)
  return error && { type: error.name ?? error.tag ?? "Error", message: error.message, stacktrace: errorText(error) }
}

const jsonOf = (u: unknown): unknown => {
  if (typeof u === "bigint") return BigInt.asIntN(64, u) === u ? u : String(u)
  if (typeof u !== "object" || u === null || u instanceof Uint8Array) return u
  return "toJSON" in u && typeof u.toJSON === "function" ? jsonOf(u.toJSON()) : u
}

const anyValue = (u: unknown, most: number): unknown => {
  const json = jsonOf(u)
  if (json === null || json === undefined) return {}
  if (typeof json === "string") return { stringValue: Array.from(json).slice(0, most).join("").toWellFormed() }
  if (typeof json === "boolean") return { boolValue: json }
  if (typeof json === "bigint") return { intValue: String(json) }
  if (typeof json === "number") {
    if (Number.isSafeInteger(json)) return { intValue: String(json) }
    return { doubleValue: Number.isFinite(json) ? json : String(json) }
  }
  if (json instanceof Uint8Array) return { bytesValue: Buffer.from(json.slice(0, most)).toString("base64") }
  if (Array.isArray(json)) return { arrayValue: { values: json.map((item: unknown) => anyValue(item, most)) } }
  const pairs = Object.entries(json).filter(([, value]) => value !== undefined)
  return {
    kvlistValue: { values: pairs.map(([key, value]) => ({ key: key.toWellFormed(), value: anyValue(value, most) })) }
  }
}

const validId = (text: string | undefined, lengths: ReadonlyArray<number>): string | undefined => {
  const id = text?.toLowerCase() ?? ""
  return lengths.includes(id.length) && /^[0-9a-f]+$/.test(id) && /[1-9a-f]/.test(id) ? id : undefined
}
