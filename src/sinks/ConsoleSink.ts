/**
 * Writes records to stdout or stderr.
 *
 * A batch counts as delivered when its bytes have left the process. A slow
 * reader holds up this lane only, never the event loop; a reader that goes away
 * closes the lane, and the program lives on.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { withDestination } from "../contract/destination.ts"
import type { Given } from "../contract/given.ts"
import { serialLaneChecks } from "../contract/laneChecks.ts"
import { localLane, localPace } from "../contract/localLane.ts"
import { CurrentSinkOverrides } from "../contract/SinkOverrides.ts"
import type * as LogEncoder from "../LogEncoder.ts"
import type { LogRecord } from "../LogRecord.ts"
import * as LogSink from "../LogSink.ts"
import { colorsAsked } from "../node/colorsAsked.ts"
import * as StandardStream from "../node/standardStream.ts"
import { ShortWrite } from "../node/writeAllSync.ts"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { encodersOf, formatCheck } from "./encoding/format.ts"
import { type BatchEncoder, wholeRecords } from "./encoding/wholeRecords.ts"

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<Omit<LogSink.LaneOptions, "concurrency">> {
  /**
   * How records are printed: `"pretty"`, `"json"`, `"logfmt"` or a `LogEncoder`.
   *
   * @default "pretty" on a terminal, else "json"
   */
  readonly format?: LogEncoder.Format | LogEncoder.LogEncoder | undefined
  /**
   * Where they are printed: `"stdout"` or `"stderr"`.
   *
   * @default "stdout"
   */
  readonly stream?: "stdout" | "stderr" | undefined
  /**
   * Whether `"pretty"` uses colours. Without it the environment decides: `FORCE_COLOR`
   * turns them on (`0` off) whatever else is set; `NO_COLOR`, `NODE_DISABLE_COLORS` and
   * `TERM=dumb` turn them off.
   *
   * @default what the environment says, or else whether the stream is a terminal
   */
  readonly colors?: boolean | undefined
  /**
   * The name of the lane.
   *
   * @default "console"
   */
  readonly name?: string | undefined
}

/**
 * Creates a sink for stdout or stderr.
 *
 * **Details**
 *
 * Its lane has no batch window: what is logged in one turn of the event loop is
 * written in the next, 512 records at a time while there is little, and all that
 * waits once 4,096 do. It holds 131,072.
 * It has no write timeout either, because a reader may take as long as it likes.
 *
 * A pipe gets whole lines in pieces of at most `PIPE_BUF` (4,096 bytes on Linux),
 * so that processes may share it. What a file did not take is tried again from the
 * byte where it stopped. A stream or a `write` that the program has put in the
 * place of Node's gets the text.
 *
 * **Gotchas**
 *
 * Node writes to a terminal synchronously (pipes and files are not affected): one
 * that is paused, by Ctrl-S say, holds up the program. On a pipe that processes
 * share, a line that is longer than `PIPE_BUF` may be torn.
 *
 * Records are lost, and counted, when the reader is slower than the program for
 * long (`queue_full`), goes away (`sink_closed`), or takes nothing until the
 * deadline of shutdown (`unconfirmed`, `shutdown_deadline`), and when a file takes
 * nothing for longer than `retry` (`retries_exhausted`). Nothing of that keeps
 * a finished program or changes its exit code.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Example** (Logging to stdout)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { ConsoleSink, Logging } from "effect-spillway"
 *
 * const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "logfmt" })] })
 *
 * const program = Effect.logInfo("order placed").pipe(Effect.annotateLogs("order", 1042))
 *
 * await Effect.runPromise(Effect.provide(program, LoggingLive))
 * // prints: timestamp=… level=INFO fiber=… message="order placed" order=1042
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<LogSink.LogSink> => {
  const { colors, format: ownFormat, name = "console", stream: ownStream = "stdout", ...lane } = checkOptions(
    "ConsoleSink.make",
    checks,
    options
  )
  return Effect.map(CurrentSinkOverrides, (overrides) => {
    const { format = ownFormat, stream = ownStream } = overrides.forConsole()
    const isTTY = StandardStream.isTTY(stream)
    const encoders = encodersOf(format ?? (isTTY ? "pretty" : "json"), { colors: colors ?? colorsAsked() ?? isTTY })
    const encoder = encoders.make()
    // The memory of the encoder belongs to a write until it has ended.
    const turn = Semaphore.makeUnsafe(1)
    // Written in the middle of another write, whose memory must not change.
    const syncEncoder = encoders.make()
    /** The record of which a failed write has left half a line, its line, and how much of it that is. */
    let half: { readonly record: LogRecord; readonly line: Uint8Array; readonly written: number } | undefined

    const failed = (
      { cause, code = "no code", written }: StandardStream.Failure,
      batch: ReadonlyArray<LogRecord>,
      encoder: BatchEncoder,
      bytes: Uint8Array
    ): LogSink.SinkError => {
      if (gone.has(code) || (isTTY && code === "EIO")) {
        return LogSink.closed(`${stream} is closed (${code})`, { cause })
      }
      const { next, records, size } = wholeRecords(batch, encoder, bytes, written)
      const record = batch[records]
      half = written > size && record !== undefined
        ? { record, line: bytes.slice(size, next), written: written - size }
        : undefined
      return LogSink.unavailable(`${stream} cannot be written (${code})`, { stored: records, cause })
    }

    const write = (batch: ReadonlyArray<LogRecord>): Effect.Effect<void, LogSink.SinkError> => {
      const torn = half?.record === batch[0] ? half : undefined
      half = undefined
      const bytes = torn === undefined
        ? encoder.encodeBatch(batch)
        : joined(torn.line, encoder.encodeBatch(batch.slice(1)))
      return Effect.mapError(
        StandardStream.write(stream, bytes, torn?.written ?? 0),
        (failure) => failed(failure, batch, encoder, bytes)
      )
    }

    const sink = LogSink.make({
      name,
      batchWindow: 0,
      ...localLane,
      writeTimeout: Number.POSITIVE_INFINITY,
      ...lane,
      pace: localPace,
      write: (batch) => turn.withPermit(Effect.suspend(() => write(batch))),
      writeSync(batch) {
        const bytes = syncEncoder.encodeBatch(batch)
        try {
          StandardStream.writeSync(stream, bytes)
        } catch (error) {
          throw error instanceof ShortWrite ? failed(error, batch, syncEncoder, bytes) : error
        }
      }
    })
    return withDestination(encoders.countedIn(sink), {
      kind: "stream",
      name: stream,
      places: () => [stream]
    })
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = {
  format: formatCheck,
  stream: Check.words("stdout", "stderr"),
  colors: Check.flag,
  name: Check.text,
  ...serialLaneChecks
}

const gone = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END", "EBADF"])

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
