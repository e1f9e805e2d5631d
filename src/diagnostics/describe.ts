import * as Cause from "effect/Cause"
import { shortened } from "../record/text.ts"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"

const longest = 256

/** What went wrong, in words. Total: an error is the program's own object, and may throw when it is read. */
const orElse = (read: () => string, otherwise: string): string => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** The first line of a cause. */
export const describeCause = (cause: Cause.Cause<unknown>): string =>
  orElse(() => withoutCredentials(Cause.pretty(cause).split("\n", 1).join("")), "an error that cannot be read")

/** The message of an error. */
export const describeError = (error: unknown): string =>
  orElse(() => {
    if (error instanceof Error) return shortened(error.message, longest)
    return typeof error === "string" ? shortened(error, longest) : "an error without a message"
  }, "an error that cannot be read")

/** The name and the message of a defect; of what is no error its type, since it could hold anything. */
export const describeDefect = (defect: unknown): string =>
  orElse(
    () => defect instanceof Error ? shortened(`${defect.name}: ${defect.message}`, longest) : typeof defect,
    "unknown defect"
  )
