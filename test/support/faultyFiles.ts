import { Effect } from "effect"
import type { Errno, Files, FileStatus } from "../../src/node/fileCalls.ts"

/** What the next writes do: take at most so many bytes, fail with a code, or answer later. */
export type Fault = { readonly takes: number } | { readonly code: string } | { readonly after: Effect.Effect<void> }

/** A file system that keeps one file in memory and plays a script of faults. */
export interface FaultyFiles {
  readonly files: Files
  readonly content: () => string
  readonly opens: () => number
  readonly writes: () => number
  readonly push: (...faults: ReadonlyArray<Fault>) => void
  readonly failOpens: (...codes: ReadonlyArray<string>) => void
  /** Has the next open answer later. */
  readonly holdOpen: (until: Effect.Effect<void>) => void
  /** Appends as another program would. */
  readonly append: (text: string) => void
}

const systemError = (code: string): Errno => Object.assign(new Error(code), { code })

export const make = (
  options: { readonly regular?: boolean; readonly readable?: boolean; readonly appendOnly?: boolean } = {}
): FaultyFiles => {
  const { appendOnly = false, readable = false, regular = true } = options
  let bytes = new Uint8Array()
  let opens = 0
  let writes = 0
  let held: Effect.Effect<void> | undefined
  const faults: Array<Fault> = []
  const openFaults: Array<string> = []

  const append = (more: Uint8Array): void => {
    const all = new Uint8Array(bytes.length + more.length)
    all.set(bytes)
    all.set(more, bytes.length)
    bytes = all
  }
  const take = (from: Uint8Array, most: number): number => {
    const taken = from.subarray(0, most)
    append(taken)
    return taken.length
  }
  const status = (): FileStatus => ({ dev: 0, ino: 0, size: regular ? bytes.length : 0, isFile: () => regular })
  const openSync = (_path: string, flags: number): number => {
    if ((flags & 3) === 0) {
      if (readable) return 4
      throw systemError("EACCES")
    }
    opens++
    const code = openFaults.shift()
    if (code !== undefined) throw systemError(code)
    return 3
  }
  const readSync = (_fd: number, into: Uint8Array, _offset: number, length: number, position: number): number => {
    into.set(bytes.subarray(position, position + length))
    return Math.min(length, bytes.length - position)
  }
  const writeSync = (_fd: number, buffer: Uint8Array, offset: number, length: number): number => {
    writes++
    const fault = faults.shift()
    if (fault !== undefined && "code" in fault) throw systemError(fault.code)
    return take(
      buffer.subarray(offset, offset + length),
      fault !== undefined && "takes" in fault ? fault.takes : length
    )
  }
  const ftruncateSync = (_fd: number, size: number): void => {
    if (appendOnly) throw systemError("EPERM")
    bytes = bytes.slice(0, size)
  }
  const answer = (make: () => number, done: (error: Errno | null, value: number) => void): void => {
    let value = 0
    try {
      value = make()
    } catch (error) {
      return done(error instanceof Error ? error : systemError("EIO"), value)
    }
    done(null, value)
  }
  const later = (after: Effect.Effect<void>, then: () => void): void => {
    Effect.runFork(Effect.andThen(after, Effect.sync(then)))
  }
  return {
    files: {
      close: (_fd, done) => done(null),
      closeSync: () => {},
      fdatasyncSync: () => {},
      fstat: (_fd, done) => done(null, status()),
      fstatSync: status,
      ftruncate: (fd, size, done) =>
        answer(() => {
          ftruncateSync(fd, size)
          return 0
        }, done),
      ftruncateSync,
      mkdir: (_path, _options, done) => done(null),
      mkdirSync: () => {},
      open: (path, flags, _mode, done) => {
        const until = held
        if (until === undefined || (flags & 3) === 0) return answer(() => openSync(path, flags), done)
        held = undefined
        later(until, () => answer(() => openSync(path, flags), done))
      },
      openSync,
      read: (fd, into, offset, length, position, done) =>
        answer(() => readSync(fd, into, offset, length, position), done),
      readSync,
      stat: (_path, done) => done(null, status()),
      statSync: status,
      write: (fd, buffer, offset, length, _position, done) => {
        const [fault] = faults
        if (fault === undefined || !("after" in fault)) {
          return answer(() => writeSync(fd, buffer, offset, length), done)
        }
        faults.shift()
        later(fault.after, () => answer(() => writeSync(fd, buffer, offset, length), done))
      },
      writeSync
    },
    content: () => new TextDecoder().decode(bytes),
    opens: () => opens,
    writes: () => writes,
    push: (...more) => {
      faults.push(...more)
    },
    failOpens: (...codes) => {
      openFaults.push(...codes)
    },
    holdOpen: (until) => {
      held = until
    },
    append: (text) => append(new TextEncoder().encode(text))
  }
}
