/**
 * The examples in the documentation of the sources, as programs.
 *
 * `expression // => value`, the comment at the end of the line or on the next, says what
 * the expression is. `// prints: line` is a line of output; `…` stands for anything.
 */
import type { Sources } from "./structure.ts"

export interface SourceExample {
  /** The file it is in, below `src`. */
  readonly path: string
  readonly title: string
  readonly code: string
}

const example = /^ \* \*\*Example\*\* \((.+)\)\n \*\n \* ```ts\n((?: \*.*\n)*?) \* ```$/gm

export const examplesOf = (sources: Sources): ReadonlyArray<SourceExample> =>
  Array.from(sources).flatMap(([path, text]) =>
    Array.from(text.matchAll(example), ([, title = "", code = ""]) => ({
      path,
      title,
      code: code.replaceAll(/^ \* ?/gm, "")
    }))
  )

const said = /^(\S.*?)[ \n]\/\/ => (.+)$/gm
const printed = /^\/\/ prints: (.+)$/gm

/** Whether it says anything that can be wrong. */
export const saysSomething = ({ code }: SourceExample): boolean =>
  code.search(said) !== -1 || code.search(printed) !== -1

/** The example as a program in a folder of the repository, beside {@link checking}. */
export const asProgram = ({ code }: SourceExample): string =>
  `import { check } from "./check.ts"\n${code}`
    .replaceAll(/ from "effect-spillway"$/gm, ` from "../src/index.ts"`)
    .replaceAll(/ from "effect-spillway\/(.+)"$/gm, ` from "../src/$1.ts"`)
    .replaceAll(said, "check($1, $2)")
    .concat("\nvoid check\n")

/** What programs check their values with. Objects of records inherit nothing, which makes no difference here. */
export const checking = `
import { strictEqual } from "node:assert"

export const check = (actual: unknown, expected: unknown): void =>
  strictEqual(JSON.stringify(actual), JSON.stringify(expected))
`

/** What it prints, as a pattern. */
export const outputOf = ({ code }: SourceExample): RegExp => {
  const lines = Array.from(code.matchAll(printed), ([, line = ""]) => `${line.split("…").map(escaped).join(".+")}\n`)
  return new RegExp(`^${lines.join("")}$`)
}

const escaped = (text: string): string => text.replaceAll(/[^\w\s]/g, "\\$&")

/** A program that runs others, one after the other, and prints a line of its own before each. */
export const inTurn = (programs: ReadonlyArray<string>, mark: string): string => `
import { writeSync } from "node:fs"
for (const program of ${JSON.stringify(programs)}) {
  writeSync(1, ${JSON.stringify(`${mark}\n`)})
  try {
    await import(program)
  } catch (error) {
    console.error(program, error)
    process.exitCode = 1
  }
}
`
