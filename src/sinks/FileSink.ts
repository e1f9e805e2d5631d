/**
 * Appends records to a file, one line each.
 *
 * A batch counts as delivered when the operating system has taken all its bytes.
 * A write that stops in the middle (a full disk) is continued where it stopped,
 * and what is stored of a batch is counted. No record is glued to half a line,
 * whoever left it: a killed process, a full disk, another writer.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { withDestination } from "../contract/destination.ts"
import type { Given } from "../contract/given.ts"
import { serialLaneChecks } from "../contract/laneChecks.ts"
import { localLane, localPace } from "../contract/localLane.ts"
import { CurrentSinkOverrides } from "../contract/SinkOverrides.ts"
import type * as LogEncoder from "../LogEncoder.ts"
import * as LogSink from "../LogSink.ts"
import type { Files } from "../node/fileCalls.ts"
import { guardExit } from "../node/heldCalls.ts"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { encodersOf, formatCheck } from "./encoding/format.ts"
import { AppendFile } from "./file/AppendFile.ts"
import { AppendFailure, sinkError } from "./file/fileErrors.ts"

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<Omit<LogSink.LaneOptions, "concurrency">> {
  /**
   * The file. Missing folders are created. A relative path is that of the start: a
   * program that changes its working directory does not move its log.
   */
  readonly path: string
  /**
   * How records are written: `"json"`, `"logfmt"`, `"pretty"` or a `LogEncoder`.
   *
   * @default "json"
   */
  readonly format?: LogEncoder.Format | LogEncoder.LogEncoder | undefined
  /**
   * The permissions of a file that is created.
   *
   * @default 0o600
   */
  readonly mode?: number | undefined
  /**
   * The permissions of folders that are created. Like those of the file they lose what
   * the umask of the process takes away.
   *
   * @default 0o700
   */
  readonly directoryMode?: number | undefined
  /**
   * The name of the lane.
   *
   * @default "file"
   */
  readonly name?: string | undefined
  /**
   * Whether the layer fails with a `RequiredSinkError` when the file cannot be opened.
   * Otherwise the lane keeps its records and tries again.
   *
   * @default false
   */
  readonly required?: boolean | undefined
}

/**
 * Creates a sink that appends to a file.
 *
 * **Details**
 *
 * The file is opened when the layer is built. When that fails the program starts
 * all the same (unless `required`): the lane keeps its records and tries again. So
 * only with `required` the Effect can fail, in its type too.
 * The batch window is 100 ms. The lane holds 131,072 records and 48 MiB, because
 * a program at full speed fills 8,192 in less time than one slow write takes. It
 * writes 512 of them at a time, with a turn of the event loop after each write, and
 * once 4,096 wait all there are.
 *
 * A full disk, a busy file or too many open files are retried; a folder that is
 * missing or not writable is retried slowly, with the file opened anew. A file
 * that was renamed, deleted or truncated by somebody else is noticed within a
 * second, or at once with SIGHUP and `ProcessHooks`, and opened anew.
 *
 * A named pipe, a terminal or another device is opened without waiting for its
 * reader and kept open. While nobody reads, the lane keeps its records; what a
 * pipe has taken counts as delivered, also when its reader goes away with it.
 * Lines of up to 4,096 bytes go into a pipe whole.
 *
 * A file that hangs (a mount whose server is gone) holds one thread of Node's
 * pool: no other call is made on it before the last one has returned. Nor is it
 * written synchronously then: what is left at the end of the process is counted.
 * Node would wait for that thread when the process ends, so the process is
 * replaced by one with the same exit code, or killed where Node's permission model
 * forbids that. Neither is done on Windows, nor for a file of a worker thread.
 *
 * **Gotchas**
 *
 * A mount that begins to hang in the last half second of a process can hold up
 * its end: nobody can tell yet, and a synchronous write to a regular file cannot
 * be interrupted.
 *
 * Records are lost, and counted, when the file cannot be written for longer than
 * the retry schedule (`retries_exhausted`) or the queue (`queue_full`) lasts.
 * A program that logs without pause leaves time for one batch in each turn of the
 * event loop, some 1,000 log calls of each busy fiber: with a `maxBatchSize` below
 * what comes in that time it outruns the lane (`queue_full`).
 * Bytes are handed to the operating system, not forced to the disk: a power cut
 * can lose the last seconds.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Example** (Logging to a file)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { FileSink, Logging } from "effect-spillway"
 * import { readFileSync } from "node:fs"
 *
 * const LoggingLive = Logging.layer({ sinks: [FileSink.make({ path: "logs/app.ndjson" })] })
 *
 * await Effect.runPromise(Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive)))
 *
 * JSON.parse(readFileSync("logs/app.ndjson", "utf8")).message // => "order placed"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export function make(
  options: Options & { readonly required?: false | undefined }
): Effect.Effect<LogSink.LogSink, never, Scope.Scope>
export function make(options: Options): Effect.Effect<LogSink.LogSink, LogSink.RequiredSinkError, Scope.Scope>
export function make(options: Options): Effect.Effect<LogSink.LogSink, LogSink.RequiredSinkError, Scope.Scope> {
  return makeIn(undefined, options)
}

/**
 * {@link make} on another file system.
 *
 * @internal
 */
