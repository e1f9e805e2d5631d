import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Scheduler from "effect/Scheduler"
import { localPace } from "../../contract/localLane.ts"
import type { LogRecord } from "../../LogRecord.ts"
import { absolutePath } from "../../node/absolutePath.ts"
import { CallFailure, callFailure } from "../../node/CallFailure.ts"
import { atOnce, type FileCalls, type Files, flags, inPool, nodeFiles } from "../../node/fileCalls.ts"
import { OneCall } from "../../node/OneCall.ts"
import { type BatchEncoder, wholeRecords } from "../encoding/wholeRecords.ts"
import { FileEnd, lineBreak } from "./FileEnd.ts"
import { type AppendFailure, failed, held, keepsOpen } from "./fileErrors.ts"
import { Opened } from "./Opened.ts"
import { Write } from "./Write.ts"
import { Writer } from "./Writer.ts"

const newline = new Uint8Array([lineBreak])
const checkedEvery = 1_000_000_000n
const patience = "5 seconds"
const cannotWrite = "cannot write the file"
const closedAlready = new CallFailure({ code: "it is closed" })
const noRecords: ReadonlyArray<LogRecord> = []
const nothing = { records: 0, size: 0 }

export interface Options {
  readonly path: string
  readonly mode: number
  /** Monotonic, in nanoseconds. */
  readonly now: () => bigint
  /** Whether a symbolic link is refused. */
  readonly noFollow?: boolean | undefined
  /** Whether a missing folder is made. Defaults to `true`. */
  readonly makeFolder?: boolean | undefined
  /** The permissions of a folder that is made. Defaults to 0700. */
  readonly folderMode?: number | undefined
  readonly files?: Files | undefined
}

/** How calls are made: in the pool, or at once. */
interface Way {
  readonly calls: FileCalls
  readonly write: (write: Write) => Effect.Effect<void, CallFailure>
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
 *
 *     inPlace ──reopen──▶ moved ──opened anew──▶ inPlace
 *        └───────close──────┴──▶ closed
 */
export class AppendFile {
  /** `moved`: the file at the path may be another one by now. */
  private phase: "inPlace" | "moved" | "closed" = "inPlace"
  private opened: Opened | undefined = undefined
  private readonly options: Options
  private readonly path: string
  private readonly flags: number
  private readonly files: Files
  private readonly end: FileEnd
  private readonly call = new OneCall()
  private readonly besideCall = new OneCall()
  /** The look that is under way, or the last one. */
  private look: Fiber.Fiber<void> | undefined = undefined
  private readonly writer: Writer
  /** The write of a thread that was seen in the file before anybody was told so. */
  private arrived: Write | undefined = undefined
  private readonly later: Way
  private readonly now: Way

  constructor(options: Options) {
    const { files = nodeFiles, noFollow = false, path } = options
    this.options = options
    this.path = absolutePath(path)
    this.flags = flags.append | (noFollow ? flags.noFollow : 0)
    this.files = files
    this.end = new FileEnd(this.path)
    this.writer = new Writer(files, this.call, this.end)
    this.later = { calls: inPool(files, this.call), write: (write) => this.writer.later(write) }
    this.now = {
      calls: atOnce(files),
      write: (write) => Effect.try({ try: () => this.writer.now(write), catch: callFailure })
    }
  }

  /** The names of the file now. A pipe or a device has none: many may write to it. */
  get places(): ReadonlyArray<string> {
    if (this.opened?.kind === "stream") return []
    return [this.path, this.opened?.identity].filter((place) => place !== undefined)
  }

  /** Opens the file, without writing to it: at once where nobody can wait (`Effect.runSync`). */
  readonly open: Effect.Effect<void, AppendFailure> = Effect.flatMap(
    Scheduler.Scheduler,
    ({ executionMode }) => Effect.asVoid(executionMode === "sync" ? this.prepare(this.now) : this.ready())
  )

