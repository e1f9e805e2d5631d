import { LogSpans } from "../record/LogSpans.ts"
import { PlainObject } from "../record/plainData.ts"
import { plural } from "../record/text.ts"
import type { Walk } from "./walk.ts"

/** The log spans of a call, the innermost first. What is left out is shown by the outermost. */
export const spansOf = (
  spans: ReadonlyArray<[label: string, timestamp: number]>,
  now: number,
  walk: Walk
): LogSpans => {
  const out = new PlainObject<number>()
  const bound = Math.min(spans.length, walk.limits.keys)
  for (let i = 0; i < bound; i++) {
    const [label, timestamp] = spans[i]!
    out[walk.label(label)] = now - timestamp
  }
  const outermost = spans.at(-1)
  if (bound < spans.length && outermost !== undefined) {
    const more = spans.length - bound
    out[`[${more} more ${plural(more, "span")}]`] = now - outermost[1]
  }
  return new LogSpans(out, now)
}
