import { Effect } from "effect"
import { build, type Metafile } from "esbuild"
import { join, relative } from "node:path"

/** Minified bytes of each file of the library, by its path in it. */
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
 * what the output has of it. Without `splitting` everything is in one file. The `library` is a folder
 * with its modules.
 */
export const bundled = (program: string, { library = source, splitting = true } = {}): Effect.Effect<Bundled> =>
  Effect.map(Effect.promise(() => bundle(program, library, splitting)), ({ outputs }) => {
    const below = `${relative(root, library)}/`
    const loaded = loadedWith(outputs, entry)
    const later = Object.keys(outputs).filter((name) => !loaded.has(name))
    return { loaded: filesIn(outputs, loaded, below), later: filesIn(outputs, later, below) }
  })

export const totalOf = (files: Files): number => [...files.values()].reduce((sum, bytes) => sum + bytes, 0)

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const root = join(import.meta.dirname, "..", "..")
const source = join(root, "src")
const entry = "out/program.js"

const bundle = async (program: string, library: string, splitting: boolean): Promise<Metafile> => {
  const { metafile } = await build({
    stdin: { contents: program, resolveDir: root, sourcefile: "program.ts", loader: "ts" },
    absWorkingDir: root,
    alias: { "effect-spillway": library },
    bundle: true,
    minify: true,
    splitting,
    format: "esm",
    platform: "node",
    entryNames: "program",
    outdir: "out",
    metafile: true,
    // The chunks of the published library are imported for what they evaluate, which is nothing.
    logOverride: { "ignored-bare-import": "silent" },
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

const filesIn = (outputs: Metafile["outputs"], names: Iterable<string>, below: string): Files => {
  const files = new Map<string, number>()
  for (const name of names) {
    for (const [path, { bytesInOutput }] of Object.entries(outputs[name]?.inputs ?? {})) {
      if (path.startsWith(below)) files.set(path.slice(below.length), bytesInOutput)
    }
  }
  return files
}
