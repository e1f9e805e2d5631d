/** What a strict ClickHouse looks at in an insert, rule by rule: `judge.test.ts` breaks each. */
import { isRecord } from "../../../src/record/plainData.ts"
import type { Received } from "../../servers/Collector.ts"

export const writer = { user: "writer", password: "password-of-the-writer" }

export const statement = "INSERT INTO `logs`.`web` FORMAT JSONEachRow"

const texts = ["uid", "timestamp", "level", "message", "data", "cause", "trace_id", "span_id", "attributes"]

const linesOf = ({ body }: Pick<Received, "body">): ReadonlyArray<string> => body.toString().split("\n")

/** The rows of an insert, behind its statement. */
export const rowsOf = (received: Pick<Received, "body">): ReadonlyArray<Record<string, unknown>> =>
  linesOf(received).slice(1).map(parsed).filter(isRecord)

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const parameter = ({ path }: Received, name: string): string | null =>
  new URL(path, "http://localhost").searchParams.get(name)

interface Rule {
  readonly id: string
  /** Where it stands, in the documentation of ClickHouse. */
  readonly document: string
  readonly isBroken: (received: Received) => boolean
}

const http = "Interfaces, HTTP Interface"
const settings = "Settings, Format settings"
const rows = "Formats, JSONEachRow"

export const rules: ReadonlyArray<Rule> = [
  { id: "the user", document: http, isBroken: ({ headers }) => headers["x-clickhouse-user"] !== writer.user },
  { id: "the key", document: http, isBroken: ({ headers }) => headers["x-clickhouse-key"] !== writer.password },
  { id: "one way to say who", document: http, isBroken: ({ headers }) => headers.authorization !== undefined },
  {
    id: "times in ISO form",
    document: settings,
    isBroken: (received) => parameter(received, "date_time_input_format") !== "best_effort"
  },
  {
    id: "columns that are not there",
    document: settings,
    isBroken: (received) => parameter(received, "input_format_skip_unknown_fields") !== "1"
  },
  {
    id: "the statement",
    document: "Statements, INSERT INTO",
    isBroken: (received) => linesOf(received)[0] !== statement
  },
  {
    id: "a row a line",
    document: rows,
    isBroken: (received) => {
      const lines = linesOf(received).slice(1)
      return lines.pop() !== "" || lines.length === 0 || !lines.map(parsed).every(isRecord)
    }
  },
  {
    id: "texts",
    document: rows,
    isBroken: (received) => rowsOf(received).some((row) => texts.some((name) => typeof row[name] !== "string"))
  },
  {
    id: "a number",
    document: rows,
    isBroken: (received) => rowsOf(received).some((row) => !Number.isSafeInteger(row["seq"]))
  },
  {
    id: "columns of the table",
    document: rows,
    isBroken: (received) => rowsOf(received).some((row) => Object.keys(row).length !== texts.length + 1)
  }
]

export const judge = (received: Received): string | undefined => {
  const broken = rules.find(({ isBroken }) => isBroken(received))
  return broken && `${broken.id} (${broken.document})`
}
