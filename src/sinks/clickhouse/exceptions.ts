/**
 * What the exceptions of ClickHouse mean for an insert, by their codes (`src/Common/ErrorCodes.cpp`). The status of an
 * answer says little: what cannot be parsed is 500 in one version and 400 in another.
 */
import * as LogSink from "../../LogSink.ts"
import { type Answer, retryAfterOf } from "../http/answer.ts"
import { errorOf as errorByStatus } from "../http/statuses.ts"

/** What becomes of the batch. `unknown`: it is tried again, and may be stored already. Any other exception is `unknown` too. */
type Meaning = "rejected" | "misconfigured" | "unavailable" | "unknown"

interface Exception {
  readonly name: string
  readonly meaning: Meaning
}

const named = (meaning: Meaning, names: Readonly<Record<number, string>>): ReadonlyArray<[number, Exception]> =>
  Object.entries(names).map(([code, name]) => [Number(code), { name, meaning }])

/** The exceptions that are told apart, by their codes. */
export const exceptions: ReadonlyMap<number, Exception> = new Map([
  // Something of a row is not what its column takes.
  ...named("rejected", {
    6: "CANNOT_PARSE_TEXT",
    25: "CANNOT_PARSE_ESCAPE_SEQUENCE",
    26: "CANNOT_PARSE_QUOTED_STRING",
    27: "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
    38: "CANNOT_PARSE_DATE",
    41: "CANNOT_PARSE_DATETIME",
    53: "TYPE_MISMATCH",
    69: "ARGUMENT_OUT_OF_BOUND",
    70: "CANNOT_CONVERT_TYPE",
    72: "CANNOT_PARSE_NUMBER",
    117: "INCORRECT_DATA",
    131: "TOO_LARGE_STRING_SIZE",
    349: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
    376: "CANNOT_PARSE_UUID",
    469: "VIOLATED_CONSTRAINT",
    691: "UNKNOWN_ELEMENT_OF_ENUM"
  }),
  // The table, the user or a setting.
  ...named("misconfigured", {
    16: "NO_SUCH_COLUMN_IN_TABLE",
    47: "UNKNOWN_IDENTIFIER",
    60: "UNKNOWN_TABLE",
    62: "SYNTAX_ERROR",
    81: "UNKNOWN_DATABASE",
    115: "UNKNOWN_SETTING",
    164: "READONLY",
    192: "UNKNOWN_USER",
    193: "WRONG_PASSWORD",
    194: "REQUIRED_PASSWORD",
    195: "IP_ADDRESS_NOT_ALLOWED",
    291: "DATABASE_ACCESS_DENIED",
    497: "ACCESS_DENIED",
    516: "AUTHENTICATION_FAILED"
  }),
  // There is no room now, and nothing is stored.
  ...named("unavailable", {
    160: "TOO_SLOW",
    201: "QUOTA_EXCEEDED",
    202: "TOO_MANY_SIMULTANEOUS_QUERIES",
    241: "MEMORY_LIMIT_EXCEEDED",
    242: "TABLE_IS_READ_ONLY",
    243: "NOT_ENOUGH_SPACE",
    252: "TOO_MANY_PARTS",
    285: "TOO_FEW_LIVE_REPLICAS"
  }),
  // Some server on the way may have stored it.
  ...named("unknown", {
    159: "TIMEOUT_EXCEEDED",
    209: "SOCKET_TIMEOUT",
    210: "NETWORK_ERROR",
    319: "UNKNOWN_STATUS_OF_INSERT",
    999: "KEEPER_EXCEPTION"
  })
])

/** The code of an exception: in a header, or in the text of older versions, or in the JSON that some put it into. */
export const codeOf = ({ body, headers }: Answer): number | undefined => {
  const code = headers["x-clickhouse-exception-code"] ?? /^(?:\{"exception": *")?Code: (\d+)[.,]/m.exec(body)?.[1]
  return code === undefined || !/^\d+$/.test(code) ? undefined : Number(code)
}

/** What a write fails with that was answered so, and nothing where all is stored. */
export const errorOf = (answer: Answer, host: string): LogSink.SinkError | undefined => {
  const code = codeOf(answer)
  if (code === undefined) return errorByStatus(answer, host) ?? errorOfText(answer, host)
  const exception = exceptions.get(code)
  const message = `${host} answered with exception ${code}${exception === undefined ? "" : ` (${exception.name})`}`
  const { meaning = "unknown" } = exception ?? {}
  switch (meaning) {
    case "rejected":
      return LogSink.rejected(message)
    case "misconfigured":
      return LogSink.misconfigured(message)
    case "unavailable":
    case "unknown":
      return LogSink.unavailable(message, { retryAfter: retryAfterOf(answer), ambiguous: meaning === "unknown" })
  }
}

/** An insert that is done is answered with nothing: anything else is an exception that was cut, or of another server. */
const errorOfText = ({ body, status }: Answer, host: string): LogSink.SinkError | undefined =>
  body.trim() === ""
    ? undefined
    : LogSink.unavailable(`${host} answered ${status} with what does not say that rows are stored`, { ambiguous: true })
