import type * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { type Level, levels } from "../LogRecord.ts"
import { randomId } from "../node/randomId.ts"
import { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { shortened } from "../record/text.ts"
import { type Annotations, emptyContext, fieldsOf } from "./attributes.ts"
import { durationsOf } from "./logSpans.ts"
import type { Snapshot } from "./Snapshot.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

const longestId = 64

/**
 * What the records of one fiber have in common, found again by the identity of
 * its context and of its annotations.
 */
export class FiberOrigins {
  /** The context of the fiber whose origins are known, while it is certain that they stay the same. */
  private source: object | undefined = undefined
  private fiberId = 0
  private readonly byLevel: Array<RecordOrigin | undefined> = levels.map(() => undefined)
  private readonly runtimeId: string
  private outside: RecordOrigin
  /** What the known origins were made from. */
  private annotations: Annotations = emptyContext.annotations
  private seen: Seen = { context: emptyContext, keys: [], values: [] }
  private readonly contexts = new WeakMap<Annotations, Seen>()

  /** The uids of all its records begin with one id. */
  constructor(runtimeId = randomId()) {
    this.runtimeId = runtimeId
    this.outside = this.make("Info", emptyContext, undefined, undefined)
  }

  /** The origin of a record of the fiber that logged last, if it is known. */
  known(severity: number, fiber: AnyFiber): RecordOrigin | undefined {
    if (fiber.context !== this.source || fiber.id !== this.fiberId) return undefined
    return isAsSeen(this.annotations, this.seen) ? this.byLevel[severity] : undefined
  }

  /** The origin of a record that a fiber logs. Log spans are durations up to `time`. */
  of(level: Level, severity: number, fiber: AnyFiber, time: number, snapshot: Snapshot): RecordOrigin {
    return this.known(severity, fiber) ?? this.find(level, severity, fiber, time, snapshot)
  }

  /** The origin of a record that is logged from outside Effect, or from a place in it that cannot run one. */
  direct(level: Level, context: RecordContext, fiber: AnyFiber | undefined): RecordOrigin {
    const last = this.outside
    if (fiber === undefined && last.context === context && last.level === level) return last
    const origin = this.make(level, context, undefined, fiber)
    if (fiber === undefined) this.outside = origin
    return origin
  }

  /** Lets go of the context of the last fiber that logged, which may hold much of the program. */
  release(): void {
    this.source = undefined
    this.byLevel.fill(undefined)
  }

  private find(level: Level, severity: number, fiber: AnyFiber, time: number, snapshot: Snapshot): RecordOrigin {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    const spans = fiber.getRef(References.CurrentLogSpans)
    let isLasting = spans.length === 0
    let seen = this.contexts.get(annotations)
    if (seen === undefined || !isAsSeen(annotations, seen)) {
      const context = new RecordContext(fieldsOf(snapshot.value(annotations)), snapshot.bytes)
      seen = seeing(annotations, context)
      if (seen !== undefined) this.contexts.set(annotations, seen)
      else {
        seen = { context, keys: [], values: [] }
        isLasting = false
      }
    }
    const { context } = seen
    const durations = spans.length === 0 ? undefined : durationsOf(spans, time, snapshot)
    const origin = this.make(level, context, durations, fiber)
    if (!isLasting) {
      this.source = undefined
      return origin
    }
    if (fiber.context !== this.source || fiber.id !== this.fiberId || seen !== this.seen) {
      this.release()
      this.annotations = annotations
      this.seen = seen
      this.source = fiber.context
      this.fiberId = fiber.id
    }
    this.byLevel[severity] = origin
    return origin
  }

  private make(
    level: Level,
    context: RecordContext,
    spans: Readonly<Record<string, number>> | undefined,
    fiber: AnyFiber | undefined
  ): RecordOrigin {
    const span = fiber?.cache.span
    return new RecordOrigin(
      level,
      context,
      spans,
      fiber?.id ?? 0,
      idOf(span?.traceId),
      idOf(span?.spanId),
      span?.sampled,
      this.runtimeId
    )
  }
}

/** The ids of an external span are whatever a peer sent. */
const idOf = (id: string | undefined): string | undefined =>
  id === undefined || id.length <= longestId ? id : shortened(id, longestId)

/**
 * A snapshot of annotations, and what they were then: a program may change the
 * object itself, which is therefore looked at again in every call. Measured: 12 ns
 * for three of them.
 */
interface Seen {
  readonly context: RecordContext
  readonly keys: ReadonlyArray<string>
  readonly values: ReadonlyArray<unknown>
}

const isAsSeen = (annotations: Annotations, { keys, values }: Seen): boolean => {
  let count = 0
  for (const key in annotations) {
    if (key !== keys[count] || annotations[key] !== values[count]) return false
    count++
  }
  return count === keys.length
}

/** What is to be looked at again; nothing where that would not do, because something in the annotations may change. */
const seeing = (annotations: Annotations, context: RecordContext): Seen | undefined => {
  try {
    const keys: Array<string> = []
    const values: Array<unknown> = []
    for (const key in annotations) {
      const value = annotations[key]
      if ((typeof value === "object" && value !== null && !Redacted.isRedacted(value)) || typeof value === "function") {
        return undefined
      }
      keys.push(key)
      values.push(value)
    }
    return { context, keys, values }
  } catch {
    return undefined
  }
}
