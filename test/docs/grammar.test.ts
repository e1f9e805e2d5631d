import { assert, describe, it } from "@effect/vitest"
import { plural } from "../../src/record/text.ts"
import { textsIn } from "./messages.ts"
import { type Sources, sourcesOf } from "./structure.ts"

/** Counts that are always greater than one. */
const always = new Set([
  "must be a whole number with room for two segments of<>bytes, so at least<>, got<>",
  "gave a text of<>characters"
])

const nouns = "bytes|characters|files|frames|items|keys|lines|places|reasons|records|restarts|segments|spans"
const unagreed = new RegExp(`<>(?:(?:damaged|more) )?(?:${nouns}) ?(?:<>|[^<]|$)`)

const disagreeing = (sources: Sources): ReadonlyArray<string> =>
  [...textsIn(sources).all].filter((text) =>
    !always.has(text) && unagreed.test(text.replaceAll(/than<>/g, "than many "))
  )

/** A path or a name that is filled in inside of a sentence as it is. */
const unquoted = /[a-z] \$\{(?:path|directory|file|to|\w[\w.]*\.(?:path|name|directory))\}/

/** Names of variables, which are written without quotes. */
const bare = new Set(["no file sink named \"file\" is there for ${entries.file.name}"])

const unquotedIn = (sources: Sources): ReadonlyArray<string> =>
  [...sources.values()].flatMap((source) => Array.from(source.matchAll(/`([^`]*)`/g), ([, text]) => text!))
    .filter((text) => unquoted.test(text) && !bare.has(text))

describe("the grammar of what is printed", () => {
  it("quotes the paths and names inside of sentences", () => {
    assert.deepStrictEqual(unquotedIn(sourcesOf("src")), [])
  })

  it("fails when one is not quoted", () => {
    const texts = ["`the tap ${path} drips`", "`the tap of ${sink.name} drips`", "`the tap \"${sink.name}\": ${path}`"]
    const planted = new Map([["tap.ts", texts.join("\n")]])
    assert.deepStrictEqual(unquotedIn(planted), ["the tap ${path} drips", "the tap of ${sink.name} drips"])
  })

  it("a noun agrees with its count", () => {
    assert.deepStrictEqual([0, 1, 2].map((count) => `${count} ${plural(count, "record")}`), [
      "0 records",
      "1 record",
      "2 records"
    ])
  })

  it("no count of the library stands before a noun that is always in the plural", () => {
    assert.deepStrictEqual(disagreeing(sourcesOf("src")), [])
  })

  it("fails when one does", () => {
    const planted = new Map([["tap.ts", "export const say = (n: number) => `${n} more lines were dripping`\n"]])
    assert.deepStrictEqual(disagreeing(planted), ["<>more lines were dripping"])
  })
})
