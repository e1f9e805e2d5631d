/**
 * The least that writes the lines of workload W from a snapshot of ours: it is written as bytes in the log call, by
 * the encoder's own means, what a request has in common is copied, and pieces of 64 KiB are handed to the system. There
 * is no record, no lane, no queue and no ledger, and what does not fit on the disk is gone.
 */
import type * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { defaultLimits } from "../../../src/capture/limits.ts"
import { Snapshot } from "../../../src/capture/Snapshot.ts"
import { appendContent } from "../../../src/encode/appendPacked.ts"
import { LineBuffer } from "../../../src/encode/bytes/LineBuffer.ts"
import { jsonEscape } from "../../../src/encode/bytes/lineEscapes.ts"
import * as LogRedactor from "../../../src/LogRedactor.ts"
import { PackedMessage } from "../../../src/record/PackedMessage.ts"
import { orderedWrites, pieceSize } from "./orderedWrites.ts"

const slots = 1024
const utf8 = new TextEncoder()

/** What the lines of a request end with. */
interface Ending {
  readonly annotations: object
  readonly spans: ReadonlyArray<[label: string, timestamp: number]>
  readonly before: Uint8Array
  readonly after: Uint8Array
}

const endingOf = (fiber: Fiber.Fiber<unknown, unknown>, snapshot: Snapshot): Ending => {
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  const spans = fiber.getRef(References.CurrentLogSpans)
  const { span } = fiber.cache
  const copy = snapshot.message(annotations)
  const fields = copy instanceof PackedMessage ? copy.unpack() : copy
  return {
    annotations,
    spans,
    before: utf8.encode(`,"annotations":${JSON.stringify(fields)},"spans":{`),
    after: utf8.encode(
      `},"fiberId":"#${fiber.id}"${
        span === undefined ? "" : `,"traceId":"${span.traceId}","spanId":"${span.spanId}"`
      }}\n`
    )
  }
}

export const leastBytes = (fd: number) => {
  const snapshot = new Snapshot(LogRedactor.make(), defaultLimits)
  const endings = Array.from({ length: slots }, (): Ending | undefined => undefined)
  const buffer = new LineBuffer(jsonEscape)
  const start = utf8.encode("{\"message\":")
  const writes = orderedWrites(fd)
  let millis = 0
  let level: string | undefined = undefined
  let middle = start
  const flush = (): void => {
    const bytes = buffer.bytes.slice()
    buffer.cut(0)
    buffer.forgetTexts()
    writes.write(bytes)
  }
  const logger = Logger.make(({ cause, date, fiber, logLevel, message }) => {
    const time = date.getTime()
    if (time !== millis || logLevel !== level) {
      millis = time
      level = logLevel
      middle = utf8.encode(`,"level":"${logLevel.toUpperCase()}","timestamp":"${date.toISOString()}"`)
    }
    const slot = fiber.id & (slots - 1)
    let ending = endings[slot]
    snapshot.reset()
    if (
      ending === undefined || ending.annotations !== fiber.getRef(References.CurrentLogAnnotations) ||
      ending.spans !== fiber.getRef(References.CurrentLogSpans)
    ) {
      ending = endings[slot] = endingOf(fiber, snapshot)
    }
    buffer.appendBytes(start)
    appendContent(buffer, Array.isArray(message) ? snapshot.messages(message) : snapshot.message(message))
    buffer.appendBytes(middle)
    if (cause.reasons.length > 0) buffer.append(`,"cause":${JSON.stringify(snapshot.cause(cause))}`)
    buffer.appendBytes(ending.before)
    for (let i = 0; i < ending.spans.length; i++) {
      const [label, since] = ending.spans[i]!
      if (i > 0) buffer.append(",")
      buffer.appendJson(label)
      buffer.append(":")
      buffer.appendJson(time - since)
    }
    buffer.appendBytes(ending.after)
    if (buffer.length >= pieceSize) flush()
  })
  const end = (): Promise<void> => {
    flush()
    return writes.written()
  }
  return { logger, end }
}
