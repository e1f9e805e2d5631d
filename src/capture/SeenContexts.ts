import * as Redactable from "effect/Redactable"
import * as Redacted from "effect/Redacted"
import { newArray } from "../record/plainData.ts"
import type { RecordContext } from "../record/RecordOrigin.ts"
import { annotated, type Annotations, emptyContext, joined } from "./attributes.ts"
import type { Snapshot } from "./Snapshot.ts"

/** So few annotations, in number, are found again by comparing them: what asks less of the collector than a weak map. */
const mostRecent = 4
/** So much text is held without regard to whether anybody else holds it. */
const mostHeld = 512

/**
 * A snapshot of annotations, and what they were then: a program may change the
 * object itself, which is therefore looked at again in every call. Measured: 12 ns
 * for three of them.
 */
export interface Seen {
  readonly context: RecordContext
  readonly keys: ReadonlyArray<unknown>
  readonly values: ReadonlyArray<unknown>
  /**
   * How it may be kept: `held` when nothing in it is large or secret, so that records say
   * all of it; `never` when something in the annotations may change unseen.
   */
  readonly keep: "held" | "weakly" | "never"
}

export const seenNothing: Seen = { context: emptyContext, keys: [], values: [], keep: "never" }

/** The snapshots of annotations that were logged lately, found again by the annotations. */
export class SeenContexts {
  private readonly recent: Array<Annotations | undefined> = newArray()
  private readonly seen: Array<Seen> = newArray()
  private last = 0
  private readonly weak = new WeakMap<Annotations, Seen>()
  private readonly base: RecordContext

  /** `base` is what every context begins with. */
  constructor(base: RecordContext) {
    this.base = base
  }

  of(annotations: Annotations, snapshot: Snapshot): Seen {
    const { recent } = this
    for (let i = 0; i < recent.length; i++) {
      if (recent[i] !== annotations) continue
      const seen = this.seen[i]!
      if (isAsSeen(annotations, seen)) return seen
    }
    const known = this.weak.get(annotations)
    if (known !== undefined && isAsSeen(annotations, known)) return known
    return this.add(annotations, this.onBase(seeing(annotations, snapshot), snapshot))
  }

  /** Lets go of all that is held. */
  forget(): void {
    this.recent.length = 0
    this.seen.length = 0
  }

  private onBase(seen: Seen, snapshot: Snapshot): Seen {
    return this.base.size === 0 ? seen : { ...seen, context: joined(this.base, seen.context, snapshot) }
  }

  private add(annotations: Annotations, seen: Seen): Seen {
    if (seen.keep === "weakly") this.weak.set(annotations, seen)
    if (seen.keep === "held") {
      this.last = (this.last + 1) % mostRecent
      const at = Math.min(this.last, this.recent.length)
      this.recent[at] = annotations
      this.seen[at] = seen
    }
    return seen
  }
}

/** Whether annotations still are what they were. What cannot be read any more is not: a snapshot then says so, field by field. */
export const isAsSeen = (annotations: Annotations, { keys, values }: Seen): boolean => {
  let count = 0
  try {
    for (const key in annotations) {
      if (key !== keys[count] || annotations[key] !== values[count]) return false
      count++
    }
  } catch {
    return false
  }
  return count === keys.length
}

/** Of annotations that are shown as they are and small the snapshot itself says what they were. */
const seeingSame = (annotations: Annotations, context: RecordContext): Seen | undefined => {
  const { own } = context
  if (own === undefined) return undefined
  const { layout: { names: keys }, leaves: values } = own
  let held = 0
  let count = 0
  try {
    for (const key in annotations) {
      const value = annotations[key]
      if (key !== keys[count] || value !== values[count] || typeof value === "object") return undefined
      if (typeof value === "string") held += value.length
      count++
    }
  } catch {
    return undefined
  }
  return count === values.length && held < mostHeld ? { context, keys, values, keep: "held" } : undefined
}

const seeing = (annotations: Annotations, snapshot: Snapshot): Seen => {
  const context = annotated(annotations, snapshot)
  const same = seeingSame(annotations, context)
  if (same !== undefined) return same
  const keys: Array<string> = newArray()
  const values: Array<unknown> = newArray()
  const copies = context.annotations
  let held = 0
  try {
    if (!isOrdinary(annotations)) return { ...seenNothing, context }
    for (const key in annotations) {
      const value = annotations[key]
      if ((typeof value === "object" && value !== null && !Redacted.isRedacted(value)) || typeof value === "function") {
        return { ...seenNothing, context }
      }
      // What is shown as it is now was the same when it was copied.
      if (value !== copies[key] && !isData(annotations, key)) return { ...seenNothing, context }
      keys.push(key)
      values.push(value)
      held += value !== copies[key] ? mostHeld : typeof value === "string" ? value.length : 0
    }
    return { context, keys, values, keep: held < mostHeld ? "held" : "weakly" }
  } catch {
    return { ...seenNothing, context }
  }
}

/** Whether annotations are what their keys say, and not what they make up when they are asked. */
const isOrdinary = (annotations: Annotations): boolean => {
  const prototype: unknown = Object.getPrototypeOf(annotations)
  return (prototype === Object.prototype || prototype === null) && !("toJSON" in annotations) &&
    !(Redactable.symbolRedactable in annotations)
}

const isData = (annotations: Annotations, key: string): boolean =>
  Object.getOwnPropertyDescriptor(annotations, key)?.get === undefined
