import * as Check from "../options/check.ts"

const dotted = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/

/** What the name of an event may be. */
export const aName = Check.satisfies(
  `a name in lower case whose parts are joined by dots, like "user.signed_in"`,
  (value) => typeof value === "string" && dotted.test(value)
)

/** The name of an event for a class: `payment_declined` for `@shop/PaymentDeclined`. */
export const nameOfClass = (identifier: string): string =>
  identifier.slice(identifier.lastIndexOf("/") + 1)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9_.]+/g, "_")
    .toLowerCase()
