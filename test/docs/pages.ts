/** The pages for readers and the examples they show. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { root } from "./programs.ts"

/** A page, by its path from the folder of the repository. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** The text of one page. */
export const page = Effect.fnUntraced(function*(name: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readFileString((yield* Path.Path).join(yield* root, name))
})

const markdownIn = Effect.fnUntraced(function*(folder: string, options?: { readonly recursive: boolean }) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* fs.readDirectory(path.join(yield* root, folder), options)
  const paths = names.filter((name) => name.endsWith(".md")).map((name) => path.join(folder, name)).toSorted()
  return yield* Effect.forEach(paths, (name) => Effect.map(page(name), (text): Page => ({ path: name, text })))
})

/** The README and everything in `docs/`. */
export const manual = Effect.map(
  Effect.all([page("README.md"), markdownIn("docs", { recursive: true })]),
  ([text, pages]): ReadonlyArray<Page> => [{ path: "README.md", text }, ...pages]
)

/** All pages of the repository, those for people who work on it too. */
export const allPages = Effect.gen(function*() {
  const others = yield* Effect.forEach(["", "scratchpad", "scratchpad/bench", "test"], (folder) => markdownIn(folder))
  return [...others.flat(), ...yield* markdownIn("docs", { recursive: true })]
})

/** The blocks of code in a language. */
export const blocksOf = (language: string, text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms")), ([, block = ""]) => block)

const withoutCode = (text: string): string =>
  text.replaceAll(/^ *```.*?^ *```$/gms, "").replaceAll(/(`+)(?!`).*?\1/g, (code) => code.replaceAll(/[[\]()]/g, ""))

/** Where a page links to, other sites aside. */
export const linksOf = (text: string): ReadonlyArray<string> =>
  Array.from(withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g), ([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/** The anchors of a page's headings, as GitHub makes them. */
export const anchorsOf = (text: string): ReadonlyArray<string> => {
  const seen = new Map<string, number>()
  return Array.from(withoutCode(text).matchAll(/^#+ +(.*)$/gm), ([, heading = ""]) => {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase()
    const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-")
    const times = seen.get(anchor) ?? 0
    seen.set(anchor, times + 1)
    return times === 0 ? anchor : `${anchor}-${times}`
  })
}

export const examplesFolder = Effect.gen(function*() {
  return (yield* Path.Path).join(yield* root, "scratchpad", "examples")
})

/** An example as a program that has installed the library: it imports the package, in the formatter's order. */
const asConsumer = (text: string): string => {
  const lines = text.split("\n")
  const rest = lines.findIndex((line) => !line.startsWith("import "))
  const imports = lines.slice(0, rest).map((line) => {
    const from = line.slice(line.lastIndexOf(" from "))
      .replace(/"(\.\.\/)+src\/index\.ts"/, `"effect-spillway"`)
      .replace(/"(\.\.\/)+src\/(.+)\.ts"/, `"effect-spillway/$2"`)
    return { from: from.replace("\".", "\"~."), line: line.slice(0, line.lastIndexOf(" from ")) + from }
  })
  const sorted = imports.toSorted((a, b) => a.from < b.from ? -1 : 1).map(({ line }) => line)
  return [...sorted, ...lines.slice(rest)].join("\n")
}

/** The examples by name, as the pages show them. */
export const examples = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* examplesFolder
  const names = (yield* fs.readDirectory(folder, { recursive: true })).filter((name) => name.endsWith(".ts"))
  const texts = yield* Effect.forEach(names, (name) => fs.readFileString(path.join(folder, name)))
  return new Map(names.map((name, index) => [name, asConsumer(texts[index] ?? "")]))
})
