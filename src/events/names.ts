import * as Check from "../options/check.ts"

const dotted = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/

/** What the name of an event may be. */
export const aName = Check.satisfies(
  `a name in lower case whose parts are joined by dots, like "user.signed_in"`,
  (value) => typeof value === "string" && dotted.test(value)
)
