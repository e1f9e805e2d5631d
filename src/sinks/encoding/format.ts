import * as LogEncoder from "../../LogEncoder.ts"
import * as LogRecord from "../../LogRecord.ts"
import type { LogSink } from "../../LogSink.ts"
import { type Check, either, madeBy, type Reading } from "../../options/check.ts"
import { isObject } from "../../record/plainData.ts"
import { Marks } from "./Marks.ts"
import { ownEncoder } from "./ownEncoder.ts"
import { encodedBy, ProgramEncoder } from "./ProgramEncoder.ts"
import type { BatchEncoder } from "./wholeRecords.ts"

/** An encoder. One of the program encodes a record to show that it can. */
export const encoderCheck: Check = {
  expected: "a LogEncoder",
  read: (value) => isEncoder(value) ? tried(value) : undefined,
  got: madeBy("json", "logfmt", "pretty")
}

/** The name of a format, or an encoder. */
export const formatCheck: Check = either(LogEncoder.formatCheck, encoderCheck)

/** How a sink encodes. */
export interface SinkEncoders {
  /** An encoder with memory of its own: a sink has several, and an encoder may be that of several sinks. */
  readonly make: () => BatchEncoder
  /** The sink, with what is said and counted of records that the encoder does not encode. */
  readonly countedIn: (sink: LogSink) => LogSink
}

/** The encoders of one sink. */
export const encodersOf = (
  format: LogEncoder.Format | LogEncoder.LogEncoder,
  options?: LogEncoder.PrettyOptions
): SinkEncoders => {
  const encoder = typeof format === "string" ? LogEncoder.make(format, options) : format
  const copy = LogEncoder.copierOf(encoder)
  if (copy !== undefined) return { make: () => ownEncoder(copy()), countedIn: (sink) => sink }
  const marks = new Marks()
  return { make: () => new ProgramEncoder(encoder, marks), countedIn: (sink) => marks.countedIn(sink) }
}

const isEncoder = (value: unknown): value is LogEncoder.LogEncoder =>
  isObject(value) && typeof value["encode"] === "function"

const tried = (encoder: LogEncoder.LogEncoder): Reading => {
  if (LogEncoder.copierOf(encoder) !== undefined) return { value: encoder }
  const text = "sample"
  const encoded = encodedBy(encoder, LogRecord.make({ message: text, annotations: { text } }))
  return "line" in encoded
    ? { value: encoder }
    : {
      problems: [{
        at: "",
        text: `must encode every record as one line of text, but for a sample it ${encoded.problem}`
      }]
    }
}
