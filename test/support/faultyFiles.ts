import { ByteSize, Effect, FileSystem, Option, PlatformError } from "effect"

/** What the next writes do: take at most so many bytes, fail with a code, or read their bytes later. */
export type Fault = { readonly takes: number } | { readonly code: string } | { readonly after: Effect.Effect<void> }

/** A file system that keeps one file in memory and plays a script of faults. */
export interface FaultyFiles {
  readonly fs: FileSystem.FileSystem
  readonly content: () => string
  readonly opens: () => number
  readonly push: (...faults: ReadonlyArray<Fault>) => void
  readonly failOpens: (...codes: ReadonlyArray<string>) => void
  /** Appends as another program would. */
  readonly append: (text: string) => void
}

const systemError = (method: string, code: string): PlatformError.PlatformError =>
  PlatformError.systemError({
    _tag: "Unknown",
    module: "FileSystem",
    method,
    cause: Object.assign(new Error(code), { code })
  })

export const make = (): FaultyFiles => {
  let bytes = new Uint8Array()
  let opens = 0
  const faults: Array<Fault> = []
  const openFaults: Array<string> = []

  const append = (more: Uint8Array): void => {
    const all = new Uint8Array(bytes.length + more.length)
    all.set(bytes)
    all.set(more, bytes.length)
    bytes = all
  }
  const write = (buffer: Uint8Array): Effect.Effect<number, PlatformError.PlatformError> =>
    Effect.suspend(() => {
      const fault = faults.shift()
      if (fault !== undefined && "code" in fault) return Effect.fail(systemError("write", fault.code))
      const most = fault !== undefined && "takes" in fault ? fault.takes : buffer.length
      const taken = Math.min(most, buffer.length)
      const take = Effect.sync(() => {
        append(buffer.subarray(0, taken))
        return taken
      })
      return fault !== undefined && "after" in fault ? Effect.andThen(fault.after, take) : take
    })
  const unused = Effect.die(new Error("not used"))
  const file: FileSystem.File = {
    [FileSystem.FileTypeId]: FileSystem.FileTypeId,
    stat: Effect.sync(() => ({ ...info, size: ByteSize.bytes(bytes.length) })),
    seek: () => unused,
    sync: Effect.void,
    read: () => unused,
    readAlloc: () => Effect.fail(systemError("read", "EACCES")),
    truncate: (length) =>
      Effect.sync(() => {
        bytes = bytes.slice(0, length ?? 0)
      }),
    write,
    writeAll: (buffer) => Effect.asVoid(write(buffer))
  }
  return {
    fs: FileSystem.makeNoop({
      stat: () => file.stat,
      makeDirectory: () => Effect.void,
      open: () =>
        Effect.suspend(() => {
          opens++
          const code = openFaults.shift()
          return code === undefined ? Effect.succeed(file) : Effect.fail(systemError("open", code))
        })
    }),
    content: () => new TextDecoder().decode(bytes),
    opens: () => opens,
    push: (...more) => {
      faults.push(...more)
    },
    failOpens: (...codes) => {
      openFaults.push(...codes)
    },
    append: (text) => append(new TextEncoder().encode(text))
  }
}

const info: Omit<FileSystem.File.Info, "size"> = {
  type: "File",
  mtime: Option.none(),
  atime: Option.none(),
  birthtime: Option.none(),
  dev: 0n,
  ino: Option.none(),
  mode: 0o600,
  nlink: Option.none(),
  uid: Option.none(),
  gid: Option.none(),
  rdev: Option.none(),
  blksize: Option.none(),
  blocks: Option.none()
}
