import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { programOf } from "../support/programs.ts"

/** The folder of the repository. */
export const root = Effect.map(Path.Path, (path) => path.resolve(import.meta.dirname, "..", ".."))

/** What a program printed and how it ended. */
export interface Ended {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** The folder it ran in. */
  readonly folder: string
}

/**
 * Runs a Node program in an empty folder with nothing but `PATH`, the cache of what
 * is compiled and `env` in its environment. `onStdout` is told of every line it prints.
 */
export const run = (options: {
  readonly arguments: ReadonlyArray<string>
  readonly env?: Record<string, string> | undefined
  readonly onStdout?: ((line: string, pid: number) => void) | undefined
}): Effect.Effect<
  Ended,
  PlatformError,
  ChildProcessSpawner.ChildProcessSpawner | FileSystem.FileSystem | Scope.Scope
> =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped()
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
    const handle = yield* spawner.spawn(
      ChildProcess.make(process.execPath, options.arguments.map(programOf), {
        cwd: folder,
        env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"], ...options.env },
        extendEnv: false,
        stdin: "ignore"
      })
    )
    const lines: Array<string> = []
    const stdout = handle.stdout.pipe(
      Stream.decodeText(),
      Stream.splitLines,
      Stream.runForEach((line) =>
        Effect.sync(() => {
          lines.push(line)
          options.onStdout?.(line, handle.pid)
        })
      )
    )
    const stderr = Stream.mkString(Stream.decodeText(handle.stderr))
    const [, errors, exitCode] = yield* Effect.all([stdout, stderr, handle.exitCode], {
      concurrency: "unbounded"
    })
    return { exitCode, stdout: lines.join("\n"), stderr: errors, folder }
  })
