/**
 * Appends records to a file, one line each.
 *
 * A batch counts as delivered when the operating system has taken all its bytes.
 * A write that stops in the middle (a full disk) is continued where it stopped;
 * the file never keeps half a line.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { codeOf, keepsOpen, newline, openTarget, sinkError, type Target } from "../internal/appendTarget.ts"
import * as SyncFile from "../internal/syncFile.ts"
import * as LogEncoder from "../LogEncoder.ts"
import type { LogRecord } from "../LogRecord.ts"
import * as LogSink from "../LogSink.ts"

/**
 * Options of {@link make}, besides those of the lane.
 *
 * **Details**
 *
 * - `path`: the file. Missing folders are created with mode 0700.
 * - `format`: `"json"`, `"logfmt"` or `"pretty"`. Defaults to `"json"`.
 * - `mode`: the permissions of a file that is created. Defaults to `0o600`.
 * - `name`: the name of the lane. Defaults to `"file"`.
 * - `required`: whether the layer fails with a `RequiredSinkError` when the file
 *   cannot be opened. Defaults to `false`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Partial<Omit<LogSink.LaneOptions, "concurrency">> {
  readonly path: string
  readonly format?: LogEncoder.Format | undefined
  readonly mode?: number | undefined
  readonly name?: string | undefined
  readonly required?: boolean | undefined
}

/**
 * Creates a sink that appends to a file.
 *
 * **Details**
 *
 * The file is opened when the layer is built. When that fails the program starts
 * all the same (unless `required`): the lane keeps its records and tries again.
 * The batch window is 100 ms. The lane holds 65,536 records and 32 MiB, because
 * a program at full speed fills 8,192 in less time than one slow write takes,
 * and writes up to 4,096 of them (4 MiB) at once.
 *
 * A full disk, a busy file or too many open files are retried; a folder that is
 * missing or not writable is retried slowly, with the file opened anew. A file
 * that was renamed, deleted or truncated by somebody else is noticed within a
 * second, or at once with SIGHUP and `ProcessHooks`, and opened anew.
 *
 * **Gotchas**
 *
 * Records are lost, and counted, when the file cannot be written for longer than
 * the retry schedule (`retries_exhausted`) or the queue (`queue_full`) lasts.
 * A program that logs without pause leaves time for one batch in each turn of the
 * event loop, some 1,000 log calls: with a `maxBatchSize` below that it outruns
 * the lane (`queue_full`).
 * Bytes are handed to the operating system, not forced to the disk: a power cut
 * can lose the last seconds.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options
): Effect.Effect<
  LogSink.LogSink,
  LogSink.RequiredSinkError,
  FileSystem.FileSystem | Path.Path | Scope.Scope
> => {
  const { format = "json", mode = 0o600, name = "file", path, required = false, ...lane } = options
  if (typeof path !== "string" || path === "") {
    throw new RangeError(`FileSink.make: path must be a string that is not empty, got ${JSON.stringify(path)}`)
  }
  // A wrong format is named here, not where the sink is acquired.
  LogEncoder.make(format)
  return Effect.gen(function*() {
    const target = yield* openTarget(path, mode, name)
    const opened = Effect.timeoutOrElse(target.file, {
      duration: patience,
      orElse: () => Effect.fail(LogSink.unavailable(name, `cannot open ${path} within ${patience}`))
    })
    yield* Effect.catch(opened, (error) =>
      required
        ? Effect.fail(new LogSink.RequiredSinkError({ message: error.message, cause: error.cause }))
        : Effect.logWarning(`${error.message}; the lane "${name}" keeps its records and tries again`))
    const clock = yield* Clock.Clock
    const syncFile = SyncFile.make(path, mode, () => clock.monotonicTimeNanosUnsafe())
    yield* Effect.addFinalizer(() => Effect.sync(() => syncFile.close()))
    const syncEncoder = LogEncoder.make(format)
    let encoder = LogEncoder.make(format)
    // A sink may have two lanes (its own, and that of a fallback), but it has one memory and one file.
    const turn = Semaphore.makeUnsafe(1)
    return LogSink.make({
      name,
      batchWindow: "100 millis",
      capacity: 65_536,
      maxBytes: 32 * 1024 * 1024,
      maxBatchSize: 4096,
      maxBatchBytes: 4 * 1024 * 1024,
      ...lane,
      write: (batch) =>
        turn.withPermit(Effect.onInterrupt(
          Effect.suspend(() => append(target, encoder.encodeBatch(batch), batch, encoder, name)),
          // The system may still be reading the bytes: leave that memory to it.
          () =>
            Effect.sync(() => {
              encoder = LogEncoder.make(format)
            })
        )),
      writeSync(batch) {
        if (target.torn) syncFile.write(newline)
        target.torn = false
        syncFile.write(syncEncoder.encodeBatch(batch))
      },
      reopen() {
        target.moved = true
        syncFile.close()
      }
    })
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const patience = "5 seconds"

interface Progress {
  readonly target: Target
  readonly file: FileSystem.File
  readonly bytes: Uint8Array
  written: number
}

// Without generators: a finished one keeps its batch until a full collection, which costs a quarter of the throughput.
const append = (
  target: Target,
  bytes: Uint8Array,
  batch: ReadonlyArray<LogRecord>,
  encoder: LogEncoder.LogEncoder,
  name: string
): Effect.Effect<void, LogSink.SinkError> =>
  Effect.flatMap(target.file, (file) => {
    const progress: Progress = { target, file, bytes, written: 0 }
    const writes = target.torn ? Effect.andThen(endTornLine(target, file), writeRest(progress)) : writeRest(progress)
    return Effect.catch(writes, (error) => failedAppend(progress, batch, encoder, name, error))
  })

const writeRest = (progress: Progress): Effect.Effect<void, PlatformError | undefined> => {
  const { bytes, file, target, written } = progress
  return Effect.flatMap(file.write(written === 0 ? bytes : bytes.subarray(written)), (count) => {
    if (count === 0) return Effect.fail(undefined)
    progress.written += count
    target.size += count
    // Whatever ends the write from here on, the next one knows.
    target.torn = bytes[progress.written - 1] !== newline[0]
    return progress.written < bytes.length ? writeRest(progress) : Effect.void
  })
}

const endTornLine = (target: Target, file: FileSystem.File): Effect.Effect<void, PlatformError> =>
  Effect.map(file.writeAll(newline), () => {
    target.size++
    target.torn = false
  })

const failedAppend = (
  { file, target, written }: Progress,
  batch: ReadonlyArray<LogRecord>,
  encoder: LogEncoder.LogEncoder,
  name: string,
  error: PlatformError | undefined
): Effect.Effect<never, LogSink.SinkError> =>
  Effect.gen(function*() {
    const { records, size } = wholeRecords(batch, encoder, written)
    if (written > size) yield* cutTail(target, file, written - size)
    if (error === undefined || !keepsOpen.has(codeOf(error))) yield* target.giveUp
    return yield* sinkError(name, "cannot write the file", error, records)
  })

/** How many records at the head of a batch fit into `written` bytes, and how many bytes they take. */
const wholeRecords = (
  batch: ReadonlyArray<LogRecord>,
  encoder: LogEncoder.LogEncoder,
  written: number
): { readonly records: number; readonly size: number } => {
  const utf8 = new TextEncoder()
  let size = 0
  for (let i = 0; i < batch.length; i++) {
    const next = size + utf8.encode(encoder.encode(batch[i]!)).length + 1
    if (next > written) return { records: i, size }
    size = next
  }
  return { records: batch.length, size }
}

/** Cuts half a line off the end of the file; where that cannot be done, it is ended by a line break later. */
const cutTail = (target: Target, file: FileSystem.File, torn: number): Effect.Effect<void> =>
  Effect.gen(function*() {
    const info = yield* file.stat
    if (Number(info.size) !== target.size) return
    yield* file.truncate(target.size - torn)
    target.size -= torn
    target.torn = false
  }).pipe(Effect.ignore)
