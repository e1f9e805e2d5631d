/**
 * Turns records into text: JSON lines, logfmt, or lines for people.
 *
 * Whatever a program logs, one record is one line of JSON or logfmt: line
 * breaks, control characters and the separators U+2028 and U+2029 are escaped.
 *
 * @since 0.1.0
 */
import { LineBuffer } from "./encode/bytes/LineBuffer.ts"
import { noEscape, ownEscape } from "./encode/bytes/lineEscapes.ts"
import { checkJson } from "./encode/jsonChecks.ts"
import type { JsonOptions } from "./encode/jsonOptions.ts"
import { JsonRenderer } from "./encode/JsonRenderer.ts"
import { JsonShape } from "./encode/JsonShape.ts"
import { LogfmtRenderer } from "./encode/LogfmtRenderer.ts"
import { PrettyRenderer } from "./encode/PrettyRenderer.ts"
import type { LogRecord } from "./LogRecord.ts"
import * as Check from "./options/check.ts"
import { checkArgument, checkOptions } from "./options/checkOptions.ts"
import { unawaited } from "./options/unawaited.ts"

/**
 * An encoder of records, for `format` of a sink or for a sink of your own.
 *
 * **Details**
 *
 * A sink whose `format` is an encoder of the library makes one like it, with memory of
 * its own: several sinks can be given the same. Of an encoder of the program
 * ({@link fromRenderer}, or any object with `encode`) it uses `encode` only, one
 * record after the other. It must give one line of text for every record, and
 * encodes a sample when the sink is made. A record for which it throws, or gives
 * anything else, is written as a marker: the line of {@link json} with `notEncoded`,
 * which says why. The books count it as `marked`.
 *
 * **Gotchas**
 *
 * An encoder keeps state to be fast: whoever calls `encodeBatch` needs one of their own.
 *
 * @category models
 * @since 0.1.0
 */
export interface LogEncoder {
  /** Gives the text of one record, without a line break at its end. */
  readonly encode: (record: LogRecord) => string
  /**
   * Gives the UTF-8 bytes of a batch, each record ended by a line break. The array is a
   * view into memory that the encoder uses again: it is valid until the next call.
   */
  readonly encodeBatch: (batch: ReadonlyArray<LogRecord>) => Uint8Array
}

export type { JsonFields, JsonOptions, LevelValues } from "./encode/jsonOptions.ts"

/**
 * The formats that come with the library.
 *
 * @category models
 * @since 0.1.0
 */
export type Format = "json" | "logfmt" | "pretty"

/**
 * Options of {@link logfmt}.
 *
 * @category options
 * @since 0.1.0
 */
export interface LogfmtOptions {
  /**
   * Whether a line has the uid of its record, which no other record has.
   *
   * @default false
   */
  readonly uid?: boolean | undefined
}

/**
 * Options of {@link pretty}, and of {@link make}, where `colors` are for that format alone.
 *
 * @category options
 * @since 0.1.0
 */
export interface PrettyOptions {
  /**
   * Whether levels and the like are coloured, by escape sequences of a terminal.
   *
   * @default false
   */
  readonly colors?: boolean | undefined
  /**
   * Whether a line has the uid of its record, which no other record has.
   *
   * @default false
   */
  readonly uid?: boolean | undefined
}

/**
 * Creates an encoder of JSON lines, in the shape of Effect's
 * `Logger.formatStructured`: `message`, `level`, `timestamp`, `cause`,
 * `annotations`, `spans` and `fiberId`, and `traceId` and `spanId` when the call
 * was made inside a span. {@link JsonOptions} make it another shape.
 *
 * **Details**
 *
 * No object has a key twice. The fields keep their order.
 *
 * Throws a `RangeError` when an option is wrong, or two fields have one name.
 *
 * **Example** (Lines as a destination wants them)
 *
 * ```ts
 * import { LogEncoder, LogRecord } from "effect-spillway"
 *
 * const encoder = LogEncoder.json({
 *   fields: { message: "msg", timestamp: "time", spans: false, fiberId: false },
 *   time: "millis",
 *   level: "pino",
 *   annotations: "flat"
 * })
 * const record = LogRecord.make({ message: "order placed", time: 0, annotations: { order: 1042, level: "gold" } })
 *
 * encoder.encode(record)
 * // => '{"msg":"order placed","level":30,"time":0,"order":1042,"annotations.level":"gold"}'
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const json = (options?: JsonOptions): LogEncoder => {
  const checked = options === undefined ? undefined : checkJson(options)
  return copied(() => {
    const renderer = new JsonRenderer(new JsonShape(checked))
    return { encode: (record) => renderer.line(record), encodeBatch: (batch) => renderer.lines(batch) }
  })
}

/**
 * Creates an encoder of logfmt lines (`key=value` pairs).
 *
 * **Details**
 *
 * An annotation whose key is one of our own (`level`, say) is shown as
 * `annotations.level`. Throws a `RangeError` for a wrong option.
 *
 * @category constructors
 * @since 0.1.0
 */
