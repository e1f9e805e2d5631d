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
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { colorsAsked } from "../internal/colorsAsked.ts"
import * as StandardStream from "../internal/standardStream.ts"
import * as LogEncoder from "../LogEncoder.ts"
import * as LogSink from "../LogSink.ts"

/**
 * Options of {@link make}, besides those of the lane.
 *
 * **Details**
 *
 * - `format`: `"pretty"`, `"json"` or `"logfmt"`. Defaults to `"pretty"` on a
 *   terminal and to `"json"` anywhere else.
 * - `stream`: `"stdout"` or `"stderr"`. Defaults to `"stdout"`.
 * - `colors`: whether `"pretty"` uses colours. Defaults to whether the stream is
 *   a terminal. The environment goes before that: `FORCE_COLOR` turns them on (`0`
 *   off) whatever else is set; `NO_COLOR`, `NODE_DISABLE_COLORS` and `TERM=dumb`
 *   turn them off.
 * - `name`: the name of the lane. Defaults to `"console"`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Partial<Omit<LogSink.LaneOptions, "concurrency">> {
  readonly format?: LogEncoder.Format | undefined
  readonly stream?: "stdout" | "stderr" | undefined
  readonly colors?: boolean | undefined
  readonly name?: string | undefined
}

/**
 * Creates a sink for stdout or stderr.
 *
 * **Details**
 *
 * Its lane has no batch window: what is logged in one turn of the event loop is
 * written in the next, up to 4,096 records (4 MiB) at a time, and it holds 65,536.
 * It has no write timeout either, because a reader may take as long as it likes.
 *
 * **Gotchas**
 *
 * Node writes to a terminal synchronously (pipes and files are not affected): one
 * that is paused, by Ctrl-S say, holds up the program.
 *
 * Records are lost, and counted, when the reader is slower than the program for
 * long (`queue_full`), goes away (`sink_closed`), or takes nothing until the
 * deadline of shutdown (`unconfirmed`, `shutdown_deadline`).
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<LogSink.LogSink, never, Scope.Scope> => {
  const { colors, format, name = "console", stream = "stdout", ...lane } = options
  // A wrong format is named here, not where the sink is acquired.
  if (format !== undefined) LogEncoder.make(format)
  return Effect.gen(function*() {
    const standard = yield* StandardStream.make(stream)
    const makeEncoder = (): LogEncoder.LogEncoder =>
      LogEncoder.make(format ?? (standard.isTTY ? "pretty" : "json"), {
        colors: colors ?? colorsAsked() ?? standard.isTTY
      })
    const encoder = makeEncoder()
    // The memory of the encoder belongs to the stream until the write has ended, even one that is left behind.
    const turn = Semaphore.makeUnsafe(1)
    // The stream may still hold the memory of the other encoder.
    const syncEncoder = makeEncoder()
    return LogSink.make({
      name,
      batchWindow: 0,
      capacity: 65_536,
      maxBatchSize: 4096,
      maxBatchBytes: 4 * 1024 * 1024,
      writeTimeout: Number.POSITIVE_INFINITY,
      ...lane,
      write: (batch) =>
        Effect.mapError(
          turn.withPermit(Effect.suspend(() => standard.write(encoder.encodeBatch(batch)))),
          (error) =>
            gone.has(error.code ?? "")
              ? LogSink.closed(name, `${stream} is closed (${error.code})`, { cause: error })
              : LogSink.unavailable(name, `${stream} cannot be written (${error.code})`, { cause: error })
        ),
      writeSync: (batch) => standard.writeSync(syncEncoder.encodeBatch(batch))
    })
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const gone = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END", "EBADF"])