  // Without generators: a finished one keeps its batch until a full collection, which costs a quarter of the throughput.
  append(encoder: BatchEncoder, batch: ReadonlyArray<LogRecord>): Effect.Effect<void, AppendFailure> {
    const beside = batch.length >= localPace.full ? this.aging() : undefined
    return Effect.flatMap(beside === undefined ? this.ready() : Effect.succeed(beside), (opened) => {
      const write = new Write(opened, encoder.encodeBatch(batch), batch)
      const written = Effect.catch(
        this.writer.later(write),
        (error) => Effect.flatMap(this.failure(this.later.calls, write, error, encoder), Effect.fail)
      )
      return beside === undefined ? written : Effect.andThen(this.lookBeside(opened, write.bytes.length), written)
    })
  }

  /** Appends before it returns, save a batch that a thread has put into the file; throws an `AppendFailure`. */
  appendSync(encoder: BatchEncoder, batch: ReadonlyArray<LogRecord>): void {
    const opened = this.fresh() ?? this.prepareNow()
    if (this.arrived?.batch === batch) return
    const write = new Write(opened, encoder.encodeBatch(batch), batch)
    try {
      this.writer.now(write)
    } catch (error) {
      throw Effect.runSync(this.failure(this.now.calls, write, callFailure(error), encoder))
    }
  }

  /** Opens the file before it returns; throws an `AppendFailure`. */
  openSync(): void {
    this.prepareNow()
  }

  /** Has the system put on the disk what was appended. */
  syncToDisk(): void {
    if (this.opened?.kind === "regular") this.files.fdatasyncSync(this.opened.fd)
  }

  /** Has the next append open the file anew. */
  reopen(): void {
    if (this.phase === "inPlace") this.phase = "moved"
  }

  /** Closes the file as soon as no call is out, without waiting for that. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    this.phase = "closed"
    // A process ends without the calls that nobody waits for.
    this.look?.interruptUnsafe()
    const close = this.giveUp(this.later.calls)
    if (!this.call.isOut) return close
    return Effect.asVoid(Effect.forkDetach(Effect.andThen(this.call.returned, close)))
  })

  private fresh(): Opened | undefined {
    const { opened } = this
    const isFresh = opened !== undefined && this.options.now() - opened.checkedAt < checkedEvery
    return isFresh ? this.known() : undefined
  }

  /** The open file, if nothing is to be done to it before the next write but to look whether it still is the one at its path. */
  private known(): Opened | undefined {
    const { call, end, opened, phase } = this
    if (phase !== "inPlace" || end.isTorn || call.isOut) return undefined
    return opened?.kind === "unknown" ? undefined : opened
  }

  private aging(): Opened | undefined {
    const opened = this.known()
    if (opened?.kind !== "regular" || this.besideCall.isOut) return undefined
    return this.fresh() === undefined ? opened : undefined
  }

  /**
   * Looks whether the file is the one at its path while so many bytes are being written to
   * it. To look first would take two turns of the event loop, in which a program that fills
   * the lane can log more than it holds.
   */
  private lookBeside(opened: Opened, bytes: number): Effect.Effect<void> {
    const calls = inPool(this.files, this.besideCall)
    const { size } = opened
    opened.checkedAt = this.options.now()
    const look = Effect.forkDetach(
      Effect.map(this.isInPlace(calls, opened, { least: size, most: size + bytes }), (isInPlace) => {
        if (!isInPlace) this.reopen()
      }),
      { startImmediately: true }
    )
    return Effect.map(look, (fiber) => {
      this.look = fiber
    })
  }

  private ready(): Effect.Effect<Opened, AppendFailure> {
    const opened = this.fresh()
    if (opened !== undefined) return Effect.succeed(opened)
    const busy = [this.call, this.besideCall].find(({ isOut }) => isOut)
    if (busy === undefined) return this.prepare(this.later)
    return Effect.andThen(
      Effect.timeoutOrElse(busy.returned, {
        duration: patience,
        orElse: () => Effect.fail(held(cannotWrite))
      }),
      Effect.suspend(() => this.ready())
    )
  }

  private prepareNow(): Opened {
    if (this.call.hangs || this.besideCall.hangs) throw held(cannotWrite)
    this.arrived = this.writer.letFinish() ?? this.arrived
    const prepared = Effect.runSync(Effect.result(this.prepare(this.now)))
    if (Result.isFailure(prepared)) throw prepared.failure
    return prepared.success
  }

