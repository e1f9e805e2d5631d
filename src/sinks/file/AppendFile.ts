/// <reference types="node" />
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { wholeRecords } from "../../encode/wholeRecords.ts"
import type { LogEncoder } from "../../LogEncoder.ts"
import type { LogRecord } from "../../LogRecord.ts"
import { absolutePath } from "../../node/absolutePath.ts"
import { CallFailure, callFailure } from "../../node/CallFailure.ts"
import { atOnce, type FileCalls, type Files, flags, inPool, nodeFiles } from "../../node/fileCalls.ts"
import { OneCall } from "../../node/OneCall.ts"
import { Patience } from "../../node/Patience.ts"
import { endOfLines, pipeBuf } from "../../node/wholeLines.ts"
import { type AppendFailure, failed, held, keepsOpen, takesNothing } from "./fileErrors.ts"

export interface Options {
  readonly path: string
  readonly mode: number
  /** Monotonic, in nanoseconds. */
  readonly now: () => bigint
  /** Whether a symbolic link is refused. */
  readonly noFollow?: boolean | undefined
  /** Whether a missing folder is made. Defaults to `true`. */
  readonly makeFolder?: boolean | undefined
  readonly files?: Files | undefined
}

/**
 * Appends records to a file, in threads of the pool or at once, through one
 * descriptor. Knows how long the file is and how it ends: no record is glued
 * to half a line, whoever left it, and of a batch that did not fit it is said
 * how many records are in the file.
 *
 * Somebody else may write to the file, rename, delete or truncate it: it is
 * looked at once a second. A pipe, a device or a terminal is opened without
 * waiting and has no size.
 */
export class AppendFile {
  private readonly options: Options
  private readonly path: string
  private readonly flags: number
  private readonly files: Files
  private readonly call = new OneCall()
  private readonly patience = new Patience()
  private readonly later: Way
  private readonly now: Way
  private opened: Opened | undefined = undefined
  /** Whether the file at the path may be another one by now. */
  private moved = false
  /** Whether the file ends in half a line. */
  private torn = false
  /** Whether somebody else was seen to append: what is at the end may be theirs by the time it is cut. */
  private shared = false
  private closed = false

  constructor(options: Options) {
    const { files = nodeFiles, noFollow = false, path } = options
    this.options = options
    this.path = absolutePath(path)
    this.flags = flags.append | (noFollow ? flags.noFollow : 0)
    this.files = files
    this.later = { calls: inPool(files, this.call), write: (progress) => this.writeLater(progress) }
    this.now = {
      calls: atOnce(files),
      write: (progress) => Effect.try({ try: () => this.writeNow(progress), catch: callFailure })
    }
  }

  /** Opens the file, without writing to it. */
  readonly open: Effect.Effect<void, AppendFailure> = Effect.suspend(() => Effect.asVoid(this.ready()))

  // Without generators: a finished one keeps its batch until a full collection, which costs a quarter of the throughput.
  append(encoder: LogEncoder, batch: ReadonlyArray<LogRecord>): Effect.Effect<void, AppendFailure> {
    return Effect.flatMap(this.ready(), (opened) => {
      const progress = new Progress(opened, encoder.encodeBatch(batch))
      return Effect.catch(
        this.writeLater(progress),
        (error) => Effect.flatMap(this.failure(this.later.calls, progress, error, encoder, batch), Effect.fail)
      )
    })
  }

  /** Appends before it returns; throws an `AppendFailure`. */
  appendSync(encoder: LogEncoder, batch: ReadonlyArray<LogRecord>): void {
    const opened = this.fresh() ?? this.prepareNow()
    const progress = new Progress(opened, encoder.encodeBatch(batch))
    try {
      this.writeNow(progress)
    } catch (error) {
      throw Effect.runSync(this.failure(this.now.calls, progress, callFailure(error), encoder, batch))
    }
  }

  /** Opens the file before it returns; throws an `AppendFailure`. */
  openSync(): void {
    this.prepareNow()
  }

  /** Has the system put on the disk what was appended. */
  syncToDisk(): void {
    if (this.opened?.regular === true) this.files.fdatasyncSync(this.opened.fd)
  }

  /** Has the next append open the file anew. */
  reopen(): void {
    this.moved = true
  }

