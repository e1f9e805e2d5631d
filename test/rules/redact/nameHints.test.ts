import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { wordsOf } from "../../../src/rules/redact/keyWords.ts"
import { mayEndInOneOf, mayHoldOneOf } from "../../../src/rules/redact/nameHints.ts"
import { isSecret, lastWords, mayBeSecret, namesUrl, urlWords, words } from "../../../src/rules/redact/secretNames.ts"

const urls = new Set(urlWords)
const hold = new RegExp(["pw", "token", "sid"].join("|"), "i")

const pieces = [
  ...words,
  ...lastWords,
  ...urlWords,
  "card",
  "no",
  "number",
  "api",
  "key",
  "code",
  "user",
  "a",
  "S",
  "s"
]
const between = ["", "", "", "_", "-", ".", "1", "[", "é", "\u212a", "\u017f", "漢", "\ud800"]
const piece = Schema.Tuple([
  Schema.Literals(pieces),
  Schema.Literals(["small", "first", "all"]),
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 })),
  Schema.Literals(between)
])

/** Names made of words that matter, whole and cut, in any case, and of what stands between words. */
const name: Arbitrary.Arbitrary<string> = Arbitrary.array(Arbitrary.schema(piece), { maxLength: 4 }).pipe(
  Arbitrary.map((parts) =>
    parts.map(([word, capitals, cut, after]) => {
      const text = word.slice(cut > 9 ? 1 : 0, cut > 5 ? undefined : word.length - (cut > 4 ? 1 : 0))
      const first = text.charAt(0).toUpperCase() + text.slice(1)
      return (capitals === "small" ? text : capitals === "all" ? text.toUpperCase() : first) + after
    }).join("")
  )
)

describe("a quick look at a name", () => {
  it.prop("finds every word that is in it, and every one that it ends in", [name], ([text]) => {
    const mayHold = mayHoldOneOf(["pw", "token", "sid"])
    if (hold.test(text)) assert.isTrue(mayHold(text), text)
    if (urls.has(wordsOf(text).at(-1) ?? "")) assert.isTrue(mayEndInOneOf(urlWords)(text), text)
  }, { arbitrary: { runs: 3000 } })

  it.each(["pw", "dbPw", "PW", "cc_number", "ccNumber2", "accessToken", "TOKEN"])(
    "lets none of those pass that are secrets: %s",
    (secret) => {
      assert.isTrue(mayBeSecret(secret))
      assert.isTrue(isSecret(secret))
    }
  )

  it.each(["redirectUrl", "image_url_2", "callbackURIs", "lin\u212a"])("lets no URL pass: %s", (url) => {
    assert.isTrue(namesUrl(url))
  })

  it("tells what is data for keys from secrets", () => {
    for (const text of ["", "a", "qty", "1042", "GB", "orderNumberFieldBlue"]) {
      assert.isFalse(mayBeSecret(text), text)
      assert.isFalse(mayEndInOneOf(["url", "link"])(text), text)
    }
  })
})
