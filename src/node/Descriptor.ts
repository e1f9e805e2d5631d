/// <reference types="node" />
import * as fs from "node:fs"
import type { Writable } from "node:stream"
import { asErrno, writeThrough } from "./streamWrite.ts"
import { endOfLines, endsInHalfALine, pipeBuf } from "./wholeLines.ts"
import { isAgain, ShortWrite, writeAllSync } from "./writeAllSync.ts"

/** How much is written before the rest of the program has its turn. */
const mostAtOnce = 256 * 1024
/** How often a full pipe is looked at in the next turn of the event loop before that takes a timer. */
const quickLooks = 16
const longestPauseMillis = 32
const newline = new Uint8Array([10])

/** How a write that has not been left ended, and how many of its bytes are gone. */
export type Done = (written: number, error: NodeJS.ErrnoException | undefined) => void

/**
 * A descriptor that belongs to a stream of Node, stdout or stderr, written without
 * it: the stream takes a part of a file's bytes for all of them, tears lines on a
 * pipe that processes share, and keeps a process that has nothing more to do until
 * somebody reads.
 *
 * A pipe or a socket gets pieces of whole lines of at most `PIPE_BUF`, which no
 * other process can tear; a longer line is a piece of its own. While it is full it
 * is looked at again and again, and Node holds nothing of it. A file gets
 * everything at once. What fails on a pipe, or finds bytes of the program waiting
 * in the stream, goes through the stream, so that listeners and order are the program's.
 */
export class Descriptor {
  private readonly fd: number
  private readonly stream: Writable
  private readonly isPipe: boolean
  private readonly most: number
  private readonly line: LastLine
  /** Whether the line in which bytes of the stream wait was ended. */
  private brokenOff = false

  constructor(fd: number, stream: Writable, isPipe: boolean) {
    this.fd = fd
    this.stream = stream
    this.isPipe = isPipe
    this.most = isPipe ? pipeBuf : Number.POSITIVE_INFINITY
    this.line = lastLineOf(fd)
  }

  /**
   * Writes bytes without blocking the event loop. With `from`, a write of the same
   * bytes stopped there: it goes on if nobody has written since, and begins anew
   * if somebody has. Gives a function that leaves the write where it is.
   */
  write(bytes: Uint8Array, from: number, done: Done): () => void {
    const { line } = this
    const write = new Write(bytes, this.stream, done)
    if (from > 0 && line.torn && this.size() === line.tornSize) {
      write.at = from
      line.torn = false
      this.hold(write)
    }
    this.go(write)
    return () => {
      write.end()
      this.release(write)
    }
  }

  /** Writes all bytes before it returns, waiting for a full pipe for at most `patienceMillis`; throws a `ShortWrite`. */
  writeSync(bytes: Uint8Array, patienceMillis?: number): void {
    const { line } = this
    if (line.write !== undefined) {
      // Another write has begun it: it will begin it anew.
      writeAllSync(this.fd, newline, patienceMillis)
      this.release(line.write)
      line.torn = false
    }
    // What the stream still holds may begin in the middle of a line whose head has left.
    const waits = this.stream.writableLength > 0
    if (line.torn || (waits && !this.brokenOff)) writeAllSync(this.fd, newline, patienceMillis)
    line.torn = false
    this.brokenOff = waits
    try {
      writeAllSync(this.fd, bytes, patienceMillis, this.most)
    } catch (error) {
      if (error instanceof ShortWrite) this.note(bytes, error.written)
      throw error
    }
  }

  private go(write: Write): void {
    let error: unknown
    try {
      if (this.isHeldUp(write)) return
    } catch (thrown) {
      if (isAgain(thrown)) return void this.lookAgain(write)
      error = thrown
    }
    this.release(write)
    if (error === undefined) write.finish(undefined)
    else if (this.isPipe) this.throughStream(write)
    else write.finish(asErrno(error))
  }

