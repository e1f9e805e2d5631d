import type { LogSpans } from "../record/LogSpans.ts"
import type { RecordOrigin } from "../record/RecordOrigin.ts"
import { type Fragments, fragments } from "./bytes/fragments.ts"
import type { LineBuffer } from "./bytes/LineBuffer.ts"
import { escapeJson } from "./escapes.ts"

/** What stands before the fields that end a line; `undefined` leaves a field out. */
interface Before {
  readonly spans: string | undefined
  readonly fiberId: string | undefined
  readonly traceId: string | undefined
  readonly spanId: string | undefined
  /** How the next line begins. */
  readonly next: string
}

/** The pieces of an end, and room for what stands between them. */
interface Ending {
  readonly pieces: Fragments
  readonly values: Array<unknown>
}

const withTrace = 1
const withSpan = 2
const variants = 4

/**
 * What ends a line, from the log spans of its origin up to the message of the next. Of a
 * program with many fibers every few records have an origin of their own, so that it is
 * written without a text of it.
 */
export class LineEnd {
  private readonly before: Before
  private readonly label: Fragments
  private readonly labels: Array<unknown> = [undefined]
  private readonly afterAnnotations: ReadonlyArray<Ending>
  private readonly afterDuration: ReadonlyArray<Ending>

  constructor(before: Before) {
    this.before = before
    this.label = fragments([`${before.spans}{`, ":"].map(escapeJson))
    this.afterAnnotations = this.all(before.spans === undefined ? "" : `${before.spans}{}`)
    this.afterDuration = this.all("}")
  }

  /**
   * Whether the end of an origin is written without a text of it: it has one log span at
   * most, and in its label and ids nothing that only the engine knows how to write.
   */
  isSimple({ fiberId, spanId, spans, traceId }: RecordOrigin): boolean {
    const hasOne = spans === undefined ||
      (this.before.spans !== undefined && spans.labels.length === 1 && spans.labels[0]!.isWellFormed())
    return hasOne &&
      Number.isFinite(fiberId) && traceId?.isWellFormed() !== false && spanId?.isWellFormed() !== false
  }

  /** Appends what stands before the duration of the only log span. */
  appendLabel(buffer: LineBuffer, spans: LogSpans): void {
    const { labels } = this
    labels[0] = spans.labels[0]
    buffer.appendBetween(this.label, labels)
    labels[0] = undefined
  }

  /** Appends what comes after the annotations, or after the duration of the only log span. */
  append(buffer: LineBuffer, { fiberId, spanId, spans, traceId }: RecordOrigin): void {
    const { before } = this
    const variant = (traceId === undefined ? 0 : withTrace) + (spanId === undefined ? 0 : withSpan)
    const { pieces, values } = (spans === undefined ? this.afterAnnotations : this.afterDuration)[variant]!
    let count = 0
    if (before.fiberId !== undefined) values[count++] = fiberId
    if (before.traceId !== undefined && traceId !== undefined) values[count++] = traceId
    if (before.spanId !== undefined && spanId !== undefined) values[count++] = spanId
    buffer.appendBetween(pieces, values)
    values.fill(undefined)
  }

  private all(first: string): Array<Ending> {
    return Array.from({ length: variants }, (_, variant) => this.ending(first, variant))
  }

  private ending(first: string, variant: number): Ending {
    const { fiberId, next, spanId, traceId } = this.before
    const pieces: Array<string> = []
    let piece = first
    if (fiberId !== undefined) {
      pieces.push(`${piece}${fiberId}"#`)
      piece = "\""
    }
    for (const id of [variant & withTrace ? traceId : undefined, variant & withSpan ? spanId : undefined]) {
      if (id === undefined) continue
      pieces.push(piece + id)
      piece = ""
    }
    const values = pieces.map((): unknown => undefined)
    return { pieces: fragments([...pieces, `${piece}}\n${next}`].map(escapeJson)), values }
  }
}
