import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as References from "effect/References"
import { type Level, levels } from "../LogRecord.ts"
import { idleSleep } from "../node/idleSleep.ts"
import { randomId } from "../node/randomId.ts"
import type { LogSpans } from "../record/LogSpans.ts"
import { newArray } from "../record/plainData.ts"
import { type RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { shortened } from "../record/text.ts"
import { type Annotations, emptyContext, scopeIn } from "./attributes.ts"
import { enriched, type Enricher } from "./Enricher.ts"
import { spansOf } from "./logSpans.ts"
import { isAsSeen, type Seen, SeenContexts, seenNothing } from "./SeenContexts.ts"
import type { Snapshot } from "./Snapshot.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>
type Spans = ReadonlyArray<[label: string, timestamp: number]>

const longestId = 64
/** A power of two. */
const mostFibers = 256
const mostSpans = 4
const longestLabel = 64
const untilForgotten = Duration.seconds(1)

/** What a fiber logged with last, and the origins of its records. */
class FiberPlace {
  fiberId = -1
  annotations: Annotations = emptyContext.annotations
  seen: Seen = seenNothing
  /** What is said of its services behind what all records say, where that is asked. */
  extra: RecordContext | undefined = undefined
  context: RecordContext = emptyContext
  logSpans: Spans = []
  spans: LogSpans | undefined = undefined
  traceId: string | undefined = undefined
  spanId: string | undefined = undefined
  sampled: boolean | undefined = undefined
  isUsed = false
  readonly byLevel: Array<RecordOrigin | undefined> = levels.map(() => undefined)

  clear(): void {
    this.fiberId = -1
    this.annotations = emptyContext.annotations
    this.seen = seenNothing
    this.extra = undefined
    this.context = emptyContext
    this.logSpans = []
    this.spans = undefined
    this.traceId = undefined
    this.spanId = undefined
    this.byLevel.fill(undefined)
  }
}

/**
 * What the records of one fiber have in common, found again while it logs with the same
 * annotations, log spans and span.
 *
 * Of the fiber that logged last that is known by the identity of its context, up to the
 * next batch. Many fibers take turns, so that of some more it is known by what it is made
 * of, for a second or two; only of those where that is small and no secret, since nobody
 * else may need it any more.
 */
export class FiberOrigins {
  private source: object | undefined = undefined
  /** The place of the fiber whose context {@link source} is. */
  private last = new FiberPlace()
  private readonly places: Array<FiberPlace | undefined> = newArray()
  /** Where what is large or secret stands, of one fiber. */
  private readonly spare = new FiberPlace()
  /** What all records of the runtime say. */
  readonly base: RecordContext
  private readonly contexts: SeenContexts
  private readonly runtimeId: string
  private readonly enricher: Enricher | undefined
  private outside: RecordOrigin
  private held = 0
  private readonly some = Latch.makeUnsafe(false)

  /** The uids of all its records begin with one id. */
  constructor(runtimeId = randomId(), enricher?: Enricher, base = emptyContext) {
    this.runtimeId = runtimeId
    this.enricher = enricher
    this.base = base
    // What is said of services stands between the two.
    this.contexts = new SeenContexts(enricher === undefined ? base : emptyContext)
    this.outside = this.make("Info", base, undefined, 0, undefined, undefined, undefined)
    for (let i = 0; i < mostFibers; i++) this.places.push(undefined)
  }

  /** The origin of a record of a fiber that logged lately, if it is known. */
  known(severity: number, fiber: AnyFiber): RecordOrigin | undefined {
    return this.placeAsSeen(fiber)?.byLevel[severity]
  }

  /** The origin of a record that a fiber logs at a `time`. */
  of(level: Level, severity: number, fiber: AnyFiber, time: number, snapshot: Snapshot): RecordOrigin {
    const place = this.placeAsSeen(fiber) ?? this.enter(fiber, time, snapshot)
    return place.byLevel[severity] ??= this.make(
      level,
      place.context,
      place.spans,
      fiber.id,
      place.traceId,
      place.spanId,
      place.sampled
    )
  }

  /** The same for a record that says what no other of its fiber will, by which nothing need be found again. */
  once(level: Level, fiber: AnyFiber, time: number, snapshot: Snapshot): RecordOrigin {
    const { span } = fiber.cache
    const logSpans = fiber.getRef(References.CurrentLogSpans)
    const spans = logSpans.length === 0 ? undefined : spansOf(logSpans, time, snapshot)
    const extra = this.enricher?.of(fiber.context, snapshot)
    const { context } = this.contexts.of(fiber.getRef(References.CurrentLogAnnotations), snapshot)
    const all = extra === undefined ? context : enriched(extra, context, snapshot)
    return this.make(level, all, spans, fiber.id, span?.traceId, span?.spanId, span?.sampled)
  }

  /** The scope that a fiber logs in now: annotations may have been changed within. To look for it may run code of the program. */
  scopeOf(fiber: AnyFiber): string | undefined {
    const { last, source } = this
    const isLast = fiber.context === source && fiber.id === last.fiberId
    return scopeIn(isLast ? last.annotations : fiber.getRef(References.CurrentLogAnnotations))
  }

  /** The origin of a record that is logged from outside Effect, or from a place in it that cannot run one. */
  direct(level: Level, context: RecordContext, fiber: AnyFiber | undefined): RecordOrigin {
    const last = this.outside
    if (fiber === undefined) {
      if (last.context === context && last.level === level) return last
      return this.outside = this.make(level, context, undefined, 0, undefined, undefined, undefined)
    }
    const { span } = fiber.cache
    return this.make(level, context, undefined, fiber.id, span?.traceId, span?.spanId, span?.sampled)
  }

  /** Lets go of what may be much of the program, or secret. */
  release(): void {
    this.source = undefined
    if (this.spare.fiberId >= 0) this.spare.clear()
    if (this.held > 0) this.some.openUnsafe()
  }

  /** Lets go of what no fiber has logged with for a while. While nothing is held no timer runs. */
  readonly run: Effect.Effect<never> = Effect.gen({ self: this }, function*() {
    for (;;) {
      yield* this.some.await
      yield* idleSleep(untilForgotten)
      this.forget()
      if (this.held === 0) this.some.closeUnsafe()
    }
  })

  private forget(): void {
    const { places } = this
    for (let i = 0; i < places.length; i++) {
      const place = places[i]
      if (place === undefined) continue
      if (!place.isUsed) {
        places[i] = undefined
        this.held--
      }
      place.isUsed = false
    }
    this.contexts.forget()
  }

  /** What is known of a fiber, if it still logs with the same. To look at annotations may run a getter, and another fiber log in that. */
  private placeAsSeen(fiber: AnyFiber): FiberPlace | undefined {
    const place = this.placeOf(fiber)
    if (place === undefined) return undefined
    const { seen } = place
    return isAsSeen(place.annotations, seen) && place.seen === seen && place.fiberId === fiber.id ? place : undefined
  }

  /** What is known of a fiber, if it still logs with the same, save that annotations may have been changed within. */
  private placeOf(fiber: AnyFiber): FiberPlace | undefined {
    if (fiber.context === this.source && fiber.id === this.last.fiberId) return this.last
    const place = this.places[fiber.id & (mostFibers - 1)]
    if (place === undefined || place.fiberId !== fiber.id) return undefined
    const { span } = fiber.cache
    if (
      fiber.getRef(References.CurrentLogAnnotations) !== place.annotations ||
      fiber.getRef(References.CurrentLogSpans) !== place.logSpans ||
      span?.spanId !== place.spanId || span?.traceId !== place.traceId || span?.sampled !== place.sampled
    ) return undefined
    if (this.enricher !== undefined && this.enricher.known(fiber.context) !== place.extra) return undefined
    place.isUsed = true
    this.source = fiber.context
    return this.last = place
  }

  private enter(fiber: AnyFiber, time: number, snapshot: Snapshot): FiberPlace {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    const logSpans = fiber.getRef(References.CurrentLogSpans)
    const { span } = fiber.cache
    const extra = this.enricher?.of(fiber.context, snapshot)
    const seen = this.contexts.of(annotations, snapshot)
    const context = extra === undefined ? seen.context : enriched(extra, seen.context, snapshot)
    const spans = logSpans.length === 0 ? undefined : spansOf(logSpans, time, snapshot)
    const isHeld = seen.keep === "held" && (extra === undefined || this.enricher?.isLight(extra) === true)
    const place = isHeld && areSmall(logSpans, spans) && isSmall(span?.traceId) && isSmall(span?.spanId)
      ? this.shared(fiber.id)
      : this.spare
    place.fiberId = fiber.id
    place.annotations = annotations
    place.seen = seen
    place.extra = extra
    place.context = context
    place.logSpans = logSpans
    place.spans = spans
    place.traceId = span?.traceId
    place.spanId = span?.spanId
    place.sampled = span?.sampled
    place.isUsed = true
    place.byLevel.fill(undefined)
    this.source = seen.keep === "never" ? undefined : fiber.context
    return this.last = place
  }

  private shared(fiberId: number): FiberPlace {
    const at = fiberId & (mostFibers - 1)
    const place = this.places[at]
    if (place !== undefined) return place
    this.held++
    return this.places[at] = new FiberPlace()
  }

  private make(
    level: Level,
    context: RecordContext,
    spans: LogSpans | undefined,
    fiberId: number,
    traceId: string | undefined,
    spanId: string | undefined,
    sampled: boolean | undefined
  ): RecordOrigin {
    return new RecordOrigin(level, context, spans, fiberId, idOf(traceId), idOf(spanId), sampled, this.runtimeId)
  }
}

/** The ids of an external span are whatever a peer sent. */
const isSmall = (id: string | undefined): boolean => id === undefined || id.length <= longestId

const idOf = (id: string | undefined): string | undefined =>
  id === undefined ? id : isSmall(id) ? id.toWellFormed() : shortened(id, longestId)

/** Whether log spans are few, and shown as they are. */
const areSmall = (logSpans: Spans, spans: LogSpans | undefined): boolean => {
  if (spans === undefined) return true
  const { labels } = spans
  if (logSpans.length > mostSpans || labels.length !== logSpans.length) return false
  return labels.every((label, i) => label.length <= longestLabel && label === logSpans[i]![0])
}
