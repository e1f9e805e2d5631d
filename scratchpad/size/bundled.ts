import { Effect } from "effect"
import { build, type Metafile } from "esbuild"
import { join } from "node:path"

/** Minified bytes of each file of the library, by its path below `src`. */
export type Files = ReadonlyMap<string, number>

/** What a bundle has of the library. */
export interface Bundled {
  /** What the program loads at its start. */
  readonly loaded: Files
  /** What it loads when something asks for it. */
  readonly later: Files
}

/**
 * Bundles a program that imports the library, with Effect and minified, and looks
 * what the output has of it. Without `splitting` everything is in one file.
 */
export const bundled = (program: string, { splitting = true } = {}): Effect.Effect<Bundled> =>
  Effect.map(Effect.promise(() => bundle(program, splitting)), ({ outputs }) => {
    const loaded = loadedWith(outputs, entry)
    const later = Object.keys(outputs).filter((name) => !loaded.has(name))
    return { loaded: filesIn(outputs, loaded), later: filesIn(outputs, later) }
  })

export const totalOf = (files: Files): number => [...files.values()].reduce((sum, bytes) => sum + bytes, 0)

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const root = join(import.meta.dirname, "..", "..")
const entry = "out/program.js"

const bundle = async (program: string, splitting: boolean): Promise<Metafile> => {
  const { metafile } = await build({
    stdin: { contents: program, resolveDir: root, sourcefile: "program.ts", loader: "ts" },
    absWorkingDir: root,
    alias: { "effect-spillway": join(root, "src") },
    bundle: true,
    minify: true,
    splitting,
    format: "esm",
    platform: "node",
    entryNames: "program",
    outdir: "out",
    metafile: true,
    write: false
  })
  return metafile
}

/** An output and those it imports, but not those it imports later. */
const loadedWith = (outputs: Metafile["outputs"], first: string): ReadonlySet<string> => {
  const loaded = new Set([first])
  for (const name of loaded) {
    for (const { external, kind, path } of outputs[name]?.imports ?? []) {
      if (kind === "import-statement" && external !== true) loaded.add(path)
    }
  }
  return loaded
}

const filesIn = (outputs: Metafile["outputs"], names: Iterable<string>): Files => {
  const files = new Map<string, number>()
  for (const name of names) {
    for (const [path, { bytesInOutput }] of Object.entries(outputs[name]?.inputs ?? {})) {
      if (path.startsWith("src/")) files.set(path.slice("src/".length), bytesInOutput)
    }
  }
  return files
}
