import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Scope from "effect/Scope"
import * as LogSink from "../LogSink.ts"

/** The file at a path, open for appending. */
export interface Target {
  /** The open file; opened anew when the last one was given up. */
  readonly file: Effect.Effect<FileSystem.File, LogSink.SinkError>
  readonly giveUp: Effect.Effect<void>
  /** How long the file is if nobody else writes to it. */
  size: number
  /** Whether the file ends in half a line that could not be cut off. */
  torn: boolean
  /** Whether the file at the path may be another one by now. */
  moved: boolean
}

/** Opens the file at a path when it is asked for, and anew when somebody has moved it. */
export const openTarget = (
  path: string,
  mode: number,
  name: string
): Effect.Effect<Target, never, FileSystem.FileSystem | Path.Path | Scope.Scope> =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const folder = (yield* Path.Path).dirname(path)
    let opened: { readonly file: FileSystem.File; readonly scope: Scope.Closeable } | undefined

    const open = Effect.gen(function*() {
      yield* Effect.ignore(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }))
      const scope = yield* Scope.make()
      const file = yield* fs.open(path, { flag: "a", mode }).pipe(
        Scope.provide(scope),
        Effect.onError(() => Scope.close(scope, Exit.void))
      )
      const info = yield* file.stat
      target.size = Number(info.size)
      target.torn = info.type === "File" && target.size > 0 &&
        (yield* endsInHalfALine(fs, path, info.size, target.torn))
      target.moved = false
      opened = { file, scope }
      return file
    }).pipe(Effect.mapError((error) => sinkError(name, `cannot open ${path}`, error, 0)))

    const giveUp = Effect.suspend(() => {
      const last = opened
      opened = undefined
      return last === undefined ? Effect.void : Effect.ignore(Scope.close(last.scope, Exit.void))
    })
    yield* Effect.addFinalizer(() => giveUp)
    const clock = yield* Clock.Clock
    let checkedAt = 0n
    /** Whether the open file is still the one at the path; asked at most once a second. */
    const isCurrent = (file: FileSystem.File): Effect.Effect<boolean> =>
      Effect.suspend(() => {
        const now = clock.monotonicTimeNanosUnsafe()
        if (now - checkedAt < 1_000_000_000n) return Effect.succeed(true)
        checkedAt = now
        return Effect.all([file.stat, fs.stat(path)]).pipe(
          Effect.map(([ours, theirs]) => sameFile(ours, theirs) && Number(ours.size) >= target.size),
          Effect.orElseSucceed(() => false)
        )
      })
    const target: Target = {
      file: Effect.suspend(() => {
        if (opened === undefined) return open
        const { file } = opened
        if (target.moved) return Effect.andThen(giveUp, open)
        return Effect.flatMap(
          isCurrent(file),
          (current) => current ? Effect.succeed(file) : Effect.andThen(giveUp, open)
        )
      }),
      giveUp,
      size: 0,
      torn: false,
      moved: false
    }
    return target
  })

export const newline = new Uint8Array([10])

/** Whether the last byte is no line break: another process was killed while it wrote. */
const endsInHalfALine = (
  fs: FileSystem.FileSystem,
  path: string,
  size: bigint,
  otherwise: boolean
): Effect.Effect<boolean> =>
  Effect.scoped(Effect.flatMap(fs.open(path, { flag: "r" }), (file) => file.readAlloc(1, { position: size - 1n })))
    .pipe(
      Effect.map((last) => Option.isSome(last) && last.value[0] !== newline[0]),
      // A file may be ours to write and not to read: then it ends as the last write left it.
      Effect.orElseSucceed(() => otherwise)
    )

const sameFile = (a: FileSystem.File.Info, b: FileSystem.File.Info): boolean =>
  a.dev === b.dev && Option.getOrUndefined(a.ino) === Option.getOrUndefined(b.ino)

/** What a file that is open survives. */
export const keepsOpen = new Set(["ENOSPC", "EDQUOT", "EAGAIN", "EBUSY", "EINTR"])
const needsSomebody = new Set(["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "ELOOP"])

export const codeOf = (error: PlatformError): string => {
  const cause = error.reason.cause
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : error.reason._tag
}

/** What a failure of the file system means to a lane. */
export const sinkError = (
  name: string,
  what: string,
  error: PlatformError | undefined,
  stored: number
): LogSink.SinkError => {
  if (error === undefined) return LogSink.unavailable(name, `${what}: it takes no bytes`, { stored })
  const code = codeOf(error)
  const message = `${what} (${code})`
  return needsSomebody.has(code)
    ? LogSink.misconfigured(name, message, { cause: error })
    : LogSink.unavailable(name, message, { stored, cause: error })
}
