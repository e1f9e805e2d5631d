import type { LogRecord } from "../../LogRecord.ts"
import { NanosText } from "../encoding/NanosText.ts"
import { cutText, isList, plainOf } from "./anyValue.ts"
import { type Attribute, attributesOf, eventNameOf, type Mapping, mostTextOf } from "./attributes.ts"
import { bodyOf } from "./body.ts"
import { exceptionAttributes } from "./exception.ts"
import { spanIdOf, traceIdOf } from "./ids.ts"
import { latest } from "./Nanos.ts"
import type { Emitter } from "./resource.ts"
import { severityNumberOf } from "./severity.ts"

const utf8 = new TextEncoder()

/**
 * Writes records as an `ExportLogsServiceRequest` in JSON (OTLP 1.11, "JSON Protobuf Encoding"):
 * names in lowerCamelCase, ids in hexadecimal digits, enumerations as numbers, numbers of 64 bits
 * as decimal texts, other bytes in base64.
 */
export class JsonLogs {
  private readonly mapping: Mapping
  private readonly start: string
  private readonly nanos = new NanosText(latest)

  constructor({ resource, scope }: Emitter, mapping: Mapping) {
    this.mapping = mapping
    const ofResource = JSON.stringify({ attributes: pairsOf(resource, () => Infinity) })
    this.start = `{"resourceLogs":[{"resource":${ofResource},"scopeLogs":[{"scope":${
      JSON.stringify(scope)
    },"logRecords":[`
  }

  /** A request as bytes. */
  encode(batch: ReadonlyArray<LogRecord>): Uint8Array {
    let text = this.start
    for (let i = 0; i < batch.length; i++) text += (i === 0 ? "" : ",") + JSON.stringify(this.logRecord(batch[i]!))
    return utf8.encode(`${text}]}]}]}`)
  }

  private logRecord(record: LogRecord): Readonly<Record<string, unknown>> {
    const { context, level, sampled } = record.origin
    const { dropped, list } = attributesOf(record, exceptionAttributes(record) ?? [], this.mapping)
    const nanos = this.nanos.of(record)
    const traceId = traceIdOf(record.traceId)
    return {
      timeUnixNano: nanos,
      observedTimeUnixNano: nanos,
      severityNumber: severityNumberOf(level),
      severityText: level,
      eventName: eventNameOf(context)?.toWellFormed(),
      body: anyValue(bodyOf(record.message), Infinity),
      attributes: pairsOf(list, (name) => mostTextOf(name, this.mapping)),
      droppedAttributesCount: dropped > 0 ? dropped : undefined,
      traceId,
      spanId: traceId && spanIdOf(record.spanId),
      flags: traceId !== undefined && sampled === true ? 1 : undefined
    }
  }
}

const pairsOf = (list: ReadonlyArray<Attribute>, mostText: (name: string) => number) =>
  list.map(([key, value]) => ({ key: key.toWellFormed(), value: anyValue(value, mostText(key)) }))

/** The `AnyValue` of a value, whose texts have a length at most. */
const anyValue = (u: unknown, mostText: number, depth = 0): Readonly<Record<string, unknown>> => {
  const plain = plainOf(u, depth)
  switch (typeof plain) {
    case "string":
      return { stringValue: cutText(plain, mostText).toWellFormed() }
    case "number":
      return Number.isSafeInteger(plain) ? { intValue: String(plain) } : { doubleValue: numberOf(plain) }
    case "boolean":
      return { boolValue: plain }
    case "bigint":
      return { intValue: String(plain) }
  }
  if (plain === null) return {}
  if (plain instanceof Uint8Array) {
    return { bytesValue: Buffer.from(plain.subarray(0, Math.min(plain.length, mostText))).toString("base64") }
  }
  if (isList(plain)) return { arrayValue: { values: plain.map((item) => anyValue(item, mostText, depth + 1)) } }
  const names = Object.keys(plain).filter((name) => plain[name] !== undefined)
  return {
    kvlistValue: {
      values: names.map((key) => ({ key: key.toWellFormed(), value: anyValue(plain[key], mostText, depth + 1) }))
    }
  }
}

/** JSON has no number for what is not finite. */
const numberOf = (value: number): number | string => Number.isFinite(value) ? value : String(value)
