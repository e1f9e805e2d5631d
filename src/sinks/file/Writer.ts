/// <reference types="node" />
import * as Effect from "effect/Effect"
import { CallFailure, callFailure } from "../../node/CallFailure.ts"
import type { Files } from "../../node/fileCalls.ts"
import type { OneCall } from "../../node/OneCall.ts"
import { Patience } from "../../node/Patience.ts"
import type { FileEnd } from "./FileEnd.ts"
import type { Write } from "./Write.ts"

/** A write that took nothing and did not fail. */
const takesNothing = (): CallFailure => new CallFailure({ code: "it takes no bytes" })

/** Has the system take all bytes of a write, in threads of the pool or at once. Whatever ends it, the end of the file is known. */
export class Writer {
  private readonly files: Files
  private readonly call: OneCall
  private readonly end: FileEnd
  private readonly patience = new Patience()
  /** The write of a regular file that a thread has, and how long that will be then. */
  private out: { readonly write: Write; readonly size: number } | undefined = undefined

  constructor(files: Files, call: OneCall, end: FileEnd) {
    this.files = files
    this.call = call
    this.end = end
  }

  later(write: Write): Effect.Effect<void, CallFailure> {
    const { bytes, opened, written } = write
    const length = write.next - written
    const answer = this.call.make<number>((done) => {
      if (opened.kind === "regular") this.out = { write, size: opened.size + length }
      this.files.write(opened.fd, bytes, written, length, null, (error, count) => {
        this.out = undefined
        if (error === null) this.note(write, count)
        done(error, count)
      })
    })
    return Effect.flatMap(
      opened.kind === "regular" ? answer : Effect.catch(answer, (error) => this.whenThereIsRoom(write, error)),
      (count) => {
        if (count === 0) return Effect.fail(takesNothing())
        return write.isDone ? Effect.void : this.later(write)
      }
    )
  }

  /** Waits until a pipe may have room again: nobody tells. */
  private whenThereIsRoom(write: Write, error: CallFailure): Effect.Effect<void, CallFailure> {
    if (error.code !== "EAGAIN") return Effect.fail(error)
    const millis = write.nextPause()
    return millis === undefined ? Effect.fail(error) : Effect.sleep(millis)
  }

  /** Throws where it fails. */
  now(write: Write): void {
    const { bytes, opened } = write
    while (!write.isDone) {
      try {
        const count = this.files.writeSync(opened.fd, bytes, write.written, write.next - write.written)
        if (count === 0) throw takesNothing()
        this.note(write, count)
      } catch (error) {
        if (callFailure(error).code !== "EAGAIN" || !this.patience.wait()) throw error
      }
    }
    this.patience.answered()
  }

  /**
   * Waits for the write that a thread has, as long as patience lasts: what is written now
   * would stand before it. Gives it where all of it is seen in the file.
   */
  letFinish(): Write | undefined {
    const { files, out } = this
    this.out = undefined
    if (out === undefined) return undefined
    const { size, write } = out
    try {
      while (files.fstatSync(write.opened.fd).size < size) if (!this.patience.wait()) return undefined
      return this.end.hasSync(files, write) ? write : undefined
    } catch {
      // A file that cannot be looked at does not show what is in it.
      return undefined
    }
  }

  private note(write: Write, count: number): void {
    write.took(count)
    this.end.noteWritten(write.bytes, write.written)
  }
}
