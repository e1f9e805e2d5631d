import type { CauseReason } from "../LogRecord.ts"
import { CauseSnapshot, ErrorSnapshot, frameLines } from "../record/ErrorSnapshot.ts"
import { plural, shortened } from "../record/text.ts"

const longestDetail = 512

/**
 * Renders the snapshot of a cause as text: the stack of each error as Effect's
 * own logger shows it, its properties, its `cause`s indented below it, with
 * defects and interruptions told apart from failures.
 */
export const causeText = (reasons: ReadonlyArray<CauseReason>, indent = ""): string =>
  reasons.map((reason) => reasonText(reason, indent)).join(`\n${indent}`)

const reasonText = (reason: CauseReason, indent: string): string => {
  switch (reason.kind) {
    case "Fail":
      return errorText(reason.error, indent, reason.frames)
    case "Die":
      return `Defect: ${errorText(reason.error, indent, reason.frames)}`
    case "Interrupt":
      return indented(interruptText(reason), indent)
    case "More":
      return `[${reason.count} more ${plural(reason.count, "reason")}]`
  }
}

const interruptText = (
  { fiberId, frames = [], interruptor = [] }: CauseReason & { readonly kind: "Interrupt" }
): string => {
  const head = withFrames(fiberId === undefined ? "Interrupted" : `Interrupted by #${fiberId}`, frames)
  return interruptor.length === 0 ? head : withFrames(`${head}\n  [interruptor]`, interruptor)
}

/** Renders one snapshotted error, with everything below its first line indented. */
export const errorText = (error: unknown, indent = "", calls: ReadonlyArray<string> = []): string => {
  if (error instanceof CauseSnapshot) return causeText(error.reasons, indent)
  if (!(error instanceof ErrorSnapshot)) return indented(withFrames(valueText(error), calls), indent)
  const head = indented(withFrames(error.title, [...error.frames, ...calls]), indent)
  const inner = `${indent}  `
  const details: Array<string> = []
  if (error.tag !== undefined && error.name !== undefined && error.tag !== error.name) {
    details.push(`${inner}_tag: ${error.tag}`)
  }
  for (const [key, value] of Object.entries(error.properties)) details.push(`${inner}${key}: ${detail(value, inner)}`)
  if (error.cause !== undefined) details.push(`${inner}[cause]: ${errorText(error.cause, inner)}`)
  for (const each of error.errors ?? []) details.push(`${inner}[error]: ${errorText(each, inner)}`)
  return details.length === 0 ? head : `${head} {\n${details.join("\n")}\n${indent}}`
}

// The snapshot keeps a property whole; the text of a cause is for reading.
const detail = (value: unknown, indent: string): string =>
  value instanceof ErrorSnapshot || value instanceof CauseSnapshot
    ? errorText(value, indent)
    : indented(shortened(valueText(value), longestDetail), indent)

/** What is no error, as text. */
export const valueText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value) ?? String(value)

const withFrames = (head: string, frames: ReadonlyArray<string>): string =>
  frames.length === 0 ? head : `${head}\n${frameLines(frames)}`

const indented = (text: string, indent: string): string => indent === "" ? text : text.replaceAll("\n", `\n${indent}`)
