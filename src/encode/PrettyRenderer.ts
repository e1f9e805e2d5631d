import type { Level, LogRecord } from "../LogRecord.ts"
import type { RecordContext } from "../record/RecordOrigin.ts"
import { causeText } from "./causeText.ts"
import { visible } from "./escapes.ts"
import { prettyValue } from "./LogfmtRenderer.ts"
import { needsLines, prettyBlock } from "./prettyBlock.ts"

const levelCodes: Readonly<Record<Level, string>> = {
  Trace: "90",
  Debug: "34",
  Info: "32",
  Warn: "33",
  Error: "31",
  Fatal: "30;101"
}

/** Renders records for people: one line, with causes, further messages and what is long indented below it. */
export class PrettyRenderer {
  private readonly colors: boolean
  private readonly uid: boolean
  private context: RecordContext | undefined = undefined
  private fieldsText = ""
  private blocksText = ""

  constructor(colors: boolean, uid: boolean) {
    this.colors = colors
    this.uid = uid
  }

  render(record: LogRecord): string {
    const messages = Array.isArray(record.message) ? record.message : [record.message]
    const [first, ...rest] = messages
    const title = messages.length === 0 || needsLines(first) ? "" : ` ${this.paint("1", textOf(first))}`
    let out = `${this.paint("90", clockTime(record.time))} ${
      this.paint(levelCodes[record.level], record.level.toUpperCase().padEnd(5))
    } ${this.paint("90", `(#${record.fiberId})`)}${title}`
    const { context } = record.origin
    if (context !== this.context) {
      this.context = context
      this.fieldsText = this.fields(record.annotations)
      this.blocksText = this.blocks(record.annotations)
    }
    out += this.fieldsText
    if (record.spans !== undefined) {
      for (const [label, duration] of Object.entries(record.spans)) out += this.field(label, `${duration}ms`)
    }
    if (record.traceId !== undefined) out += this.field("traceId", record.traceId)
    if (record.spanId !== undefined) out += this.field("spanId", record.spanId)
    if (this.uid) out += this.field("uid", record.uid)
    out += this.blocksText
    if (needsLines(first)) out += indented(prettyBlock(first))
    for (const message of rest) {
      out += needsLines(message) ? indented(prettyBlock(message)) : `\n    ${textOf(message)}`
    }
    if (record.cause !== undefined) out += indented(causeText(record.cause))
    return out
  }

  private fields(fields: Readonly<Record<string, unknown>>): string {
    return Object.entries(fields).filter(([, value]) => !needsLines(value))
      .map(([key, value]) => this.field(key, prettyValue(value))).join("")
  }

  private blocks(fields: Readonly<Record<string, unknown>>): string {
    return Object.entries(fields).filter(([, value]) => needsLines(value))
      .map(([key, value]) => `\n   ${this.field(key, "")}${indented(prettyBlock(value)).trimStart()}`).join("")
  }

  private field(key: string, value: string): string {
    return ` ${this.paint("36", `${visible(key)}=`)}${visible(value)}`
  }

  private paint(code: string, text: string): string {
    return this.colors ? `\u001b[${code}m${text}\u001b[0m` : text
  }
}

const indented = (text: string): string => text.split("\n").map((line) => `\n    ${visible(line)}`).join("")

const textOf = (message: unknown): string =>
  typeof message === "string" ? visible(message) : visible(JSON.stringify(message) ?? "undefined")

const pad = (n: number, width = 2): string => String(n).padStart(width, "0")

const clockTime = (time: number): string => {
  const date = new Date(time)
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
}
