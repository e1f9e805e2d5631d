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

/** Records that programs should not log, and do. */
export const oddSamples = (runtimeId: string): ReadonlyArray<LogRecord> => {
  const messages: ReadonlyArray<unknown> = [
    "",
    "line\nbreak\r\n\u2028\u2029\u0000\u001b[31m",
    "\ud800 lone \udfff",
    "日本語 🎉 ÄÖÜ",
    "x".repeat(100_000),
    { "": 1, "a.b": { "c\"d": [[[[1]]]] }, __proto__: null },
    [1, null, true, "text", { deep: { deep: { deep: {} } } }],
    null,
    0,
    -1.5e300
  ]
  return messages.map((message, seq) =>
    make({
      seq,
      runtimeId,
      time: seq % 2 === 0 ? 0 : time,
      message,
      annotations: { "": "", "\n": "\u0000", level: "x" }
    })
  )
}