  /** Closes the file as soon as no call is out, without waiting for that. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    this.closed = true
    const close = this.giveUp(this.later.calls)
    if (!this.call.isOut) return close
    return Effect.asVoid(Effect.forkDetach(Effect.andThen(this.call.returned, close)))
  })

  private fresh(): Opened | undefined {
    const { opened } = this
    if (opened === undefined || this.moved || this.torn || this.call.isOut) return undefined
    return opened.looked && this.options.now() - opened.checkedAt < checkedEvery ? opened : undefined
  }

  private ready(): Effect.Effect<Opened, AppendFailure> {
    const opened = this.fresh()
    if (opened !== undefined) return Effect.succeed(opened)
    if (!this.call.isOut) return this.prepare(this.later)
    return Effect.andThen(
      Effect.timeoutOrElse(this.call.returned, {
        duration: patience,
        orElse: () => Effect.fail(held(cannotWrite))
      }),
      Effect.suspend(() => this.ready())
    )
  }

  private prepareNow(): Opened {
    if (this.call.hangs) throw held(cannotWrite)
    const prepared = Effect.runSync(Effect.result(this.prepare(this.now)))
    if (Result.isFailure(prepared)) throw prepared.failure
    return prepared.success
  }

  /** Opens the file when it is not open or is not the one at the path any more, looks how it ends, and ends half a line. */
  private prepare(way: Way): Effect.Effect<Opened, AppendFailure> {
    const { calls } = way
    const cannotOpen = (error: CallFailure): AppendFailure => failed(`cannot open ${this.options.path}`, error, 0)
    return Effect.gen({ self: this }, function*() {
      if (this.closed) return yield* failed(cannotWrite, closedAlready, 0)
      if (this.opened !== undefined && !(yield* this.isCurrent(calls, this.opened))) yield* this.giveUp(calls)
      const opened = this.opened ?? (yield* Effect.mapError(this.openAnew(calls), cannotOpen))
      // A write that is out may be ending the file in another way.
      if (!opened.looked || this.call.isOut) {
        yield* Effect.mapError(this.look(calls, opened), cannotOpen)
      }
      if (this.torn) {
        const progress = new Progress(opened, newline)
        yield* Effect.catch(
          way.write(progress),
          (error) => Effect.flatMap(this.failure(calls, progress, error), Effect.fail)
        )
      }
      return opened
    })
  }

  private openAnew(calls: FileCalls): Effect.Effect<Opened, CallFailure> {
    return Effect.gen({ self: this }, function*() {
      if (this.options.makeFolder !== false) yield* Effect.ignore(calls.makeFolderOf(this.path))
      this.moved = false
      const fd = yield* calls.open(this.path, this.flags, this.options.mode, (fd) => this.adopt(fd))
      return this.opened ?? new Opened(fd, this.options.now())
    })
  }

  private adopt(fd: number): void {
    if (this.opened === undefined && !this.closed) this.opened = new Opened(fd, this.options.now())
    else this.files.close(fd, () => {})
  }

  private look(calls: FileCalls, opened: Opened): Effect.Effect<void, CallFailure> {
    return Effect.gen({ self: this }, function*() {
      const status = yield* calls.statusOf(opened.fd)
      opened.regular = status.isFile()
      opened.size = status.size
      this.torn = opened.regular && (yield* this.endsTorn(calls, opened))
      opened.looked = true
    })
  }

  /** Whether the last byte is no line break: another process was killed, or found the disk full, while it wrote. */
  private endsTorn(calls: FileCalls, { fd, size }: Opened): Effect.Effect<boolean, CallFailure> {
    if (size === 0) return Effect.succeed(false)
    const last = new Uint8Array(1)
    return Effect.gen({ self: this }, function*() {
      const own = yield* calls.open(this.path, flags.read, 0)
      yield* Effect.ensuring(calls.read(own, last, size - 1), Effect.ignore(calls.close(own)))
      if (last[0] === newline[0]) return false
      // A longer file has a writer that is at work: it ends its line itself.
      return (yield* calls.statusOf(fd)).size === size
    }).pipe(
      // A file may be ours to write and not to read: then it ends as the last write left it.
      Effect.orElseSucceed(() => this.torn)
    )
  }

  /** Whether the open file is still the one at the path; asked at most once a second. */
  private isCurrent(calls: FileCalls, opened: Opened): Effect.Effect<boolean> {
    const now = this.options.now()
    if (this.moved) return Effect.succeed(false)
    if (now - opened.checkedAt < checkedEvery) return Effect.succeed(true)
    opened.checkedAt = now
    return Effect.gen({ self: this }, function*() {
      const ours = yield* calls.statusOf(opened.fd)
      const theirs = yield* calls.statusOf(this.path)
      if (ours.dev !== theirs.dev || ours.ino !== theirs.ino) return false
      if (!opened.regular || ours.size === opened.size) return true
      // Somebody else writes to it too, or has truncated it.
      opened.looked = false
      const hasGrown = ours.size > opened.size
      this.shared ||= hasGrown
      return hasGrown
    }).pipe(Effect.orElseSucceed(() => false))
  }

