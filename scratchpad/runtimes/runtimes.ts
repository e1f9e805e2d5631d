/** Node, Bun and Deno beside each other, with the packed library and the programs that are tried on each. */
import { Effect, FileSystem, Path } from "effect"
import { asConsumer, install, pack, repository, run } from "../package/install.ts"

/** The versions that are tried. */
const pinned = { bun: "1.4.5", deno: "2.9.6" }

export interface Runtime {
  readonly name: string
  readonly version: string
  /** What runs a program, up to its path. */
  readonly command: readonly [string, ...ReadonlyArray<string>]
  /** The path of a program of this repository, as one that has installed the library. */
  readonly programOf: (path: string) => string
}

/** Where the programs are in this repository, and in the folder they are installed into. */
const programs = ["test/process/fixtures", "scratchpad/runtimes/programs"]

/** Installs the runtimes and the library into a folder. */
export const prepare = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = yield* repository
  // Whether npm runs the scripts of packages is a matter of settings: it is told not to, and we do.
  yield* install(folder, yield* pack(folder), pinned, "--ignore-scripts")
  yield* run("the install script of bun", path.join(folder, "node_modules/bun"), process.execPath, "install.js")
  yield* run("the install script of deno", path.join(folder, "node_modules/deno"), process.execPath, "install.cjs")
  for (const place of programs) {
    yield* fs.makeDirectory(path.join(folder, place), { recursive: true })
    for (const name of yield* fs.readDirectory(path.join(root, place))) {
      const text = yield* fs.readFileString(path.join(root, place, name))
      yield* fs.writeFileString(path.join(folder, place, name), asConsumer(text))
    }
  }
  const programOf = (program: string) => path.join(folder, program)
  // Not the links in `.bin`: what they lead to may be a script that starts the runtime, and would get its signals.
  const bun = path.join(folder, "node_modules/bun/bin/bun.exe")
  const deno = path.join(folder, "node_modules/deno/deno")
  const runtimes: ReadonlyArray<Runtime> = [
    { name: "Node", version: process.versions.node, command: [process.execPath], programOf },
    { name: "Bun", version: pinned.bun, command: [bun], programOf },
    { name: "Deno", version: pinned.deno, command: [deno, "run", "--allow-all", "--quiet"], programOf }
  ]
  return runtimes
})
