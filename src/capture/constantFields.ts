import type { LogRedactor } from "../LogRedactor.ts"
import type { RecordContext } from "../record/RecordOrigin.ts"
import { annotated, type Annotations, emptyContext, withheldContext } from "./attributes.ts"
import type { Limits } from "./limits.ts"
import { Snapshot } from "./Snapshot.ts"

/** What every record of a runtime says: the snapshot of its `fields`, taken once. */
export const constantFields = (
  fields: Annotations | undefined,
  redactor: LogRedactor,
  limits: Limits
): RecordContext => {
  if (fields === undefined) return emptyContext
  try {
    return annotated(fields, new Snapshot(redactor, limits))
  } catch {
    return withheldContext("fields")
  }
}
