import { severityOf } from "../record/level.ts"
import type { Catalogue, CatalogueEntry } from "./catalogue.ts"
import { type Broken, brokenEvent } from "./compareTypes.ts"

/**
 * A change of declared events that breaks who reads their records.
 *
 * @category models
 * @since 0.1.0
 */
export interface BreakingChange {
  readonly kind: "event removed" | "level lowered" | Broken["kind"]
  readonly event: string
  /** Which field, and where in it: `items[].price`. Nothing where it is the event itself. */
  readonly field: string | undefined
  /** What has changed, as a sentence. */
  readonly sentence: string
}

/** What breaks between two catalogues, event by event. */
export const breakingChanges = (before: Catalogue, after: Catalogue): ReadonlyArray<BreakingChange> => {
  const now = new Map(after.events.map((entry) => [entry.name, entry]))
  return before.events.flatMap((entry) => {
    const next = now.get(entry.name)
    if (next === undefined) {
      const sentence = `the event "${entry.name}" is removed`
      return [{ kind: "event removed" as const, event: entry.name, field: undefined, sentence }]
    }
    return [
      ...levelChange(entry, next),
      ...brokenEvent(entry.schema, next.schema, [before.definitions, after.definitions]).map(
        ({ kind, path, text }): BreakingChange => ({
          kind,
          event: entry.name,
          field: path,
          sentence: `the field "${path}" of "${entry.name}" ${text}`
        })
      )
    ]
  })
}

const levelChange = ({ level, name }: CatalogueEntry, next: CatalogueEntry): ReadonlyArray<BreakingChange> =>
  severityOf(next.level) >= severityOf(level) ? [] : [{
    kind: "level lowered",
    event: name,
    field: undefined,
    sentence:
      `the level of "${name}" is ${next.level} and was ${level}: where that is the lowest level, it comes no more`
  }]
