import * as CliError from "effect/cli/CliError"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import type * as PlatformError from "effect/PlatformError"
import { standardInput } from "./replay.ts"

/** Gives the path of a file that can be replayed. */
export const requireReadable = (
  path: string
): Effect.Effect<string, CliError.InvalidValue, FileSystem.FileSystem> => {
  const refuse = (why: string): CliError.InvalidValue =>
    new CliError.InvalidValue({
      option: "file",
      value: path,
      expected: `a file that can be read (${why})`,
      kind: "argument"
    })
  return Effect.gen(function*() {
    if (path === standardInput) return path
    const fs = yield* FileSystem.FileSystem
    const info = yield* Effect.mapError(fs.stat(path), (error) => refuse(error.reason._tag))
    if (info.type === "Directory") return yield* refuse("it is a directory")
    yield* Effect.mapError(fs.access(path, { readable: true }), (error) => refuse(error.reason._tag))
    return path
  })
}

/** Empties the output unless it is to be kept, and refuses one that is being read as well. */
export const prepareOutput = (
  out: string,
  files: ReadonlyArray<string>,
  append: boolean
): Effect.Effect<void, CliError.UserError | PlatformError.PlatformError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const before = yield* Effect.option(fs.stat(out))
    if (Option.isNone(before)) return
    const target = yield* fs.realPath(out)
    for (const file of files) {
      if (file !== standardInput && (yield* fs.realPath(file)) === target) {
        const message = `the output ${out} is one of the files to replay`
        return yield* new CliError.UserError({ cause: message, userMessage: message })
      }
    }
    if (!append && before.value.type === "File") yield* fs.truncate(out, 0)
  })
