import * as Redacted from "effect/Redacted"
import { RecordContext } from "../LogRecord.ts"
import { PlainObject } from "./plainData.ts"
import { bytesOfField, objectBytes, type Snapshot } from "./snapshot.ts"

export type Annotations = Readonly<Record<string, unknown>>

export const emptyContext = new RecordContext(new PlainObject(), objectBytes)

/**
 * What the records of one fiber have in common, found again by the identity of
 * its annotations.
 */
export class RecordContexts {
  /** The context that was found last. */
  last = emptyContext
  /** The context of the fiber whose records have {@link last}, while that is certain. */
  source: object | undefined = undefined
  private readonly known = new WeakMap<Annotations, RecordContext>()

  of(annotations: Annotations, snapshot: Snapshot): RecordContext {
    const known = this.known.get(annotations)
    if (known !== undefined) {
      this.last = known
      return known
    }
    const fields = snapshot.fields(annotations)
    const context = new RecordContext(fields, snapshot.bytes)
    if (isImmutable(annotations)) {
      this.known.set(annotations, context)
      this.last = context
    }
    return context
  }
}

/** A context with further attributes; where both have one, the new one counts. */
export const extended = (bound: RecordContext, attributes: Annotations, snapshot: Snapshot): RecordContext => {
  snapshot.bytes = bound.bytes
  const fields = snapshot.fields(attributes)
  let bytes = snapshot.bytes - objectBytes
  for (const key of Object.keys(fields)) {
    if (Object.hasOwn(bound.annotations, key)) bytes -= bytesOfField(key, bound.annotations[key])
  }
  return new RecordContext(Object.assign(new PlainObject(), bound.annotations, fields), Math.max(objectBytes, bytes))
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