export const makeIn = (
  files: Files | undefined,
  options: Options
): Effect.Effect<LogSink.LogSink, LogSink.RequiredSinkError, Scope.Scope> => {
  const { directoryMode, format = "json", mode = 0o600, name = "file", path: ownPath, required = false, ...lane } =
    checkOptions(
      "FileSink.make",
      checks,
      options
    )
  return Effect.gen(function*() {
    const clock = yield* Clock.Clock
    const overrides = yield* CurrentSinkOverrides
    const path = overrides.pathFor(name, ownPath)
    const file = new AppendFile({
      path,
      mode,
      folderMode: directoryMode,
      files,
      now: () => clock.monotonicTimeNanosUnsafe()
    })
    yield* Effect.acquireRelease(Effect.sync(guardExit), (release) => Effect.sync(release))
    yield* Effect.addFinalizer(() => file.close)
    const opened = Effect.timeoutOrElse(file.open, {
      duration: patience,
      orElse: () =>
        Effect.fail(
          new AppendFailure({
            message: `cannot open ${JSON.stringify(path)} within ${patience}`,
            code: "held",
            stored: 0
          })
        )
    })
    yield* Effect.catch(opened, (error) =>
      required
        ? Effect.fail(new LogSink.RequiredSinkError({ message: error.message, cause: error.cause }))
        : Effect.logWarning(`${error.message}; the lane "${name}" keeps its records and tries again`))
    const encoders = encodersOf(format)
    const syncEncoder = encoders.make()
    let encoder = encoders.make()
    // A sink may have two lanes (its own, and that of a fallback), but it has one memory and one file.
    const turn = Semaphore.makeUnsafe(1)
    const sink = LogSink.make({
      name,
      batchWindow: "100 millis",
      maxBytes: 48 * 1024 * 1024,
      ...localLane,
      ...lane,
      pace: localPace,
      write: (batch) =>
        turn.withPermit(Effect.onInterrupt(
          Effect.mapError(Effect.suspend(() => file.append(encoder, batch)), (failure) => sinkError(failure)),
          // The system may still be reading the bytes: leave that memory to it.
          () =>
            Effect.sync(() => {
              encoder = encoders.make()
            })
        )),
      writeSync(batch) {
        try {
          file.appendSync(syncEncoder, batch)
        } catch (failure) {
          throw failure instanceof AppendFailure ? sinkError(failure) : failure
        }
      },
      reopen: () => file.reopen()
    })
    return withDestination(encoders.countedIn(sink), {
      kind: "file",
      name: path,
      places: () => file.places
    })
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = {
  path: Check.required(Check.path),
  format: formatCheck,
  mode: Check.permissions,
  directoryMode: Check.permissions,
  name: Check.text,
  required: Check.flag,
  ...serialLaneChecks
}

const patience = "5 seconds"
