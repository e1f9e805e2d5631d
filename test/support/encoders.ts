import { LogEncoder } from "../../src/index.ts"

/** An encoder of a program that gives another line each time, of another length. */
export const restless = (): LogEncoder.LogEncoder => {
  let calls = 0
  return LogEncoder.fromRenderer(({ level, message, time }) => {
    const pad = "é".repeat(++calls % 40)
    return JSON.stringify({ pad, message, level, timestamp: new Date(time).toISOString(), annotations: {} })
  })
}

/** One that encodes nothing but texts. */
export const picky = (
  bad: (message: unknown) => unknown = () => {
    throw new TypeError("no")
  }
): LogEncoder.LogEncoder => {
  const { encodeBatch } = LogEncoder.json()
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a program in JavaScript gives anything
    encode: ({ message }) => (typeof message === "string" ? message : bad(message)) as string,
    encodeBatch
  }
}
