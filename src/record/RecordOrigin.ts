import type { Level } from "./level.ts"
import type { LogSpans } from "./LogSpans.ts"
import type { PackedMessage } from "./PackedMessage.ts"
import { PlainObject } from "./plainData.ts"

/** Annotations, as many records have them. */
export class RecordContext {
  readonly bytes: number
  /** What comes first, when the annotations are those of another context and some more. */
  readonly bound: RecordContext | undefined
  /** What comes after {@link bound}; where both have a name, this one counts. */
  readonly own: PackedMessage | undefined
  /** What encoders keep of it. */
  encoded: unknown = undefined
  private fields: Readonly<Record<string, unknown>> | undefined
  private count: number | undefined = undefined

  constructor(
    annotations: Readonly<Record<string, unknown>> | undefined,
    bytes: number,
    bound?: RecordContext,
    own?: PackedMessage
  ) {
    this.fields = annotations
    this.bytes = bytes
    this.bound = bound
    this.own = own
  }

  /** The number of annotations. */
  get size(): number {
    return this.count ??= Object.keys(this.annotations).length
  }

  /** What it holds texts in. */
  parts(): ReadonlyArray<unknown> {
    const own = [this.fields, this.own?.leaves]
    return this.bound === undefined ? own : [...own, ...this.bound.parts()]
  }

  get annotations(): Readonly<Record<string, unknown>> {
    return this.fields ??= Object.assign(new PlainObject(), this.bound?.annotations, this.own?.unpack())
  }
}

/**
 * What the records of one fiber and one level have in common. Shared between
 * records: what is not in each of them need not be made, kept and compared for
 * each of them.
 */
export class RecordOrigin {
  readonly level: Level
  readonly context: RecordContext
  readonly spans: LogSpans | undefined
  readonly fiberId: number
  readonly traceId: string | undefined
  readonly spanId: string | undefined
  /** Whether the trace is recorded, as far as the span knows. */
  readonly sampled: boolean | undefined
  /** What the uids of all records of a runtime begin with. */
  readonly runtimeId: string
  /** What encoders keep of it. */
  encoded: unknown = undefined
  /** What events of a span have of it, once one was added. */
  attributes: Readonly<Record<string, unknown>> | undefined = undefined

  constructor(
    level: Level,
    context: RecordContext,
    spans: LogSpans | undefined,
    fiberId: number,
    traceId: string | undefined,
    spanId: string | undefined,
    sampled: boolean | undefined,
    runtimeId: string
  ) {
    this.level = level
    this.context = context
    this.spans = spans
    this.fiberId = fiberId
    this.traceId = traceId
    this.spanId = spanId
    this.sampled = sampled
    this.runtimeId = runtimeId
  }

  /** The same with other annotations. */
  with(context: RecordContext): RecordOrigin {
    const { fiberId, level, runtimeId, sampled, spanId, spans, traceId } = this
    return new RecordOrigin(level, context, spans, fiberId, traceId, spanId, sampled, runtimeId)
  }

  /** What it holds texts in. */
  parts(): ReadonlyArray<unknown> {
    return this.context.parts()
  }
}
