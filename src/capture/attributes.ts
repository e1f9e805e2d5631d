import { ErrorSnapshot } from "../record/ErrorSnapshot.ts"
import type { FieldwiseEvent, GatheredEvent } from "../record/EventMessage.ts"
import { PackedMessage, shown } from "../record/PackedMessage.ts"
import { isRecord, PlainObject, threw } from "../record/plainData.ts"
import { RecordContext } from "../record/RecordOrigin.ts"
import { moreKeys } from "./KnownKeys.ts"
import { bytesOfField, objectBytes } from "./limits.ts"
import type { Snapshot } from "./Snapshot.ts"

/** What a record says besides its message: the annotations of a fiber, or the attributes of the direct logger. */
export type Annotations = Readonly<Record<string, unknown>>

const withheldBytes = 160

export const emptyContext = new RecordContext(new PlainObject(), objectBytes)

/** The scope that annotations name. To look at them may run code of the program. */
export const scopeIn = (annotations: Annotations): string | undefined => {
  try {
    const { scope } = annotations
    return typeof scope === "string" ? scope : undefined
  } catch {
    return undefined
  }
}

/** What stands for annotations that could not be copied. */
export const withheldContext = (name: string): RecordContext => {
  const stub = new PlainObject()
  stub[name] = threw
  return new RecordContext(stub, withheldBytes)
}

/** Two contexts as one; where both have a name, that of the second counts. */
export const joined = (first: RecordContext, second: RecordContext, snapshot: Snapshot): RecordContext => {
  if (second.size === 0) return first
  return first.size === 0
    ? second
    : combined(first, second.annotations, first.bytes + second.bytes - objectBytes, snapshot)
}

/** A context with the attributes of one call, which are put together only when somebody asks for them. */
export const extendedOnce = (bound: RecordContext, attributes: Annotations, snapshot: Snapshot): RecordContext => {
  snapshot.bytes = bound.bytes
  return extendedBy(bound, snapshot.message(attributes), snapshot)
}

/** A context with the fields of an event, by what it is told of one call; nothing where it has to be encoded first. */
export const extendedByEvent = (
  bound: RecordContext,
  event: FieldwiseEvent,
  given: unknown,
  snapshot: Snapshot
): RecordContext | undefined => {
  snapshot.bytes = bound.bytes
  const own = snapshot.event(event, given)
  return own === undefined ? undefined : extendedBy(bound, own, snapshot)
}

/** A context with all that an event has gathered. */
export const extendedByGathered = (
  bound: RecordContext,
  event: GatheredEvent,
  snapshot: Snapshot
): RecordContext => {
  snapshot.bytes = bound.bytes
  return extendedBy(bound, snapshot.gathered(event), snapshot)
}

const extendedBy = (bound: RecordContext, own: unknown, snapshot: Snapshot): RecordContext => {
  const bytes = snapshot.bytes - objectBytes
  if (!(own instanceof PackedMessage)) return combined(bound, fieldsOf(shown(own)), bytes, snapshot)
  return bound.size + own.layout.steps.length > snapshot.limits.keys
    ? combined(bound, fieldsOf(own.unpack()), bytes, snapshot)
    : new RecordContext(undefined, bytes, bound, own)
}

/** A context with annotations that many records have. Packed they are quicker to copy and to write. */
export const annotated = (annotations: Annotations, snapshot: Snapshot): RecordContext => {
  const copy = snapshot.message(annotations)
  return copy instanceof PackedMessage
    ? new RecordContext(undefined, snapshot.bytes, undefined, copy)
    : new RecordContext(fieldsOf(shown(copy)), snapshot.bytes)
}

/** A context with further attributes; where both have one, the new one counts. */
export const extended = (bound: RecordContext, attributes: Annotations, snapshot: Snapshot): RecordContext => {
  snapshot.bytes = bound.bytes
  const fields = fieldsOf(snapshot.value(attributes))
  return combined(bound, fields, snapshot.bytes - objectBytes, snapshot)
}

/** Together they have no more keys than an object may have; what comes first is kept. */
export const combined = (
  bound: RecordContext,
  fields: Annotations,
  together: number,
  { limits }: Snapshot
): RecordContext => {
  const before = bound.annotations
  const out = Object.assign(new PlainObject(), before)
  let bytes = together
  let room = limits.keys - bound.size
  let isAll = true
  for (const key of Object.keys(fields)) {
    if (Object.hasOwn(before, key)) {
      bytes -= bytesOfField(key, before[key])
    } else if (key !== moreKeys && room-- <= 0) {
      bytes -= bytesOfField(key, fields[key])
      isAll = false
      continue
    }
    out[key] = fields[key]
  }
  if (!isAll) out[moreKeys] = "[more keys]"
  return new RecordContext(out, Math.max(objectBytes, bytes))
}

/** Annotations that are no object are shown as one. */
export const fieldsOf = (copy: unknown): Annotations => {
  const isError = copy instanceof ErrorSnapshot
  if (isRecord(copy) && !isError) return copy
  const out = new PlainObject()
  out[isError ? "error" : "annotations"] = copy
  return out
}
