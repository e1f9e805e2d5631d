import { BatchPlace } from "../../encode/bytes/BatchPlace.ts"
import { isExtension, textsOf } from "../../encode/contextTexts.ts"
import type { RecordContext, RecordOrigin } from "../../record/RecordOrigin.ts"
import { appendPair, PackedValues } from "./anyValue.ts"
import { annotationsOf, eventNameOf, fiberName, type Mapping, ownNames, ownSize, plainSize } from "./attributes.ts"
import { spanIdOf, traceIdOf } from "./ids.ts"
import * as Field from "./logRecordFields.ts"
import type { ProtobufBuffer } from "./ProtobufBuffer.ts"
import { severityNumberOf } from "./severity.ts"

/** Writes what the records of an origin have in common: in each batch once, and then it is copied. */
export class ProtobufOrigins {
  private readonly out: ProtobufBuffer
  private readonly mapping: Mapping
  private readonly packed: PackedValues
  private batch: object = {}
  /** Whether something was written that could be copied since the last record. */
  private isNew = false

  constructor(out: ProtobufBuffer, mapping: Mapping) {
    this.out = out
    this.mapping = mapping
    this.packed = new PackedValues(out, mapping.mostText)
  }

  /** From now on there is nothing to be copied. */
  forget(): void {
    this.batch = {}
    this.packed.forget()
  }

  /** A record has been written, and what is in it was moved or not. */
  settle(isMoved: boolean): void {
    if (isMoved && this.isNew) this.batch = {}
    this.isNew = false
  }

  /** Appends the fields of an origin and the attributes that all its records have: its annotations and its fiber. */
  append(origin: RecordOrigin): void {
    const { batch, mapping, out } = this
    const { context, encoded, fiberId } = origin
    const place = encoded instanceof BatchPlace ? encoded : new BatchPlace(batch)
    if (place === encoded && place.batch === batch) return out.copy(place.from, place.to)
    origin.encoded = place
    place.batch = batch
    place.from = out.length
    place.duration = -1
    const size = plainSize(context)
    this.appendFields(origin, size < 0 ? eventNameOf(context) : undefined)
    if (fiberId !== 0) appendPair(out, Field.attributes, fiberName, fiberId, Infinity)
    const room = mapping.mostAttributes - ownSize(origin, mapping)
    if (size >= 0 && size <= room && !mapping.flatten) this.appendPlain(context)
    else this.appendOther(origin, room)
    place.to = out.length
    this.isNew = true
  }

  /** Appends the fields of an origin that are no attributes. */
  appendFields(origin: RecordOrigin, event: string | undefined): void {
    const { out } = this
    out.varint(Field.severityNumber, severityNumberOf(origin.level))
    out.text(Field.severityText, origin.level)
    if (event !== undefined) out.text(Field.eventName, event)
    const trace = traceIdOf(origin.traceId)
    if (trace === undefined) return
    out.hex(Field.traceId, trace)
    const span = spanIdOf(origin.spanId)
    if (span !== undefined) out.hex(Field.spanId, span)
    if (origin.sampled === true) out.fixed32(Field.flags, 1)
  }

  private appendOther(origin: RecordOrigin, room: number): void {
    const { mapping, out } = this
    const { dropped, list } = annotationsOf(origin.context, ownNames(origin, mapping), room, mapping)
    for (const [name, value] of list) appendPair(out, Field.attributes, name, value, mapping.mostText)
    if (dropped > 0) out.varint(Field.droppedAttributesCount, dropped)
  }

  /** Appends annotations as they are: those that other records may have too, and behind them those that only this one has. */
  private appendPlain(context: RecordContext): void {
    if (isExtension(context)) {
      this.appendKept(context.bound)
      this.packed.appendFields(Field.attributes, context.own)
    } else if (context.own !== undefined && context.bound === undefined) {
      this.packed.appendFields(Field.attributes, context.own)
    } else {
      this.appendKept(context)
    }
  }

  private appendKept(context: RecordContext): void {
    const { batch, mapping, out } = this
    const texts = textsOf(context)
    const place = texts.place ??= new BatchPlace({})
    if (place.batch === batch) return out.copy(place.from, place.to)
    place.batch = batch
    place.from = out.length
    const { annotations } = context
    for (const name of Object.keys(annotations)) {
      const value = annotations[name]
      if (value !== undefined) appendPair(out, Field.attributes, name, value, mapping.mostText)
    }
    place.to = out.length
    this.isNew = true
  }
}
