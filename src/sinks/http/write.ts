import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { HttpClient } from "effect/http/HttpClient"
import { describeDefect } from "../../diagnostics/describe.ts"
import type { LogRecord } from "../../LogRecord.ts"
import * as LogSink from "../../LogSink.ts"
import { SpareBytes } from "../../node/SpareBytes.ts"
import type { Answer } from "./answer.ts"
import { Bodies } from "./Bodies.ts"
import { type Body, bodyOf, type Compression } from "./compression.ts"
import { Connection, type Exchange } from "./Connection.ts"
import { ambiguous } from "./failures.ts"
import { heard } from "./heard.ts"
import { mostBytes } from "./readAnswer.ts"
import { errorOf as errorByStatus } from "./statuses.ts"
import type { Target } from "./target.ts"

type Batch = ReadonlyArray<LogRecord>

/** What a destination over HTTP has of its own. */
export interface Protocol {
  readonly target: Target
  readonly contentType: string
  readonly compression: Compression
  /**
   * The bytes of a batch, which may be a view into memory that is used again. A batch for which it throws is
   * refused, so that the lane finds the record that is at fault.
   */
  readonly encode: (batch: Batch) => Uint8Array
  /** Most bytes of a body before it is compressed: a larger one is sent in parts. */
  readonly maxBodyBytes?: number | undefined
  /** Most bytes that are read of an answer: 64 KiB, if it says nothing. */
  readonly mostAnswerBytes?: number | undefined
  /** Headers of one batch. */
  readonly headersOf?: ((batch: Batch) => Readonly<Record<string, string>>) | undefined
  /** What an answer means: the error of the write, or nothing when all is delivered. By its status, if it has no rules of its own. */
  readonly errorOf?: ((answer: Answer, batch: Batch) => LogSink.SinkError | undefined) | undefined
}

/** The `write` of a sink that posts its batches, with the client of the program. */
export const makeWrite = (
  {
    compression,
    contentType,
    encode,
    errorOf,
    headersOf,
    maxBodyBytes = Infinity,
    mostAnswerBytes = mostBytes,
    target
  }: Protocol
): Effect.Effect<(batch: Batch) => Effect.Effect<void, LogSink.SinkError>, never, HttpClient> =>
  Effect.map(Connection.make(target, mostAnswerBytes), (connection) => {
    const bodies = new Bodies()
    const spare = new SpareBytes()

    /** The encoder uses its memory again, for another worker already in the next turn. A number is what is too much. */
    const copied = (bytes: Uint8Array): Uint8Array | number =>
      bytes.length > maxBodyBytes ? bytes.length : spare.copyOf(bytes)

    const encoded = (batch: Batch): Effect.Effect<Body, LogSink.SinkError> =>
      Effect.flatMap(
        Effect.try({
          try: () => copied(encode(batch)),
          catch: (error) => LogSink.rejected(`the batch could not be encoded: ${describeDefect(error)}`)
        }),
        (bytes) =>
          typeof bytes === "number"
            ? Effect.fail(LogSink.tooLarge(`the body is larger than maxBodyBytes: ${bytes} > ${maxBodyBytes}`))
            : bodyOf(bytes, compression, spare)
      )

    const answered = ({ answer, isRepeated }: Exchange, batch: Batch): Effect.Effect<void, LogSink.SinkError> => {
      const error = errorOf === undefined ? errorByStatus(answer, target.host) : errorOf(answer, batch)
      if (error !== undefined) return Effect.fail(isRepeated ? ambiguous(error) : error)
      return isRepeated ? Effect.logWarning(repeated(target.host)) : Effect.void
    }

    const posted = (body: Body, batch: Batch): Effect.Effect<void, LogSink.SinkError> =>
      heard(target.host, connection.post(body, { "content-type": contentType, ...headersOf?.(batch) })).pipe(
        Effect.flatMap((exchange) => answered(exchange, batch))
      )

    /** Posts a body, and gives back its memory once nobody reads it. */
    const sent = (body: Body, batch: Batch): Effect.Effect<void, LogSink.SinkError> =>
      Effect.suspend(() => {
        const { bytes, handedOver } = body
        handedOver?.begin()
        return Effect.onExit(posted(body, batch), (exit) =>
          Effect.sync(() => {
            const hasLeft = handedOver?.end() === true
            if (Exit.isFailure(exit)) return
            bodies.forget(batch)
            if (hasLeft) spare.giveBack(bytes)
          }))
      })

    return (batch) => Effect.flatMap(bodies.of(batch, encoded(batch)), (body) => sent(body, batch))
  })

const repeated = (host: string): string =>
  `${host} closed a connection that was not in use, and a batch was sent again at once, which may be there twice: ` +
  `have the client close it before ${host} does (keepAliveTimeout)`
