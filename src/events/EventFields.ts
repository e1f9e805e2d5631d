import { PlainObject } from "../record/plainData.ts"

export type Fields = Readonly<Record<string, unknown>>

/** A longer name is that of no counter. */
const longestName = 128

const asItIs = (sum: number): number => sum

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
  /** What its values are counted with. */
  bytes = 0
  private count = 0
  private readonly bounds: { readonly maxFields: number; readonly maxBytes: number }
  private readonly copier: EventCopier

  constructor(bounds: EventFields["bounds"], copier: EventCopier) {
    this.bounds = bounds
    this.copier = copier
  }

  /** Sets fields to copies of what they are now. */
  add(given: unknown): void {
    const copies = this.copier.copy(given)
    for (const name of Object.keys(copies)) this.set(name, copies[name])
  }

  /** Adds to a number. Of a field that is none, or that nobody may see, it is left out; so is what is too much for a number. */
  increase(name: string, by: number, round: (sum: number) => number = asItIs): void {
    const before = this.values[name]
    const sum = round(typeof before === "number" ? before + by : by)
    if (!Number.isFinite(sum) || name.length > longestName) this.omitted++
    else if (typeof before === "number") this.set(name, sum)
    else if (before === undefined) this.add({ [name]: sum })
    else this.omitted++
  }

  private set(name: string, value: unknown): void {
    const { bounds, copier, values } = this
    const isNew = !Object.hasOwn(values, name)
    const more = copier.sizeOf(name, value) - (isNew ? 0 : copier.sizeOf(name, values[name]))
    if ((isNew && this.count >= bounds.maxFields) || this.bytes + more > bounds.maxBytes) {
      this.omitted++
      return
    }
    if (isNew) this.count++
    this.bytes += more
    values[name] = value
  }

  /** Gives all there is, and keeps nothing. */
  take(): Record<string, unknown> {
    const { values } = this
    this.values = new PlainObject()
    return values
  }
}
