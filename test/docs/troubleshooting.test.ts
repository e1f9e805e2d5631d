import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { explainedIn, shapeOf, type Texts, textsIn } from "./messages.ts"
import { sourcesOf } from "./structure.ts"

const page = readFileSync("docs/troubleshooting.md", "utf8")
// What the suite of sinks finds is said to whoever runs it, not on stderr.
const sources = new Map([...sourcesOf("src")].filter(([path]) => !path.startsWith("testing/conformance/")))
const texts = textsIn(sources)

const unexplained = (page: string, { shown }: Texts = texts): ReadonlyArray<string> => {
  const explained = new Set(explainedIn(page).map(shapeOf))
  return [...shown].filter((text) => !explained.has(text))
}

const gone = (page: string, { all }: Texts = texts): ReadonlyArray<string> =>
  explainedIn(page).filter((text) => !all.has(shapeOf(text)))

/** Parts of the page whose texts are no lines of their own, or tell of no trouble. */
const withoutTrouble: Readonly<Record<string, string>> = {
  "Where to look first": "sources, and a line about lines",
  "When no line says what is wrong": "has no texts",
  "Options": "says what an option must be, which is what helps",
  "stdout and stderr": "errors of a sink: what helps stands behind each in its line",
  "Files": "the same",
  "Endpoints over HTTP": "the same",
  "The report": "tells what became of all, after the end",
  "Crashes": "the words of an error that is the program's",
  "Seldom": "nobody sees them but who reports a fault",
  "Markers in records": "stand in records",
  "In tests": "as the test has said",
  "Words inside messages": "no lines"
}

/** Texts of the other parts that need no remedy, or are none of those that have one. */
const withoutRemedy: Readonly<Record<string, string>> = {
  "the program failed": "a record; its cause says what to mend",
  "the program failed, and no log has it: <error>": "the error says what to mend",
  "a required sink could not be acquired": "an error, whose cause says what to mend",
  "cannot open <path> within <duration>": "an error: the line of its lane has what helps",
  "it took longer than <duration>": "a part of a line that has it",
  "not acquired: <error>": "an error of a sink: what helps stands behind it in its line",
  "its code cannot be loaded (<error>)": "a part of a line that has it",
  "unknown <variables> in the environment: <names>": "what helps is put behind it",
  "there <is no sink> named <names> for <variables>, <others>": "the same",
  "no console sink is there for <variables>": "the same",
  "no file sink named \"file\" is there for <variable>": "the same",
  "the write timed out": "an error of a sink: what helps stands behind it in its line",
  "the write was interrupted": "the same",
  "the write died: <error>": "the same",
  "the synchronous write threw": "a part of a line that has it",
  "the configuration lacks <names>, or has no valid value there": "a part of a line that has it",
  "unknown defect": "in place of a message",
  "unknown error": "in place of a message",
  "an error without a message": "in place of a message",
  "an error that cannot be read": "in place of a message",
  "the redactor failed": "an error that a line with a remedy tells of",
  "cannot <what> <path>: <code>": "an error that a line with a remedy tells of",
  "the spool could not be opened": "the same",
  "the dead letters could not be opened": "an error, whose cause says what to mend",
  "the dead letters have no room for <count> <records>": "an error that a line with a remedy tells of",
  "there is no lane <name>, only <names>": "names what it can be",
  "the sink could not be acquired: <error>": "the error says what to mend",
  "the spool directory <path> <what>": "what it is has what helps",
  "correct what is this program's": "is what helps",
  "build the sink of effects that can be interrupted": "is what helps",
  "add it to the sinks, or unset that": "is what helps",
  "tried again, and may arrive twice": "all that is to be done is done",
  "some are given up, the others tried again": "the books count them, as does the line of the drop",
  "tried again": "all that is to be done is done",
  "sent again in parts": "all that is to be done is done",
  "(its records are on the spool, or were given up before)": "nothing is to be done",
  "all are stored": "nothing is to be done"
}

/** What helps is the last clause of a line. It has words of its own, or is filled in and named so. */
const hasRemedy = (text: string): boolean => {
  const [, ...clauses] = text.split(/[;:.] /)
  const last = clauses.at(-1) ?? ""
  return /<[^<>]*remedy>$/.test(last) || last.replaceAll(/<[^<>]*>/g, "").trim() !== "" || /\(is .*\?\)$/.test(text)
}

/** Lines that tell of trouble, and not what helps. */
const helpless = (page: string): ReadonlyArray<string> =>
  page.replace(/What it prints when all is well:[^]*?(?=^#)/m, "").split(/^#+ (?=.)/m).slice(1)
    .filter((part) => !Object.hasOwn(withoutTrouble, part.split("\n", 1).join("")))
    .flatMap((part) => explainedIn(part.replaceAll(/^ +- .*$/gm, "")))
    .map((text) => text.replaceAll(/\s+/g, " "))
    .filter((text) => !hasRemedy(text))

describe("docs/troubleshooting.md", () => {
  it("has what helps in every line that tells of trouble", () => {
    assert.deepStrictEqual(helpless(page).filter((text) => !Object.hasOwn(withoutRemedy, text)), [])
  })

  it("knows no exception that is none", () => {
    const all = helpless(page)
    assert.deepStrictEqual(Object.keys(withoutRemedy).filter((text) => !all.includes(text)), [])
    assert.deepStrictEqual(
      Object.keys(withoutTrouble).filter((heading) => !new RegExp(`^#+ ${heading}$`, "m").test(page)),
      []
    )
  })

  it("fails when a line tells of trouble alone", () => {
    const planted = page.replace(
      "## The end of the process",
      "- `the tap of <name> drips`: it does.\n\n## The end of it"
    )
    assert.include(helpless(planted), "the tap of <name> drips")
  })

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
