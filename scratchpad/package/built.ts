import { Effect, FileSystem, Path } from "effect"
import { bundle } from "./bundle.ts"

/** The modules of the package as they are published, in a folder where the modules of Effect are found. */
export const built = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directory = path.join(import.meta.dirname, "..", "..", "node_modules", ".cache")
  yield* fs.makeDirectory(directory, { recursive: true })
  const folder = yield* fs.realPath(yield* fs.makeTempDirectoryScoped({ directory, prefix: "built-" }))
  const { outputs } = yield* Effect.promise(() => bundle(folder))
  return { folder, outputs }
})
