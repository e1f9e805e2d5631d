import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { explainedIn, shapeOf, type Texts, textsIn } from "./messages.ts"
import { sourcesOf } from "./structure.ts"

const page = readFileSync("docs/troubleshooting.md", "utf8")
const sources = sourcesOf("src")
const texts = textsIn(sources)

const unexplained = (page: string, { shown }: Texts = texts): ReadonlyArray<string> => {
  const explained = new Set(explainedIn(page).map(shapeOf))
  return [...shown].filter((text) => !explained.has(text))
}

const gone = (page: string, { all }: Texts = texts): ReadonlyArray<string> =>
  explainedIn(page).filter((text) => !all.has(shapeOf(text)))

describe("docs/troubleshooting.md", () => {
  it("explains every text that the library can show", () => {
    assert.deepStrictEqual(unexplained(page), [])
  })

  it("explains no text that the library does not have", () => {
    assert.deepStrictEqual(gone(page), [])
  })

  it("explains each text once", () => {
    const shapes = explainedIn(page).map(shapeOf)
    assert.deepStrictEqual(shapes.filter((shape, index) => shapes.indexOf(shape) !== index), [])
  })

  for (
    const [code, text] of [
      ["diagnostics.report(name, `the tap of ${sink} is open: ${why}`)", "the tap of<>is open:<>"],
      ["diagnostics.report(name, \"dripping\")", "dripping"],
      ["diagnostics.announce(lost > 0 ? `the tap ran dry ${lost} times` : `${lost} drops fell`)", "<>drops fell"],
      ["throw new RangeError(\"the tap must be open, \" +\n  `got ${show(value)}`)", "the tap must be open, got<>"],
      ["const error = new SinkError({ sink, reason, message: \"dripping\" })", "dripping"],
      ["const why = (open ? \"the tap is open\" : undefined) as string | undefined", "the tap is open"],
      ["console.error(`tap ${count > 1 ? `is open ${count} times` : \"\"}`)", "is open<>times"]
    ] as const
  ) {
    it(`fails when the library can say more: ${code}`, () => {
      const planted = new Map([["anywhere/at/all.ts", `export const tap = () => {\n${code}\n}\n`]])
      assert.include(unexplained(page, textsIn(planted)), text)
    })
  }

  it("fails when a text is taken out of the library", () => {
    const text = "the dead letters refused"
    const changed = textsIn(
      new Map(Array.from(sources, ([path, source]) => [path, source.replaceAll(text, "nobody took")]))
    )
    const rest = "which are dropped: give the dead letters more room, or the sink a fallback"
    assert.include(gone(page, changed), `${text} <count> <records>, ${rest}`)
    assert.include(unexplained(page, changed), `nobody took<>, ${rest}`)
  })

  it("fails when the page leaves a text out", () => {
    const without = page.replace("- `the write timed out`:", "- The write timed out:")
    assert.include(unexplained(without), "the write timed out")
  })
})
