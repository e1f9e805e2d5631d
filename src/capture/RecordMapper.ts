import type { FieldMap, MappedRecord, RecordMap } from "../contract/RecordMap.ts"
import { describeError } from "../diagnostics/describe.ts"
import { LogRecord } from "../LogRecord.ts"
import { shown } from "../options/shown.ts"
import { unawaited } from "../options/unawaited.ts"
import { freeName, isRecord, PlainObject } from "../record/plainData.ts"
import { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { type Annotations, combined, emptyContext, fieldsOf } from "./attributes.ts"
import { nameOf } from "./KnownKeys.ts"
import { bytesOfField, objectBytes } from "./limits.ts"
import { recordOverhead } from "./RecordBuilder.ts"
import type { Snapshot } from "./Snapshot.ts"

/** A record as a sink is given it, and why that is a marker where it is one. */
interface Mapped {
  readonly record: LogRecord
  readonly problem?: string | undefined
}

/**
 * Makes of records what the map of one sink has of them. What a map says is copied,
 * redacted and bounded like what is logged; the name of a record, its time, its level and
 * its cause stay. A record that the map does not take is withheld: the map may be there to hide
 * something.
 */
export class RecordMapper {
  private readonly map: RecordMap
  private readonly snapshot: Snapshot
  /** What fields become is the same for all records of an origin, and so is what encoders keep of it. */
  private readonly origins = new WeakMap<RecordOrigin, RecordOrigin>()
  private readonly contexts = new WeakMap<RecordContext, RecordContext>()

  constructor(map: RecordMap, snapshot: Snapshot) {
    this.map = map
    this.snapshot = snapshot
  }

  of(record: LogRecord): Mapped {
    try {
      const { map } = this
      return {
        record: typeof map === "function" ? this.changed(record, unawaited(map(record))) : this.withFields(record, map)
      }
    } catch (error) {
      const problem = error instanceof Unfit ? error.message : `threw ${describeError(error)}`
      const withheld = "[record withheld: its map failed]"
      return { problem, record: this.like(record, withheld, this.originWith(record.origin, emptyContext), undefined) }
    }
  }

  private withFields(record: LogRecord, map: FieldMap): LogRecord {
    const { content, origin } = record
    let mapped = this.origins.get(origin)
    if (mapped === undefined) {
      const { context } = origin
      let fields = this.contexts.get(context)
      if (fields === undefined) {
        fields = this.contextOf(context, mappedFields(context.annotations, map))
        this.contexts.set(context, fields)
      }
      mapped = this.originWith(origin, fields)
      this.origins.set(origin, mapped)
    }
    return this.like(record, content, mapped, record.cause)
  }

  private changed(record: LogRecord, change: MappedRecord): LogRecord {
    const said: unknown = change
    if (!isRecord(said) || typeof said["then"] === "function") {
      if (said instanceof Promise) said.catch(() => {})
      throw new Unfit(`gave ${shown(said)}`)
    }
    const { annotations, message } = said
    if (annotations !== undefined && !isRecord(annotations)) {
      throw new Unfit(`gave ${shown(annotations)} as annotations`)
    }
    const before = record.origin
    const origin = annotations === undefined || annotations === record.annotations
      ? before
      : this.originWith(before, this.contextOf(before.context, annotations))
    if (message === undefined || message === record.message) {
      return this.like(record, record.content, origin, record.cause)
    }
    const { snapshot } = this
    snapshot.reset()
    snapshot.bytes = origin.context.bytes
    return this.like(record, snapshot.message(message), origin, record.cause, recordOverhead + snapshot.bytes)
  }

  /** What was logged stays as it is, under another name too, and only what is new is copied: what was cut is not cut again. */
  private contextOf(before: RecordContext, fields: Annotations): RecordContext {
    const { snapshot } = this
    const { annotations } = before
    const logged = new Set(Object.values(annotations))
    const kept = new PlainObject()
    const added = new PlainObject()
    let bytes = objectBytes
    for (const key of Object.keys(fields)) {
      const value = fields[key]
      const isSame = Object.hasOwn(annotations, key) && annotations[key] === value
      if (isSame || (typeof value === "object" && value !== null && logged.has(value))) {
        const name = isSame ? key : freeName(kept, nameOf(key))
        kept[name] = isSame ? value : snapshot.read(fields, key)
        bytes += bytesOfField(name, kept[name])
      } else {
        added[key] = value
      }
    }
    snapshot.reset()
    snapshot.bytes = bytes
    const copies = fieldsOf(snapshot.own(added, 0, new PlainObject()))
    return combined(new RecordContext(kept, bytes), copies, snapshot.bytes, snapshot)
  }

  private originWith(origin: RecordOrigin, context: RecordContext): RecordOrigin {
    const { fiberId, level, runtimeId, sampled, spanId, spans, traceId } = origin
    return new RecordOrigin(level, context, spans, fiberId, traceId, spanId, sampled, runtimeId)
  }

  private like(
    { bytes: before, origin: { context }, place, seq, time }: LogRecord,
    content: unknown,
    origin: RecordOrigin,
    cause: LogRecord["cause"],
    bytes = before - context.bytes + origin.context.bytes
  ): LogRecord {
    return new LogRecord(seq, time, content, cause, origin, bytes, place)
  }
}

/** A map has given what is no record. */
class Unfit extends Error {}

/** Fields, some of them left out, renamed and added. Those that are renamed stand behind the others, and count. */
const mappedFields = (annotations: Annotations, { add, drop = [], rename = {} }: FieldMap): Annotations => {
  const out = new PlainObject()
  const renamed = new PlainObject()
  for (const key of Object.keys(annotations)) {
    if (drop.includes(key)) continue
    const name = Object.hasOwn(rename, key) ? rename[key] : undefined
    if (name === undefined) out[key] = annotations[key]
    else renamed[name] = annotations[key]
  }
  return Object.assign(out, renamed, add)
}
