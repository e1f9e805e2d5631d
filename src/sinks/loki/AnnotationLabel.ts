import { shown } from "../../options/shown.ts"
import { labelValueBytes } from "./limits.ts"

/**
 * An annotation that is a label. Where it has more values than it may, it is none any more, for good: Loki has few
 * streams, and what has many values belongs into structured metadata.
 */
export class AnnotationLabel {
  readonly annotation: string
  readonly name: string
  private readonly most: number
  private readonly moved: (text: string) => void
  /** The values so far; nothing once there were too many. */
  private values: Set<string> | undefined = new Set()

  constructor(annotation: string, name: string, most: number, moved: (text: string) => void) {
    this.annotation = annotation
    this.name = name
    this.most = most
    this.moved = moved
  }

  /** The value of the label, or nothing for a record whose stream does not have it. */
  valueIn(annotations: Readonly<Record<string, unknown>>): string | undefined {
    const { values } = this
    if (values === undefined) return undefined
    const value = textOf(annotations[this.annotation])
    if (value === undefined || values.has(value)) return value
    if (values.size < this.most) {
      values.add(value)
      return value
    }
    this.values = undefined
    this.moved(
      `the label ${shown(this.annotation)} has more than ${this.most} values and is structured metadata from now on: ` +
        "take it out of labelsFrom, or allow more with maxLabelValues"
    )
    return undefined
  }
}

const textOf = (value: unknown): string | undefined => {
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  // To Loki a label without a value is none.
  if (typeof value !== "string" || value === "" || Buffer.byteLength(value) > labelValueBytes) return undefined
  return value.toWellFormed()
}
