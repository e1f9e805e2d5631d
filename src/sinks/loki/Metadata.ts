import { errorText } from "../../encode/causeText.ts"
import { CauseSnapshot, ErrorSnapshot } from "../../record/ErrorSnapshot.ts"
import { lowerCase } from "../../record/level.ts"
import { isRecord } from "../../record/plainData.ts"
import type { RecordOrigin } from "../../record/RecordOrigin.ts"
import { Entries, numberBytes } from "./Entries.ts"
import type { Placed } from "./Labels.ts"
import { Names } from "./names.ts"

/** What the records of one origin have in common, and under which names they have what differs. */
export interface SharedMetadata {
  readonly json: string
  readonly uid: string | undefined
  /** Of each log span; one without is left out. */
  readonly spans: ReadonlyArray<string | undefined>
}

const none: ReadonlyArray<never> = []

/** Most bytes of a uid. */
const uidBytes = 32

/** Levels of objects in annotations whose fields are entries of their own. */
const deepest = 8

/**
 * What is known of records besides what was logged, as structured metadata: texts with a name (Loki, "Structured
 * metadata"). What the record itself has comes first, then its annotations in their order.
 */
export class Metadata {
  private readonly names = new Names()
  private readonly uid: boolean
  /** Whether the level is no label. */
  private readonly level: boolean

  constructor(options: { readonly uid: boolean; readonly level: boolean }) {
    this.uid = options.uid
    this.level = options.level
  }

  /** What the records of an origin share, in a stream that says some of it already. */
  sharedOf({ context, fiberId, level, spanId, spans, traceId }: RecordOrigin, placed: Placed): SharedMetadata {
    const entries = new Entries(placed.names)
    const uid = this.uid ? entries.reserve("uid", uidBytes) : undefined
    if (this.level) entries.add("level", lowerCase[level])
    if (traceId !== undefined) entries.add("trace_id", traceId.toWellFormed())
    if (spanId !== undefined) entries.add("span_id", spanId.toWellFormed())
    if (fiberId !== 0) entries.add("fiber_id", String(fiberId))
    const ofSpans = spans?.labels.map((label) => entries.reserve(this.names.of(`log_span_${label}`), numberBytes))
    const { annotations } = context
    for (const key of Object.keys(annotations)) {
      if (!placed.annotations.has(key)) this.add(entries, key, annotations[key], 0)
    }
    return { json: entries.end(), uid, spans: ofSpans ?? none }
  }

  /** Adds what is at a path, the fields of objects one by one. */
  private add(entries: Entries, path: string, value: unknown, depth: number): void {
    if (value === undefined) return
    if (depth < deepest && isFields(value)) {
      for (const key of Object.keys(value)) this.add(entries, `${path}.${key}`, value[key], depth + 1)
    } else {
      entries.addAnnotation(this.names.of(path), textOf(value).toWellFormed())
    }
  }
}

/** Whether a value is an object of fields. An empty one would be gone. */
const isFields = (u: unknown): u is Readonly<Record<string, unknown>> =>
  isRecord(u) && !(u instanceof ErrorSnapshot) && !(u instanceof CauseSnapshot) && Object.keys(u).length > 0

const textOf = (value: unknown): string => typeof value === "number" ? String(value) : errorText(value)
