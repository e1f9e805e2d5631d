/**
 * Removes from `dist` the types of private files that no public type names.
 */
import { globSync, readFileSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import manifest from "../../package.json" with { type: "json" }

process.chdir(join(import.meta.dirname, "..", ".."))

const imported = /\bfrom\s*"(\.[^"]+)"|\bimport\s*\(?\s*"(\.[^"]+)"/g

const typesOf = (module: string): string => module.replace(/\.[jt]s$/, ".d.ts")

const importsOf = (file: string): ReadonlyArray<string> =>
  Array.from(
    readFileSync(file, "utf8").matchAll(imported),
    ([, from, called]) => typesOf(join(dirname(file), from ?? called ?? ""))
  )

const exported = Object.values(manifest.exports).filter((path) => path.endsWith(".js"))
const reached = new Set(exported.map((path) => typesOf(join(path))))
for (const file of reached) for (const types of importsOf(file)) reached.add(types)

for (const file of globSync("dist/**/*.d.ts")) if (!reached.has(file)) rmSync(file)