  private giveUp(calls: FileCalls): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { opened } = this
      this.opened = undefined
      return opened === undefined ? Effect.void : Effect.ignore(calls.close(opened.fd))
    })
  }

  private writeLater(progress: Progress): Effect.Effect<void, CallFailure> {
    const { bytes, opened, written } = progress
    const write = this.call.make<number>((done) =>
      this.files.write(opened.fd, bytes, written, progress.next - written, null, (error, count) => {
        if (error === null) this.note(progress, count)
        done(error, count)
      })
    )
    const answer = opened.regular ? write : Effect.catch(write, (error) => this.whenThereIsRoom(progress, error))
    return Effect.flatMap(answer, (count) => {
      if (count === 0) return Effect.fail(takesNothing())
      return progress.written < bytes.length ? this.writeLater(progress) : Effect.void
    })
  }

  /** Waits until a pipe may have room again: nobody tells. */
  private whenThereIsRoom(progress: Progress, error: CallFailure): Effect.Effect<void, CallFailure> {
    if (error.code !== "EAGAIN") return Effect.fail(error)
    const millis = progress.nextPause()
    return millis === undefined ? Effect.fail(error) : Effect.sleep(millis)
  }

  private writeNow(progress: Progress): void {
    const { bytes, opened } = progress
    while (progress.written < bytes.length) {
      try {
        const count = this.files.writeSync(opened.fd, bytes, progress.written, progress.next - progress.written)
        if (count === 0) throw takesNothing()
        this.note(progress, count)
      } catch (error) {
        if (callFailure(error).code !== "EAGAIN" || !this.patience.wait()) throw error
      }
    }
    this.patience.answered()
  }

  /** Whatever ends the write from here on, the next one knows. */
  private note(progress: Progress, count: number): void {
    progress.took(count)
    progress.opened.size += count
    this.torn = progress.bytes[progress.written - 1] !== newline[0]
  }

  /** Mends the file after a write that failed, and says how many records are in it. */
  private failure(
    calls: FileCalls,
    { bytes, opened, written }: Progress,
    error: CallFailure,
    encoder?: LogEncoder,
    batch: ReadonlyArray<LogRecord> = []
  ): Effect.Effect<AppendFailure> {
    return Effect.gen({ self: this }, function*() {
      const { records, size } = encoder === undefined || written === 0
        ? nothing
        : wholeRecords(batch, encoder, written)
      if (written > size && written < bytes.length) yield* this.cutTail(calls, opened, written - size)
      if (!keepsOpen.has(error.code)) yield* this.giveUp(calls)
      return failed(cannotWrite, error, records)
    })
  }

  /** Cuts half a line of ours off the end of the file; where that cannot be done, it is ended by a line break later. */
  private cutTail(calls: FileCalls, opened: Opened, torn: number): Effect.Effect<void> {
    if (!opened.regular || this.shared) return Effect.void
    return Effect.gen({ self: this }, function*() {
      const { size } = yield* calls.statusOf(opened.fd)
      if (size !== opened.size) return
      yield* calls.truncate(opened.fd, size - torn)
      opened.size -= torn
      this.torn = false
    }).pipe(Effect.ignore)
  }
}

/** How calls are made: in the pool, or at once. */
interface Way {
  readonly calls: FileCalls
  readonly write: (progress: Progress) => Effect.Effect<void, CallFailure>
}

/** An open file. */
class Opened {
  readonly fd: number
  /** Whether it has been found out what follows. */
  looked = false
  regular = false
  /** How long the file is if nobody else writes to it. */
  size = 0
  checkedAt: bigint

  constructor(fd: number, checkedAt: bigint) {
    this.fd = fd
    this.checkedAt = checkedAt
  }
}

/** How far a write has come. */
class Progress {
  readonly opened: Opened
  readonly bytes: Uint8Array
  written = 0
  private pauseMillis = 1
  private waitedMillis = 0
  private stalledMillis = 0

  constructor(opened: Opened, bytes: Uint8Array) {
    this.opened = opened
    this.bytes = bytes
  }

  /** Where the next call ends: a pipe takes up to `PIPE_BUF` bytes whole or not at all. */
  get next(): number {
    const { bytes, opened, written } = this
    return opened.regular ? bytes.length : endOfLines(bytes, written, pipeBuf)
  }

  took(count: number): void {
    this.written += count
    this.pauseMillis = 1
    this.stalledMillis = 0
  }

  /** The next wait for a pipe; nothing when it has been waited for long enough. */
  nextPause(): number | undefined {
    if (this.stalledMillis >= longestStallMillis || this.waitedMillis >= longestPauseMillis) return undefined
    const millis = this.pauseMillis
    this.pauseMillis = Math.min(2 * millis, 100)
    this.stalledMillis += millis
    this.waitedMillis += millis
    return millis
  }
}

const lineBreak = 10
const newline = new Uint8Array([lineBreak])
const checkedEvery = 1_000_000_000n
const patience = "5 seconds"
const longestStallMillis = 1000
const longestPauseMillis = 10_000
const cannotWrite = "cannot write the file"
const closedAlready = new CallFailure({ code: "it is closed" })
const nothing = { records: 0, size: 0 }
