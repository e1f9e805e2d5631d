import type { CauseReason } from "../LogRecord.ts"

/**
 * Renders the snapshot of a cause as text: the stack of each error, its own
 * properties, its `cause`s indented below it, with defects and interruptions
 * told apart from failures.
 */
export const causeText = (reasons: ReadonlyArray<CauseReason>): string => reasons.map(reasonText).join("\n")

const reasonText = (reason: CauseReason): string => {
  switch (reason.kind) {
    case "Fail":
      return errorText(reason.error)
    case "Die":
      return `Defect: ${errorText(reason.error)}`
    case "Interrupt":
      return reason.fiberId === undefined ? "Interrupted" : `Interrupted by #${reason.fiberId}`
  }
}

const standard = new Set(["_tag", "name", "message", "stack", "cause", "errors"])
const longestDetail = 512

/** Renders one snapshotted error, with everything below its first line indented. */
export const errorText = (error: unknown, indent = ""): string => {
  if (!isErrorSnapshot(error)) return typeof error === "string" ? error : JSON.stringify(error) ?? String(error)
  const head = headText(error).replaceAll("\n", `\n${indent}`)
  const details: Array<string> = []
  const inner = `${indent}  `
  for (const [key, value] of Object.entries(error)) {
    if (!standard.has(key)) details.push(`${inner}${key}: ${shortened(errorText(value, inner))}`)
  }
  if (error["cause"] !== undefined) details.push(`${inner}[cause]: ${errorText(error["cause"], inner)}`)
  if (Array.isArray(error["errors"])) {
    for (const each of error["errors"]) details.push(`${inner}[error]: ${errorText(each, inner)}`)
  }
  return details.length === 0 ? head : `${head} {\n${details.join("\n")}\n${indent}}`
}

// The snapshot keeps a property whole; the text of a cause is for reading.
const shortened = (text: string): string => text.length > longestDetail ? `${text.slice(0, longestDetail)}…` : text

const headText = (error: Readonly<Record<string, unknown>>): string => {
  const { _tag: tag, message, name, stack } = error
  const title = `${typeof name === "string" ? name : typeof tag === "string" ? tag : "Error"}: ${
    typeof message === "string" ? message : ""
  }`
  if (typeof stack !== "string" || stack === "") return title
  // A stack is made when the error is: it may miss a name or message set later.
  const frames = stack.indexOf("\n    at ")
  const head = frames === -1 ? stack : stack.slice(0, frames)
  return typeof message !== "string" || head.includes(message) ? stack : `${title}\n${stack}`
}

/** Whether a snapshot is that of an error, or of a tagged failure with a message. */
export const isErrorSnapshot = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === "object" && u !== null && !Array.isArray(u) && hasTextOfError(u)

const hasTextOfError = (
  u: { readonly stack?: unknown; readonly _tag?: unknown; readonly message?: unknown }
): boolean => typeof u.stack === "string" || (typeof u._tag === "string" && typeof u.message === "string")
