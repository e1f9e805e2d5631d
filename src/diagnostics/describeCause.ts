import * as Cause from "effect/Cause"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"

/** The first line of a cause. Total: an error is the program's own object, and may throw when it is read. */
export const describeCause = (cause: Cause.Cause<unknown>): string => {
  try {
    return withoutCredentials(Cause.pretty(cause).split("\n", 1).join(""))
  } catch {
    return "an error that cannot be read"
  }
}
