import { PlainObject } from "../record/plainData.ts"

export type Fields = Readonly<Record<string, unknown>>

/** Copies what is added to events, as log calls are copied. It is total. */
export interface EventCopier {
  /** A copy of fields; what are no fields becomes one. */
  readonly copy: (given: unknown) => Fields
  /** What a copied field is counted with, in bytes. */
  readonly sizeOf: (name: string, value: unknown) => number
}

/** The fields of one event, bounded by their number and their bytes. A later value takes the place of an earlier one. */
export class EventFields {
  values: Record<string, unknown> = new PlainObject()
  /** How many times a field was left out. */
  omitted = 0
  private count = 0
  private bytes = 0
  private readonly bounds: { readonly maxFields: number; readonly maxBytes: number }
  private readonly sizeOf: EventCopier["sizeOf"]

  constructor(bounds: EventFields["bounds"], sizeOf: EventCopier["sizeOf"]) {
    this.bounds = bounds
    this.sizeOf = sizeOf
  }

  set(name: string, value: unknown): void {
    const { bounds, values } = this
    const isNew = !Object.hasOwn(values, name)
    const more = this.sizeOf(name, value) - (isNew ? 0 : this.sizeOf(name, values[name]))
    if ((isNew && this.count >= bounds.maxFields) || this.bytes + more > bounds.maxBytes) {
      this.omitted++
      return
    }
    if (isNew) this.count++
    this.bytes += more
    values[name] = value
  }

  /** Adds to a number. */
  increase(name: string, by: number): void {
    const before = this.values[name]
    if (!Number.isFinite(by)) this.omitted++
    else this.set(name, typeof before === "number" ? before + by : by)
  }

  /** Gives all there is, and keeps nothing. */
  take(): Record<string, unknown> {
    const { values } = this
    this.values = new PlainObject()
    return values
  }
}
