/**
 * The attributes of a record (OTLP 1.11, `logs/v1/logs.proto`, field 6): what is known of it
 * comes first, so that a bound on their number never takes that, and then its annotations.
 */
import { isExtension } from "../../encode/contextTexts.ts"
import { namesOf } from "../../encode/layoutJson.ts"
import type { LogRecord } from "../../LogRecord.ts"
import { eventName } from "../../record/EventMessage.ts"
import { freeName, isRecord, PlainObject } from "../../record/plainData.ts"
import type { RecordContext, RecordOrigin } from "../../record/RecordOrigin.ts"
import { plainOf } from "./anyValue.ts"

export type Attribute = readonly [name: string, value: unknown]

/** How records become messages. */
export interface Mapping {
  /** Whether annotations in annotations are attributes of their own, with dots in their names. */
  readonly flatten: boolean
  readonly uid: boolean
  readonly mostAttributes: number
  /** Most characters of a text in an attribute. */
  readonly mostText: number
}

/** Semantic Conventions 1.45, `general/logs`: the name that two records never share. */
export const uidName = "log.record.uid"
/** As Effect's `OtlpLogger` writes it. */
export const fiberName = "effect.fiberId"
/** The same for a log span, in milliseconds. */
export const spanName = (label: string): string => `effect.log_span.${label}`
/** The annotation that makes a record an event: it is sent as `event_name`, the attribute of that name is deprecated. */

/** What annotations with the name of another attribute are moved behind. */
const moved = "annotations."

/** The attributes of a record, and how many more it has than there may be. */
export interface Attributes {
  readonly list: ReadonlyArray<Attribute>
  readonly dropped: number
}

/** All attributes of a record. */
export const attributesOf = (
  record: LogRecord,
  exception: ReadonlyArray<Attribute>,
  mapping: Mapping
): Attributes => {
  const { context, fiberId, spans } = record.origin
  const own: Array<Attribute> = mapping.uid ? [[uidName, record.uid]] : []
  own.push(...exception)
  spans?.labels.forEach((label, i) => own.push([spanName(label), spans.duration(i, record.time)]))
  if (fiberId !== 0) own.push([fiberName, fiberId])
  const kept = own.slice(0, mapping.mostAttributes)
  const others = annotationsOf(context, own.map(([name]) => name), mapping.mostAttributes - kept.length, mapping)
  return { list: [...kept, ...others.list], dropped: own.length - kept.length + others.dropped }
}

/** Most characters of a text in an attribute. Cut, the uids of records would no longer differ. */
export const mostTextOf = (name: string, { mostText, uid }: Mapping): number =>
  uid && name === uidName ? Infinity : mostText

/** How many attributes every record of an origin has besides its annotations. */
export const ownSize = ({ fiberId, spans }: RecordOrigin, { uid }: Mapping): number =>
  (uid ? 1 : 0) + (fiberId === 0 ? 0 : 1) + (spans === undefined ? 0 : spans.labels.length)

/** The names of these. */
export const ownNames = ({ fiberId, spans }: RecordOrigin, { uid }: Mapping): ReadonlyArray<string> => [
  ...(uid ? [uidName] : []),
  ...(spans?.labels ?? []).map(spanName),
  ...(fiberId === 0 ? [] : [fiberName])
]

/** The annotations as attributes beside others that have names already; so many are kept. */
export const annotationsOf = (
  { annotations }: RecordContext,
  taken: ReadonlyArray<string>,
  room: number,
  { flatten }: Mapping
): Attributes => {
  const list: Array<Attribute> = []
  let dropped = 0
  const reserved = new Set(taken)
  const names = new PlainObject()
  for (const name of taken) names[name] = true

  const add = (name: string, value: unknown, depth: number): void => {
    const plain = flatten ? plainOf(value, depth) : value
    if (flatten && isFields(plain)) {
      for (const key of Object.keys(plain)) if (plain[key] !== undefined) add(`${name}.${key}`, plain[key], depth + 1)
    } else if (list.length >= room) {
      dropped++
    } else {
      const free = freeName(names, name === "" || reserved.has(name) ? moved + name : name)
      names[free] = true
      list.push([free, plain])
    }
  }
  for (const name of Object.keys(annotations)) {
    const value = annotations[name]
    if (value !== undefined && !isEvent(name, value)) add(name, value, 0)
  }
  return { list, dropped }
}

/** Whether an object is to be flattened. An empty one would be gone. */
const isFields = (u: unknown): u is Readonly<Record<string, unknown>> =>
  isRecord(u) && !(u instanceof Uint8Array) && Object.keys(u).length > 0

const isEvent = (name: string, value: unknown): value is string =>
  name === eventName && typeof value === "string" && value !== ""

/** The name of the event that a record is; nothing for one that is none. */
export const eventNameOf = ({ annotations }: RecordContext): string | undefined => {
  const value = annotations[eventName]
  return isEvent(eventName, value) ? value : undefined
}

/** The number of annotations of a context that are attributes as they are, whatever else the record has; -1 for one with others. */
export const plainSize = (context: RecordContext): number => {
  if (isExtension(context)) {
    const bound = plainSize(context.bound)
    return bound >= 0 && arePlain(namesOf(context.own)) ? bound + namesOf(context.own).length : -1
  }
  const { bound, own } = context
  const names = own !== undefined && bound === undefined ? namesOf(own) : Object.keys(context.annotations)
  return arePlain(names) ? names.length : -1
}

const arePlain = (names: ReadonlyArray<string>): boolean => {
  for (let i = 0; i < names.length; i++) if (!isPlain(names[i]!)) return false
  return true
}

/** Whether a name is neither empty nor one that a record has without an exception. */
const isPlain = (name: string): boolean => {
  switch (name.charCodeAt(0)) {
    case 0x65:
      return !name.startsWith("effect.") && name !== eventName
    case 0x6c:
      return name !== uidName
    default:
      return name !== ""
  }
}
