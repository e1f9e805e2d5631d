import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as PlatformError from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { Logging, LogSink } from "../../src/index.ts"
import { decode, type Line, LineSplitter } from "./lines.ts"
import * as Pace from "./pace.ts"
import * as Progress from "./progress.ts"

export const laneName = "out"
export const standardInput = "-"

/** The longest piece of a line that becomes one record. */
export const longestPiece = 1024 * 1024

export interface Options {
  readonly files: ReadonlyArray<string>
  readonly rounds: number
  readonly rate: number | undefined
  readonly fullSpeed: boolean
  readonly capacity: number
  readonly maxBytes: number
}

/** Room for a lane of this many lines, should they be longer than most. */
export const maxBytesFor = (capacity: number): number => Math.max(LogSink.defaults.maxBytes, 2048 * capacity)

/**
 * Logs every line of every file as a record, with `file` and `line`, and gives
 * what was logged. Files are read as streams: one chunk is in memory at a time.
 *
 * What a line's text cannot say goes into annotations, so that the bytes can be
 * put together again: `newline: false` when no line break follows, `encoding:
 * "latin1"` when the bytes are not UTF-8.
 */
export const replay = (
  options: Options
): Effect.Effect<
  Progress.Progress,
  PlatformError.PlatformError | Pace.Losing,
  FileSystem.FileSystem | Logging.Logging | Scope.Scope | Stdio.Stdio
> =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const stdio = yield* Stdio.Stdio
    const logging = yield* Logging.Logging
    const room = Pace.waitForRoom(logging, laneName, options)
    const turn = options.rate === undefined ? Effect.void : Pace.waitForTurn(options.rate)
    const progress = Progress.make(yield* totalBytes(options))
    yield* Progress.show(progress)

    const logLine = (file: string, round: number, line: Line): Effect.Effect<void, Pace.Losing> =>
      Effect.gen(function*() {
        const { encoding, text } = decode(line.bytes)
        yield* turn
        if (!options.fullSpeed) yield* room(recordOverhead + 2 * (text.length + file.length))
        yield* Effect.annotateLogs(Effect.logInfo(text), {
          file,
          line: line.number,
          ...(options.rounds > 1 ? { round } : {}),
          ...(encoding === "latin1" ? { encoding } : {}),
          ...(line.ended ? {} : { newline: false })
        })
        progress.lines++
        progress.bytes += line.bytes.length + (line.ended ? 1 : 0)
      })

    for (let round = 1; round <= options.rounds; round++) {
      for (const file of options.files) {
        const splitter = new LineSplitter(longestPiece)
        const logAll = Effect.forEach((line: Line) => logLine(file, round, line), { discard: true })
        const bytes = file === standardInput ? stdio.stdin : fs.stream(file)
        yield* Stream.runForEach(bytes, (chunk) => logAll(splitter.push(chunk)))
        yield* logAll(splitter.end())
      }
    }
    yield* logging.flush
    return progress
  })

// More than a record holds besides its message and the name of its file.
const recordOverhead = 1024

const totalBytes = (
  options: Options
): Effect.Effect<number | undefined, PlatformError.PlatformError, FileSystem.FileSystem> =>
  Effect.gen(function*() {
    if (options.files.includes(standardInput)) return undefined
    const fs = yield* FileSystem.FileSystem
    let sum = 0
    for (const file of options.files) sum += Number((yield* fs.stat(file)).size)
    return sum * options.rounds
  })