export const logfmt = (options: LogfmtOptions = {}): LogEncoder => {
  const { uid = false } = checkOptions("LogEncoder.logfmt", logfmtChecks, options)
  return copied(() => {
    const renderer = new LogfmtRenderer(uid)
    return fromRenderer((record) => renderer.render(record))
  })
}

/**
 * Creates an encoder for people: one line a record, with causes and further
 * messages indented below it and control characters made visible. Throws a
 * `RangeError` for a wrong option.
 *
 * @category constructors
 * @since 0.1.0
 */
export const pretty = (options: PrettyOptions = {}): LogEncoder => {
  const { colors = false, uid = false } = checkOptions("LogEncoder.pretty", prettyChecks, options)
  return copied(() => {
    const renderer = new PrettyRenderer(colors, uid)
    return fromRenderer((record) => renderer.render(record))
  })
}

/**
 * Creates the encoder of a format. Throws a `RangeError` for any other word, or a
 * wrong option.
 *
 * **Example** (Choosing a format by its name)
 *
 * ```ts
 * import { LogEncoder, LogRecord } from "effect-spillway"
 *
 * const record = LogRecord.make({ message: "order placed", time: 0, annotations: { order: 1042 } })
 *
 * LogEncoder.make("logfmt").encode(record)
 * // => 'timestamp=1970-01-01T00:00:00.000Z level=INFO fiber=#0 message="order placed" order=1042'
 * JSON.parse(LogEncoder.make("json").encode(record)).annotations // => { order: 1042 }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (format: Format, options: PrettyOptions = {}): LogEncoder => {
  checkArgument("LogEncoder.make", "format", formatCheck, format)
  const { uid } = checkOptions("LogEncoder.make", prettyChecks, options)
  switch (format) {
    case "json":
      return uid === true ? json({ uid }) : json()
    case "logfmt":
      return logfmt({ uid })
    case "pretty":
      return pretty(options)
  }
}

/**
 * Creates an encoder from a function that renders one record. `escape`, when
 * given, is applied to lines that are not pure ASCII. Throws a `RangeError` when one
 * of them is no function.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromRenderer = (
  render: (record: LogRecord) => string,
  escape: (lines: string) => string = noEscape.apply
): LogEncoder => {
  checkArgument("LogEncoder.fromRenderer", "render", Check.aSyncFunction, render)
  checkArgument("LogEncoder.fromRenderer", "escape", Check.aSyncFunction, escape)
  const escapes = escape === noEscape.apply ? noEscape : ownEscape(escape)
  const buffer = new LineBuffer(escapes)
  return {
    encode: (record) => escapes.apply(unawaited(render(record))),
    encodeBatch(batch) {
      buffer.cut(0)
      let text = ""
      for (let i = 0; i < batch.length; i++) {
        text += unawaited(render(batch[i]!)) + "\n"
        if (text.length > pieceLength) {
          buffer.append(text)
          text = ""
        }
      }
      if (text !== "") buffer.append(text)
      return buffer.bytes
    }
  }
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const logfmtChecks: Check.Checks<LogfmtOptions> = { uid: Check.flag }

const prettyChecks: Check.Checks<PrettyOptions> = { ...logfmtChecks, colors: Check.flag }

/**
 * The names of the formats.
 *
 * @internal
 */
export const formatCheck = Check.words("json", "logfmt", "pretty")

const copies = new WeakMap<LogEncoder, () => LogEncoder>()

const copied = (make: () => LogEncoder): LogEncoder => {
  const encoder = make()
  copies.set(encoder, make)
  return encoder
}

/**
 * Makes encoders like one of ours, each with memory of its own. There is none for one of a program.
 *
 * @internal
 */
export const copierOf = (encoder: LogEncoder): (() => LogEncoder) | undefined => copies.get(encoder)

/** Text is turned into bytes in pieces of this length: strings above it are slow to build. */
const pieceLength = 64 * 1024