  /** Writes as much as goes at once. Gives `false` when it is all, and has seen to it that it goes on when it is not. */
  private isHeldUp(write: Write): boolean {
    const { line, stream } = this
    if (line.write !== undefined && line.write !== write) return this.lookAgain(write)
    if (line.write === undefined) write.beginLine()
    let room = mostAtOnce
    while (write.at < write.bytes.length) {
      if (line.write === undefined && stream.writableLength > 0) return this.throughStream(write)
      if (room <= 0) return write.waitForTurn(() => this.go(write))
      if (line.torn && fs.writeSync(this.fd, newline) === 0) return this.lookAgain(write)
      line.torn = false
      const count = fs.writeSync(this.fd, write.bytes, write.at, write.next(this.most) - write.at)
      if (count === 0) return this.lookAgain(write)
      write.took(count)
      room -= count
      if (endsInHalfALine(write.bytes, write.at)) this.hold(write)
      else this.release(write)
    }
    return false
  }

  private lookAgain(write: Write): true {
    return write.waitForRoom(() => this.go(write))
  }

  /** Writes the next piece through the stream, which tells its listeners what is wrong, and keeps the order. */
  private throughStream(write: Write): true {
    const end = write.next(this.most)
    const piece = write.bytes.subarray(write.at, end)
    writeThrough(this.stream, Buffer.concat(this.line.torn ? [newline, piece] : [piece]), (error) => {
      if (write.over) return
      if (error !== undefined) return write.finish(error)
      this.line.torn = false
      write.at = end
      this.go(write)
    })
    return true
  }

  private hold(write: Write): void {
    if (this.line.write === write) return
    this.line.write = write
    // What the program writes meanwhile waits for the end of the line.
    write.stream.cork()
  }

  private release(write: Write): void {
    if (this.line.write !== write) return
    this.line.write = undefined
    write.stream.uncork()
    this.note(write.bytes, write.at)
  }

  private note(bytes: Uint8Array, written: number): void {
    this.line.torn = endsInHalfALine(bytes, written)
    this.line.tornSize = this.line.torn ? this.size() : -1
  }

  private size(): number {
    try {
      return fs.fstatSync(this.fd).size
    } catch {
      return Number.NaN
    }
  }
}

/** The line at the end of a pipe or a file: that of all the descriptors that lead there, as with `2>&1`. */
class LastLine {
  /** The write that is in the middle of it, which no other may tear. */
  write: Write | undefined = undefined
  /** Whether the last byte was none of a line break. */
  torn = false
  /** How long the file was then. */
  tornSize = -1
}

const lastLines = new Map<string, LastLine>()

const lastLineOf = (fd: number): LastLine => {
  const key = keyOf(fd)
  const line = (key === undefined ? undefined : lastLines.get(key)) ?? new LastLine()
  if (key !== undefined) lastLines.set(key, line)
  return line
}

const keyOf = (fd: number): string | undefined => {
  try {
    const { dev, ino } = fs.fstatSync(fd)
    return ino === 0 ? undefined : `${dev}:${ino}`
  } catch {
    return undefined
  }
}

/** A write that goes on piece by piece. */
class Write {
  readonly bytes: Uint8Array
  readonly stream: Writable
  at = 0
  over = false
  private readonly done: Done
  private looks = 0
  private cancel = (): void => {}

  constructor(bytes: Uint8Array, stream: Writable, done: Done) {
    this.bytes = bytes
    this.stream = stream
    this.done = done
  }

  next(most: number): number {
    return endOfLines(this.bytes, this.at, most)
  }

  took(count: number): void {
    this.at += count
    this.looks = 0
  }

  /** Goes back to the beginning of a line that somebody has ended for us. */
  beginLine(): void {
    if (endsInHalfALine(this.bytes, this.at)) this.at = this.bytes.lastIndexOf(newline[0]!, this.at - 1) + 1
  }

  waitForTurn(next: () => void): true {
    const turn = setImmediate(next)
    this.cancel = () => clearImmediate(turn)
    return true
  }

  waitForRoom(next: () => void): true {
    if (this.looks++ < quickLooks) return this.waitForTurn(next)
    const timer = setTimeout(next, Math.min(longestPauseMillis, 2 ** (this.looks - quickLooks - 1)))
    this.cancel = () => clearTimeout(timer)
    return true
  }

  end(): void {
    this.over = true
    this.cancel()
  }

  finish(error: NodeJS.ErrnoException | undefined): void {
    if (this.over) return
    this.over = true
    this.done(this.at, error)
  }
}
