/**
 * The options of the public modules, read from the documentation of their fields, and
 * the tables that the pages show of them.
 *
 * An interface of options says `@category options`. The first paragraph of a field's
 * documentation is what the table says; `@default` is its default.
 */
import { basename, dirname, join } from "node:path/posix"
import manifest from "../../package.json" with { type: "json" }
import { tableOf } from "./table.ts"

/** The text of each file, by its path below `src`. */
export type Sources = ReadonlyMap<string, string>

export interface Option {
  readonly name: string
  readonly isOptional: boolean
  /** Its type, as it is written. */
  readonly type: string
  /** What it does, in its first paragraph. */
  readonly meaning: string
  readonly default: string | undefined
}

export interface Options {
  /** The name of the interface, behind that of its module when it is `Options`. */
  readonly name: string
  /** The file it is in, below `src`. */
  readonly path: string
  readonly category: string | undefined
  readonly options: ReadonlyArray<Option>
}

/** A doc comment and what follows it: an interface that starts a line, as the formatter writes it. */
const interfaces = /^(\/\*\*\n(?: \*.*\n)*? \*\/)\nexport interface (\w+).*\{\n((?: .*\n|\n)*)\}$/gm

const field = /^ {2}readonly (\w+)(\??): ?(.*)$/

/** Every exported interface of a file. */
export const interfacesOf = (path: string, text: string): ReadonlyArray<Options> =>
  Array.from(text.matchAll(interfaces), ([, comment = "", name = "", body = ""]) => ({
    name,
    path,
    category: readComment(comment).tags.get("category"),
    options: fieldsOf(body)
  }))

const fieldsOf = (body: string): ReadonlyArray<Option> => {
  const fields: Array<Option> = []
  let comment = ""
  for (const line of body.split("\n")) {
    const [, name, mark, type = ""] = field.exec(line) ?? []
    const last = fields.at(-1)
    if (/^ {2,4}\S/.test(line) && !/^ *(?:\/\*\*|\*)/.test(line) && name === undefined && last !== undefined) {
      fields[fields.length - 1] = { ...last, type: oneLine(`${last.type} ${line}`) }
    }
    if (/^ {2}\/?\*| {3}\*/.test(line)) comment += `${line}\n`
    if (name === undefined) continue
    const { paragraphs, tags } = readComment(comment)
    fields.push({ name, isOptional: mark === "?", type, meaning: paragraphs[0] ?? "", default: tags.get("default") })
    comment = ""
  }
  return fields
}

const readComment = (comment: string): {
  readonly paragraphs: ReadonlyArray<string>
  readonly tags: ReadonlyMap<string, string>
} => {
  const text = comment.trim().replace(/^\/\*\*/, "").replace(/\*\/$/, "").replaceAll(/^ *\* ?/gm, "")
  const [prose = "", ...tagged] = text.split(/^@/m)
  return {
    paragraphs: prose.split(/\n\s*\n/).map(oneLine).filter((paragraph) => paragraph !== ""),
    tags: new Map(tagged.map((tag) => {
      const [, name = "", value = ""] = /^(\w+)\s*([^]*)$/.exec(tag) ?? []
      return [name, oneLine(value)]
    }))
  }
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, " ")

/** The interfaces that a public module declares or hands on; one that several hand on is one. */
export const publicInterfaces = (sources: Sources): ReadonlyArray<Options> => {
  const known = new Set<string>()
  return publicModules.flatMap((path) =>
    interfacesSeenIn(sources, path).filter((found) => {
      const own = `${found.path} ${found.name}`
      const isNew = found.path === path || !known.has(own)
      known.add(own)
      return isNew
    }).map((found) => inModule(basename(path, ".ts"), found))
  )
}

/** The files of the modules that a program can import, below `src`. */
export const publicModules = Object.values(manifest.exports).flatMap((path) => {
  const [, module] = /^\.\/dist\/(.+)\.js$/.exec(path) ?? []
  return module === undefined || module === "index" ? [] : [`${module}.ts`]
})

const interfacesSeenIn = (sources: Sources, path: string): ReadonlyArray<Options> => {
  const text = sources.get(path) ?? ""
  const handedOn = [...text.matchAll(/^export (?:type )?\{([^}]*(?:\{@link \w+\}[^}]*)*)\} from "(.+)"$/gm)]
  return [
    ...interfacesOf(path, text),
    ...handedOn.flatMap(([, list = "", from = ""]) => {
      const names = new Set(list.replaceAll(/\/\*\*[^]*?\*\//g, "").match(/\w+/g))
      const file = join(dirname(path), from)
      return interfacesOf(file, sources.get(file) ?? "").filter(({ name }) => names.has(name))
    })
  ]
}

const inModule = (module: string, found: Options): Options =>
  found.name === "Options" ? { ...found, name: `${module}.Options` } : found

/** The options of the public modules. */
export const publicOptions = (sources: Sources): ReadonlyArray<Options> =>
  publicInterfaces(sources).filter(({ category }) => category === "options")

/** The table of an interface of options. */
export const optionsTable = ({ options }: Options): string =>
  tableOf([
    ["Option", "Default", "Meaning"],
    ...options.map((option) => [
      `\`${option.name}\``,
      option.default === undefined ? "required" : cell(withCode(option.default)),
      cell(option.meaning)
    ])
  ])

const cell = (text: string): string => text.replaceAll(/\{@link (\w+)\}/g, "`$1`").replaceAll("|", "\\|")

/** Values as code, in a text that may hold code already. */
const withCode = (text: string): string => text.replaceAll(/`[^`]*`|"[^"]*"|\b(?:true|false|0o\d+)\b/g, asCode)

const asCode = (text: string): string => text.startsWith("`") ? text : `\`${text}\``

const places = /(<!-- options:([\w.]+) -->)[^]*?(<!-- \/options -->)/g

/** The interfaces that a page has a place for. */
export const placesIn = (page: string): ReadonlyArray<string> =>
  Array.from(page.matchAll(places), ([, , name]) => name!)

/** The page with the tables that belong into its places. */
export const withTables = (page: string, tables: ReadonlyMap<string, string>): string =>
  page.replaceAll(
    places,
    (_, begin: string, name: string, end: string) =>
      `${begin}\n\n${tables.get(name) ?? `There is no ${name}.`}\n\n${end}`
  )
