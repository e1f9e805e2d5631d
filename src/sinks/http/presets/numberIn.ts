import type { Answer } from "../answer.ts"

/** A whole number under a name in a body of JSON, also where the rest of the body is missing. */
export const numberIn = ({ body }: Answer, name: string): number | undefined => {
  // Within a text of JSON no quote stands without a backslash, so that only a name can be found.
  const [, digits] = new RegExp(`"${name}"\\s*:\\s*(\\d+)`).exec(body) ?? []
  return digits === undefined ? undefined : Number(digits)
}