  /** Opens the file when it is not open or is not the one at the path any more, looks how it ends, and ends half a line. */
  private prepare(way: Way): Effect.Effect<Opened, AppendFailure> {
    const { calls } = way
    const cannotOpen = (error: CallFailure): AppendFailure =>
      failed(`cannot open ${JSON.stringify(this.options.path)}`, error, 0)
    return Effect.gen({ self: this }, function*() {
      if (this.phase === "closed") return yield* failed(cannotWrite, closedAlready, 0)
      if (this.opened !== undefined && !(yield* this.isCurrent(calls, this.opened))) yield* this.giveUp(calls)
      const opened = this.opened ?? (yield* Effect.mapError(this.openAnew(calls), cannotOpen))
      // A write that is out may be ending the file in another way.
      if (opened.kind === "unknown" || this.call.isOut) {
        yield* Effect.mapError(this.end.look(calls, opened), cannotOpen)
      }
      if (this.end.isTorn) {
        const write = new Write(opened, newline, noRecords)
        yield* Effect.catch(
          way.write(write),
          (error) => Effect.flatMap(this.failure(calls, write, error), Effect.fail)
        )
      }
      return opened
    })
  }

  private openAnew(calls: FileCalls): Effect.Effect<Opened, CallFailure> {
    return Effect.gen({ self: this }, function*() {
      const folder = this.options.makeFolder === false
        ? undefined
        : yield* Effect.result(calls.makeFolderOf(this.path, this.options.folderMode ?? 0o700))
      if (this.phase === "moved") this.phase = "inPlace"
      const open = calls.open(this.path, this.flags, this.options.mode, (fd) => this.adopt(fd))
      // Why there is no folder says more than that there is none.
      const fd = yield* Effect.mapError(
        open,
        (failure) =>
          failure.code === "ENOENT" && folder !== undefined && Result.isFailure(folder) ? folder.failure : failure
      )
      return this.opened ?? new Opened(fd, this.options.now())
    })
  }

  private adopt(fd: number): void {
    if (this.opened === undefined && this.phase !== "closed") this.opened = new Opened(fd, this.options.now())
    else this.files.close(fd, () => {})
  }

  /** Whether the open file is still the one at the path; asked at most once a second. */
  private isCurrent(calls: FileCalls, opened: Opened): Effect.Effect<boolean> {
    const now = this.options.now()
    if (this.phase === "moved") return Effect.succeed(false)
    if (now - opened.checkedAt < checkedEvery) return Effect.succeed(true)
    opened.checkedAt = now
    return this.isInPlace(calls, opened, { least: opened.size, most: opened.size })
  }

  /** Whether the open file is the one at the path, and as long as it is when only we write to it. */
  private isInPlace(
    calls: FileCalls,
    opened: Opened,
    { least, most }: { readonly least: number; readonly most: number }
  ): Effect.Effect<boolean> {
    return Effect.gen({ self: this }, function*() {
      const ours = yield* calls.statusOf(opened.fd)
      const theirs = yield* calls.statusOf(this.path)
      if (ours.dev !== theirs.dev || ours.ino !== theirs.ino) return false
      if (opened.kind !== "regular") return true
      if (ours.size > most) this.noteOthers(opened)
      return ours.size >= least
    }).pipe(Effect.orElseSucceed(() => false))
  }

  /** Somebody else writes to the file too: how long it is and how it ends is not known any more. */
  private noteOthers(opened: Opened): void {
    opened.kind = "unknown"
    this.end.noteOthers()
  }

  private giveUp(calls: FileCalls): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { opened } = this
      this.opened = undefined
      return opened === undefined ? Effect.void : Effect.ignore(calls.close(opened.fd))
    })
  }

  /** Mends the file after a write that failed, and says how many records are in it. */
  private failure(
    calls: FileCalls,
    { batch, bytes, opened, written }: Write,
    error: CallFailure,
    encoder?: BatchEncoder
  ): Effect.Effect<AppendFailure> {
    return Effect.gen({ self: this }, function*() {
      const { records, size } = encoder === undefined || written === 0
        ? nothing
        : wholeRecords(batch, encoder, bytes, written)
      if (written > size && written < bytes.length) yield* this.end.cut(calls, opened, written - size)
      if (!keepsOpen.has(error.code)) yield* this.giveUp(calls)
      return failed(cannotWrite, error, records)
    })
  }
}
