import { PlainObject } from "../record/plainData.ts"
import { plural } from "../record/text.ts"
import { nameOf } from "./KnownKeys.ts"
import type { Walk } from "./walk.ts"

/** Log spans as durations, the innermost first. What is left out is shown by the outermost. */
export const durationsOf = (
  spans: ReadonlyArray<[label: string, timestamp: number]>,
  now: number,
  { knownKeys, limits }: Walk
): Record<string, number> => {
  const out = new PlainObject<number>()
  const bound = Math.min(spans.length, limits.keys)
  for (let i = 0; i < bound; i++) {
    const [label, timestamp] = spans[i]!
    // The clock may have been set back since.
    out[nameOf(knownKeys.redactText(label))] = Math.max(0, now - timestamp)
  }
  const outermost = spans.at(-1)
  if (bound < spans.length && outermost !== undefined) {
    const more = spans.length - bound
    out[`[${more} more ${plural(more, "span")}]`] = Math.max(0, now - outermost[1])
  }
  return out
}
