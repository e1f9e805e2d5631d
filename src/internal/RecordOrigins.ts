import type * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { type Level, levels, RecordContext, RecordOrigin } from "../LogRecord.ts"
import { ErrorSnapshot } from "./ErrorSnapshot.ts"
import { Packed, shown } from "./Layout.ts"
import { isRecord, PlainObject } from "./plainData.ts"
import { bytesOfField, objectBytes, type Snapshot } from "./snapshot.ts"
import { shortened } from "./text.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

export type Annotations = Readonly<Record<string, unknown>>

const longestId = 64

export const emptyContext = new RecordContext(new PlainObject(), objectBytes)

/**
 * What the records of one fiber have in common, found again by the identity of
 * its context and of its annotations.
 */
export class RecordOrigins {
  /** The context of the fiber whose origins are known, while it is certain that they stay the same. */
  private source: object | undefined = undefined
  private fiberId = 0
  private readonly byLevel: Array<RecordOrigin | undefined> = levels.map(() => undefined)
  private outside = new RecordOrigin("Info", emptyContext, undefined, 0, undefined, undefined)
  private readonly contexts = new WeakMap<Annotations, RecordContext>()

  /** The origin of a record of the fiber that logged last, if it is known. */
  known(order: number, fiber: AnyFiber): RecordOrigin | undefined {
    return fiber.context === this.source && fiber.id === this.fiberId ? this.byLevel[order] : undefined
  }

  /** The origin of a record that a fiber logs. Log spans are durations up to `time`. */
  of(level: Level, order: number, fiber: AnyFiber, time: number, snapshot: Snapshot): RecordOrigin {
    return this.known(order, fiber) ?? this.find(level, order, fiber, time, snapshot)
  }

  /** The origin of a record that is logged from outside Effect, or from a place in it that cannot run one. */
  direct(level: Level, context: RecordContext, fiber: AnyFiber | undefined): RecordOrigin {
    const last = this.outside
    if (fiber === undefined && last.context === context && last.level === level) return last
    const origin = originOf(level, context, undefined, fiber)
    if (fiber === undefined) this.outside = origin
    return origin
  }

  /** Lets go of the context of the last fiber that logged, which may hold much of the program. */
  release(): void {
    this.source = undefined
    this.byLevel.fill(undefined)
  }

  private find(level: Level, order: number, fiber: AnyFiber, time: number, snapshot: Snapshot): RecordOrigin {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    const spans = fiber.getRef(References.CurrentLogSpans)
    let isLasting = spans.length === 0
    let context = this.contexts.get(annotations)
    if (context === undefined) {
      context = new RecordContext(fieldsOf(snapshot.value(annotations)), snapshot.bytes)
      if (isImmutable(annotations)) this.contexts.set(annotations, context)
      else isLasting = false
    }
    const durations = spans.length === 0 ? undefined : snapshot.durations(spans, time)
    const origin = originOf(level, context, durations, fiber)
    if (!isLasting) {
      this.source = undefined
      return origin
    }
    if (fiber.context !== this.source || fiber.id !== this.fiberId) {
      this.release()
      this.source = fiber.context
      this.fiberId = fiber.id
    }
    this.byLevel[order] = origin
    return origin
  }
}

const originOf = (
  level: Level,
  context: RecordContext,
  spans: Readonly<Record<string, number>> | undefined,
  fiber: AnyFiber | undefined
): RecordOrigin => {
  const span = fiber?.cache.span
  return new RecordOrigin(level, context, spans, fiber?.id ?? 0, idOf(span?.traceId), idOf(span?.spanId))
}

/** The ids of an external span are whatever a peer sent. */
const idOf = (id: string | undefined): string | undefined =>
  id === undefined || id.length <= longestId ? id : shortened(id, longestId)

/** A context with the attributes of one call, which are put together only when somebody asks for them. */
export const extendedOnce = (bound: RecordContext, attributes: Annotations, snapshot: Snapshot): RecordContext => {
  snapshot.bytes = bound.bytes
  const own = snapshot.message(attributes)
  const bytes = snapshot.bytes - objectBytes
  return own instanceof Packed
    ? new RecordContext(undefined, bytes, bound, own)
    : combined(bound, fieldsOf(shown(own)), bytes)
}

/** A context with further attributes; where both have one, the new one counts. */
export const extended = (bound: RecordContext, attributes: Annotations, snapshot: Snapshot): RecordContext => {
  snapshot.bytes = bound.bytes
  const fields = fieldsOf(snapshot.value(attributes))
  return combined(bound, fields, snapshot.bytes - objectBytes)
}

const combined = (bound: RecordContext, fields: Annotations, together: number): RecordContext => {
  let bytes = together
  for (const key of Object.keys(fields)) {
    if (Object.hasOwn(bound.annotations, key)) bytes -= bytesOfField(key, bound.annotations[key])
  }
  return new RecordContext(Object.assign(new PlainObject(), bound.annotations, fields), Math.max(objectBytes, bytes))
}

/** Annotations that are no object are shown as one. */
export const fieldsOf = (copy: unknown): Annotations => {
  const isError = copy instanceof ErrorSnapshot
  if (isRecord(copy) && !isError) return copy
  const out = new PlainObject()
  out[isError ? "error" : "annotations"] = copy
  return out
}

/** Whether a snapshot of these annotations can stand for them for ever: nothing in them can change. */
const isImmutable = (annotations: Annotations): boolean => {
  try {
    for (const key of Object.keys(annotations)) {
      const value = annotations[key]
      if ((typeof value === "object" && value !== null && !Redacted.isRedacted(value)) || typeof value === "function") {
        return false
      }
    }
    return true
  } catch {
    return false
  }
}
