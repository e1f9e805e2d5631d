import { copyFile, glob, mkdir, mkdtemp, rm } from "node:fs/promises"
import { join } from "node:path"
import { rolldown } from "rolldown"
import { programsVariable } from "./programs.ts"

const root = join(import.meta.dirname, "..", "..")
const sources = [
  "scratchpad/examples/**/*.ts",
  "scratchpad/{replay,service}.ts",
  "src/cli/bin.ts",
  "test/process/fixtures/*.ts"
]

/** What is bundled. Other packages stay what they are: some find their own files. */
const bundled = /^(?:[./]|effect(?:\/|$)|@effect\/)/

/** Bundles the programs that tests start: two files are loaded in half the time that two hundred take. */
export const setup = async (): Promise<() => Promise<void>> => {
  const cache = join(root, "node_modules", ".cache")
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, "programs-"))
  const input: Record<string, string> = {}
  for await (const path of glob(sources, { cwd: root })) {
    if (!path.endsWith(".test.ts")) input[path.slice(0, -".ts".length)] = join(root, path)
  }
  const build = await rolldown({
    cwd: root,
    input,
    platform: "node",
    external: (id) => !bundled.test(id),
    logLevel: "silent"
  })
  await build.write({
    dir: folder,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "src/chunks/[name]-[hash].js"
  })
  await build.close()
  // The command line looks for its version two folders above itself.
  await copyFile(join(root, "package.json"), join(folder, "package.json"))
  process.env[programsVariable] = folder
  return () => rm(folder, { recursive: true, force: true })
}
