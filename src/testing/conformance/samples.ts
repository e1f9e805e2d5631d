import { type LogRecord, make } from "../../LogRecord.ts"

/** What stands in the message of every sample, and in no error. */
export const payload = "conformance payload"

const time = Date.UTC(2026, 0, 1)

/** Records, numbered from a first one. */
export const samples = (runtimeId: string, count: number, first = 0): ReadonlyArray<LogRecord> =>
  Array.from({ length: count }, (_, i) => {
    const seq = first + i
    return make({
      seq,
      runtimeId,
      time: time + seq,
      level: seq % 3 === 0 ? "Warn" : "Info",
      message: seq % 2 === 0 ? `${payload} ${seq}` : [`${payload} ${seq}`, { order: seq, paid: true }],
      annotations: { request: `r${seq}`, nested: { list: [seq, null] } },
      fiberId: seq
    })
  })

/** A record that programs should not log, and do. */
interface Odd {
  readonly what: string
  readonly record: LogRecord
}

export const oddSamples = (runtimeId: string): ReadonlyArray<Odd> =>
  oddMessages.map(([what, message], seq) => ({
    what,
    record: make({
      seq,
      runtimeId,
      time: seq % 2 === 0 ? 0 : time,
      message,
      annotations: { "": "", "\n": "\u0000", level: "x" }
    })
  }))

const nested = (levels: number): unknown => {
  let value: unknown = "innermost"
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { deeper: value } : [value]
  return value
}

const oddMessages: ReadonlyArray<readonly [what: string, message: unknown]> = [
  ["an empty text", ""],
  ["line breaks and control characters", "line\nbreak\r\n\u2028\u2029\u0000\u001b[31m"],
  ["lone surrogates", "\ud800 lone \udfff"],
  ["characters of many bytes", "日本語 🎉 ÄÖÜ"],
  ["a text of 1 MB", "x".repeat(1_000_000)],
  ["keys that are special", { "": 1, "a.b": { "c\"d": [[[[1]]]] }, __proto__: null, constructor: "x" }],
  ["several parts", [1, null, true, "text", { deep: {} }]],
  ["a value of 100 levels", nested(100)],
  ["nothing at all", null],
  ["a number", -1.5e300]
]
