import type { LogRecord } from "../../LogRecord.ts"
import { PackedMessage, shown } from "../../record/PackedMessage.ts"
import { appendPair, appendValue, PackedValues } from "./anyValue.ts"
import { type Attribute, attributesOf, eventNameOf, type Mapping, mostTextOf, ownSize, spanName } from "./attributes.ts"
import { bodyOf } from "./body.ts"
import { exceptionAttributes } from "./exception.ts"
import * as Field from "./logRecordFields.ts"
import { Nanos } from "./Nanos.ts"
import { lengthTag, ProtobufBuffer } from "./ProtobufBuffer.ts"
import { ProtobufHead } from "./ProtobufHead.ts"
import { ProtobufOrigins } from "./ProtobufOrigins.ts"
import type { Emitter } from "./resource.ts"
import { UidAttribute } from "./UidAttribute.ts"

/** A field of `ScopeLogs`. */
const logRecords = lengthTag(2)

/**
 * Writes records as an `ExportLogsServiceRequest` in protobuf (OTLP 1.11,
 * `collector/logs/v1/logs_service.proto`), straight from what they hold. The fields of a message
 * may stand in any order: those that differ from record to record come first, and behind them
 * what is copied.
 */
export class ProtobufLogs {
  private readonly mapping: Mapping
  private readonly head: ProtobufHead
  private readonly out = new ProtobufBuffer()
  private readonly origins: ProtobufOrigins
  private readonly packed = new PackedValues(this.out, Infinity)
  private readonly nanos = new Nanos()
  private readonly uid = new UidAttribute(Field.attributes)
  /** How many bytes the length of the last record took: most take as many as the one before. */
  private room = 2

  constructor(emitter: Emitter, mapping: Mapping) {
    this.mapping = mapping
    this.head = new ProtobufHead(emitter)
    this.origins = new ProtobufOrigins(this.out, mapping)
  }

  /** A request as bytes: a view into memory that is used again, valid until the next call. */
  encode(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const { head, out } = this
    this.origins.forget()
    out.clear()
    out.skip(head.room)
    for (let i = 0; i < batch.length; i++) this.append(batch[i]!)
    this.origins.forget()
    this.packed.forget()
    const from = head.write(out.between(0, head.room), out.length - head.room)
    return out.between(from, out.length)
  }

  private append(record: LogRecord): void {
    const { mapping, nanos, origins, out, room } = this
    const from = out.beginWith(logRecords, room)
    nanos.of(record.time, record.place)
    out.fixed64(Field.time, nanos.low, nanos.high)
    out.fixed64(Field.observedTime, nanos.low, nanos.high)
    this.appendBody(record.content)
    const exception = exceptionAttributes(record)
    if (exception === undefined && ownSize(record.origin, mapping) <= mapping.mostAttributes) {
      if (mapping.uid) this.uid.append(out, record)
      if (record.origin.spans !== undefined) this.appendSpans(record)
      origins.append(record.origin)
    } else {
      this.appendWhole(record, exception ?? [])
    }
    this.room = out.endWith(from, room)
    origins.settle(this.room !== room)
  }

  private appendBody(content: unknown): void {
    const { out } = this
    const from = out.begin(Field.body)
    if (content instanceof PackedMessage) this.packed.appendMessage(content)
    else appendValue(out, typeof content === "string" ? content : bodyOf(shown(content)), Infinity)
    out.end(from)
  }

  private appendSpans({ origin: { spans }, time }: LogRecord): void {
    spans?.labels.forEach((label, i) =>
      appendPair(this.out, Field.attributes, spanName(label), spans.duration(i, time), Infinity)
    )
  }

  /** Appends all fields of a record that shares its attributes with no other. */
  private appendWhole(record: LogRecord, exception: ReadonlyArray<Attribute>): void {
    const { mapping, origins, out } = this
    origins.appendFields(record.origin, eventNameOf(record.origin.context))
    const { dropped, list } = attributesOf(record, exception, mapping)
    for (const [name, value] of list) appendPair(out, Field.attributes, name, value, mostTextOf(name, mapping))
    if (dropped > 0) out.varint(Field.droppedAttributesCount, dropped)
  }
}
