/**
 * The least that writes the lines of workload W: JSON made in the log call by the engine, what a request has in
 * common made once, and handed to the system in pieces of 64 KiB. It copies, hides, bounds and counts nothing, and
 * what does not fit on the disk is gone.
 */
import type * as Cause from "effect/Cause"
import type * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { orderedWrites, pieceSize } from "./orderedWrites.ts"

const slots = 1024
// oxlint-disable-next-line eslint/no-control-regex -- control characters are what is looked for
const escaped = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/

/** What the lines of a request end with. */
interface Ending {
  readonly annotations: object
  readonly spans: ReadonlyArray<[label: string, timestamp: number]>
  readonly before: string
  readonly after: string
}

const textJson = (text: string): string => escaped.test(text) ? JSON.stringify(text) : `"${text}"`

const errorJson = (error: unknown): string =>
  error instanceof Error
    ? `{"name":${textJson(error.name)},"message":${textJson(error.message)},"stack":${JSON.stringify(error.stack)}${
      error.cause === undefined ? "" : `,"cause":${errorJson(error.cause)}`
    }}`
    : JSON.stringify(error) ?? "null"

const messageJson = (message: unknown): string =>
  typeof message === "string"
    ? textJson(message)
    : message instanceof Error
    ? errorJson(message)
    : JSON.stringify(message) ?? "null"

const causeJson = ({ reasons }: Cause.Cause<unknown>): string =>
  reasons.map((reason) => reason._tag === "Fail" ? errorJson(reason.error) : JSON.stringify(reason._tag)).join(",")

const endingOf = (fiber: Fiber.Fiber<unknown, unknown>): Ending => {
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  const spans = fiber.getRef(References.CurrentLogSpans)
  const { span } = fiber.cache
  return {
    annotations,
    spans,
    before: `,"annotations":${JSON.stringify(annotations)},"spans":{`,
    after: `},"fiberId":"#${fiber.id}"${
      span === undefined ? "" : `,"traceId":"${span.traceId}","spanId":"${span.spanId}"`
    }}\n`
  }
}

export const leastLogger = (fd: number) => {
  const endings = Array.from({ length: slots }, (): Ending | undefined => undefined)
  let lines = ""
  const writes = orderedWrites(fd)
  let millis = 0
  let timestamp = ""
  const flush = (): void => {
    const bytes = Buffer.from(lines)
    lines = ""
    writes.write(bytes)
  }
  const logger = Logger.make(({ cause, date, fiber, logLevel, message }) => {
    const time = date.getTime()
    if (time !== millis) {
      millis = time
      timestamp = date.toISOString()
    }
    const slot = fiber.id & (slots - 1)
    let ending = endings[slot]
    if (
      ending === undefined || ending.annotations !== fiber.getRef(References.CurrentLogAnnotations) ||
      ending.spans !== fiber.getRef(References.CurrentLogSpans)
    ) {
      ending = endings[slot] = endingOf(fiber)
    }
    const messages: ReadonlyArray<unknown> = Array.isArray(message) ? message : [message]
    const said = messages.length === 1 ? messageJson(messages[0]) : `[${messages.map(messageJson).join(",")}]`
    const why = cause.reasons.length === 0 ? "" : `,"cause":[${causeJson(cause)}]`
    let spans = ""
    for (const [label, since] of ending.spans) spans += `${spans === "" ? "" : ","}"${label}":${time - since}`
    lines +=
      `{"message":${said},"level":"${logLevel}","timestamp":"${timestamp}"${why}${ending.before}${spans}${ending.after}`
    if (lines.length >= pieceSize) flush()
  })
  const end = (): Promise<void> => {
    flush()
    return writes.written()
  }
  return { logger, end }
}
