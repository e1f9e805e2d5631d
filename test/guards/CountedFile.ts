import type { Files, FileStatus } from "../../src/node/fileCalls.ts"

/** A file without a disk: it counts the calls to the system, and answers each in the next turn of the event loop. */
export class CountedFile {
  calls = 0
  bytes = 0

  readonly files: Files = {
    close: (_, done) => this.answer(() => done(null)),
    closeSync: () => this.counted(undefined),
    fdatasyncSync: () => this.counted(undefined),
    fstat: (_, done) => this.answer(() => done(null, this.status)),
    fstatSync: () => this.counted(this.status),
    ftruncate: (_, __, done) => this.answer(() => done(null)),
    ftruncateSync: () => this.counted(undefined),
    mkdir: (_, __, done) => this.answer(() => done(null)),
    mkdirSync: () => this.counted(undefined),
    open: (_, __, ___, done) => this.answer(() => done(null, 3)),
    openSync: () => this.counted(3),
    read: (_, __, ___, ____, _____, done) => this.answer(() => done(null, 0)),
    readSync: () => this.counted(0),
    stat: (_, done) => this.answer(() => done(null, this.status)),
    statSync: () => this.counted(this.status),
    write: (_, __, ___, length, ____, done) => this.answer(() => done(null, this.take(length))),
    writeSync: (_, __, ___, length) => this.counted(this.take(length))
  }

  private get status(): FileStatus {
    return { dev: 1, ino: 1, size: this.bytes, isFile: () => true }
  }

  private take(length: number): number {
    this.bytes += length
    return length
  }

  private answer(done: () => void): void {
    this.calls++
    setImmediate(done)
  }

  private counted<A>(value: A): A {
    this.calls++
    return value
  }
}
