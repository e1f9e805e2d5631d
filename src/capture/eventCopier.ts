import type { EventCopier, Fields } from "../events/EventFields.ts"
import type { LogRedactor } from "../LogRedactor.ts"
import { fieldsOf, withheldContext } from "./attributes.ts"
import { bytesOfField, type Limits } from "./limits.ts"
import { Snapshot } from "./Snapshot.ts"

/** What one getter that adds to an event may start, in which another does. */
const deepest = 4

/** Copies what is added to events as log calls are copied: at once, redacted and bounded. */
export const eventCopier = (redactor: LogRedactor, limits: Limits): EventCopier => {
  let snapshot: Snapshot | undefined
  let depth = 0
  const copied = (given: unknown, walk: Snapshot): Fields => {
    walk.reset()
    return fieldsOf(walk.value(given))
  }
  return {
    sizeOf: bytesOfField,
    copy(given) {
      if (depth >= deepest) return withheldContext("fields").annotations
      depth++
      try {
        // A getter may add to an event while one is copied.
        return copied(given, depth === 1 ? snapshot ??= new Snapshot(redactor, limits) : new Snapshot(redactor, limits))
      } catch {
        return withheldContext("fields").annotations
      } finally {
        depth--
      }
    }
  }
}
