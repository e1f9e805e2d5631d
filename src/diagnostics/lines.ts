import type { LogLevel } from "effect/LogLevel"
import { escapeJson, visible } from "../encode/escapes.ts"
import { Timestamps } from "../encode/Timestamps.ts"
import * as Ledger from "../Ledger.ts"
import { shortened } from "../record/text.ts"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"

/** What the runtime says. What has no source is said whatever was said before. */
export interface Said {
  readonly level: LogLevel
  readonly source?: string | undefined
  /** What is said, or why the report is shown. */
  readonly message?: string | undefined
  readonly report?: Ledger.ShutdownReport | undefined
}

/** How it is written: with its line break. */
export type Line = (said: Said) => string

const longestLine = 1024

/** As text, with further lines indented. */
export const textLine: Line = ({ message, report, source }) => {
  const parts = [message, report === undefined ? undefined : Ledger.format(report)]
  const said = parts.filter((part) => part !== undefined).join("\n")
  const lines = linesOf(source === undefined ? said : `${source}: ${said}`)
  return `[spillway] ${lines.map((line) => visible(line)).join("\n  ")}\n`
}

/** As one object on one line, in a log that has nothing else. */
export const jsonLine = (now: () => number): Line => ({ level, message = "", report, source = "logging" }) => {
  const time = now()
  const json = report === undefined
    ? JSON.stringify({
      timestamp: new Timestamps().format(time),
      level: level.toUpperCase(),
      logger: "spillway",
      source,
      message: linesOf(message).join("\n")
    })
    : Ledger.formatJson(report, { time, message: message === "" ? undefined : message })
  return `${escapeJson(json)}\n`
}

const linesOf = (text: string): ReadonlyArray<string> =>
  withoutCredentials(text).split("\n").map((line) => shortened(line, longestLine))
