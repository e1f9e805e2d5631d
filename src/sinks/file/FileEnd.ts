/// <reference types="node" />
import * as Effect from "effect/Effect"
import type { CallFailure } from "../../node/CallFailure.ts"
import { type FileCalls, type Files, flags } from "../../node/fileCalls.ts"
import type { Opened } from "./Opened.ts"
import type { Write } from "./Write.ts"

export const lineBreak = 10

/**
 * How the file at a path ends: in a whole line, or in half a one, whoever left
 * it there. Stays true when the file is opened anew.
 */
export class FileEnd {
  private readonly path: string
  private torn = false
  /** Whether somebody else was seen to append: what is at the end may be theirs by the time it is cut. */
  private shared = false

  constructor(path: string) {
    this.path = path
  }

  /** Whether the last byte is none of a line break. */
  get isTorn(): boolean {
    return this.torn
  }

  /** Somebody else has appended to the file. */
  noteOthers(): void {
    this.shared = true
  }

  /** The bytes of ours that the file ends with now. */
  noteWritten(bytes: Uint8Array, end: number): void {
    this.torn = bytes[end - 1] !== lineBreak
  }

  /** Finds out what kind of file it is, how long it is and how it ends. */
  look(calls: FileCalls, opened: Opened): Effect.Effect<void, CallFailure> {
    return Effect.gen({ self: this }, function*() {
      const status = yield* calls.statusOf(opened.fd)
      opened.size = status.size
      opened.identity = `${status.dev}:${status.ino}`
      this.torn = status.isFile() && (yield* this.endsInHalfALine(calls, opened))
      opened.kind = status.isFile() ? "regular" : "stream"
    })
  }

  /** Another process was killed, or found the disk full, while it wrote. */
  private endsInHalfALine(calls: FileCalls, { fd, size }: Opened): Effect.Effect<boolean, CallFailure> {
    if (size === 0) return Effect.succeed(false)
    const last = new Uint8Array(1)
    return Effect.gen({ self: this }, function*() {
      const own = yield* calls.open(this.path, flags.read, 0)
      yield* Effect.ensuring(calls.read(own, last, size - 1), Effect.ignore(calls.close(own)))
      if (last[0] === lineBreak) return false
      // A longer file has a writer that is at work: it ends its line itself.
      return (yield* calls.statusOf(fd)).size === size
    }).pipe(
      // A file may be ours to write and not to read: then it ends as the last write left it.
      Effect.orElseSucceed(() => this.torn)
    )
  }

  /** Whether the file has what was left of a write, where that stands if nobody else wrote before it. Throws where it cannot be read. */
  hasSync(files: Files, { bytes, opened, written }: Write): boolean {
    const found = new Uint8Array(bytes.length - written)
    const own = files.openSync(this.path, flags.read, 0)
    try {
      files.readSync(own, found, 0, found.length, opened.size)
    } finally {
      files.closeSync(own)
    }
    return Buffer.compare(found, bytes.subarray(written)) === 0
  }

  /** Cuts so many bytes of ours off the end; where that cannot be done, half a line is ended by a line break later. */
  cut(calls: FileCalls, opened: Opened, count: number): Effect.Effect<void> {
    if (opened.kind !== "regular" || this.shared) return Effect.void
    return Effect.gen({ self: this }, function*() {
      const { size } = yield* calls.statusOf(opened.fd)
      if (size !== opened.size) return
      yield* calls.truncate(opened.fd, size - count)
      opened.size -= count
      this.torn = false
    }).pipe(Effect.ignore)
  }
}
