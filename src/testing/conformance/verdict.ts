import * as Effect from "effect/Effect"
import type { SinkError } from "../../LogSink.ts"
import { NonConformance, type Rule } from "./rules.ts"

/** How a write ended. */
export type Ended =
  | { readonly _tag: "Stored" }
  | { readonly _tag: "Failed"; readonly error: SinkError }
  | { readonly _tag: "Hangs" }

export const broken = (rule: Rule, message: string): Effect.Effect<never, NonConformance> =>
  Effect.fail(new NonConformance({ rule, message: `${rule}: ${message}` }))

/** How a write ended, in words. */
export const said = (ended: Ended): string => {
  switch (ended._tag) {
    case "Stored":
      return "it succeeded"
    case "Hangs":
      return "it did not end"
    case "Failed":
      return `it failed: ${ended.error.message} ${JSON.stringify(ended.error.reason)}`
  }
}

/** Fails unless two lists are the same. */
export const same = (
  rule: Rule,
  what: string,
  expected: ReadonlyArray<string>,
  got: ReadonlyArray<string>
): Effect.Effect<void, NonConformance> => {
  const at = expected.findIndex((each, i) => each !== got[i])
  if (at === -1 && expected.length === got.length) return Effect.void
  const place = at === -1 ? expected.length : at
  return broken(
    rule,
    `${what} must be ${expected.length}, got ${got.length}; the first that differs is ${place + 1}: ` +
      `expected ${shortly(expected[place])}, got ${shortly(got[place])}`
  )
}

/** The same whatever their order is. */
export const sameSet = (
  rule: Rule,
  what: string,
  expected: ReadonlyArray<string>,
  got: ReadonlyArray<string>
): Effect.Effect<void, NonConformance> => same(rule, what, expected.toSorted(), got.toSorted())

/** The start of a text, quoted. */
export const shortly = (text: string | undefined): string =>
  text === undefined ? "none" : JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
