/**
 * Removes from `dist` what nothing that is public leads to: the types of private
 * files that no public type names, and the empty modules of files with types only.
 */
import { globSync, readFileSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import manifest from "../../package.json" with { type: "json" }

process.chdir(join(import.meta.dirname, "..", ".."))

const imported = /\bfrom\s*"(\.[^"]+)"|\bimport\s*\(?\s*"(\.[^"]+)"/g

const importsOf = (file: string): ReadonlyArray<string> =>
  Array.from(
    readFileSync(file, "utf8").matchAll(imported),
    ([, from, called]) => join(dirname(file), from ?? called ?? "")
  )

/** All files that some lead to, those included. `as` says where the file of a module is. */
const reachedFrom = (modules: ReadonlyArray<string>, as: (module: string) => string): ReadonlySet<string> => {
  const reached = new Set(modules.map(as))
  for (const file of reached) for (const module of importsOf(file)) reached.add(as(module))
  return reached
}

const exported = Object.values(manifest.exports).filter((path) => path.endsWith(".js")).map((path) => join(path))
const run = Object.values(manifest.bin).map((path) => join(path))
const reached = new Set([
  ...reachedFrom([...exported, ...run], (module) => module),
  ...reachedFrom(exported, (module) => module.replace(/\.[jt]s$/, ".d.ts"))
])

for (const file of globSync("dist/**/*.{js,d.ts}")) if (!reached.has(file)) rmSync(file)
