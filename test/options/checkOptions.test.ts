import { assert, describe, it } from "@effect/vitest"
import { Duration, Redacted } from "effect"
import * as Check from "../../src/options/check.ts"
import { checkArgument, checkOptions, optionsOf } from "../../src/options/checkOptions.ts"
import type { DurationInput } from "../../src/options/duration.ts"
import type { LevelInput } from "../../src/options/level.ts"

interface Options {
  readonly name: string
  readonly size?: number | undefined
  readonly wait?: DurationInput | undefined
  readonly level?: LevelInput | undefined
  readonly words?: ReadonlyArray<string> | undefined
  readonly inner?: { readonly depth?: number | undefined } | undefined
}

const checks: Check.Checks<Options> = {
  name: Check.required(Check.text),
  size: Check.wholeNumber(1),
  wait: Check.duration("zero", "any"),
  level: Check.level,
  words: Check.listOf(Check.text),
  inner: optionsOf<{ readonly depth?: number | undefined }>({ depth: Check.wholeNumber(0, 9) })
}

/** Options as a program without types gives them. */
const untyped = (options: unknown): Options => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is wrong about it is what the check is to find
  return options as Options
}

const refused = (options: unknown): string => {
  try {
    checkOptions("Thing.make", checks, untyped(options))
  } catch (error) {
    assert.instanceOf(error, RangeError)
    return error.message
  }
  return "not refused"
}

describe("options that are checked", () => {
  it("come back in one form, without those that are undefined", () => {
    assert.deepStrictEqual(
      checkOptions("Thing.make", checks, {
        name: "a",
        size: undefined,
        wait: "5 secs",
        level: "warning",
        inner: { depth: 3 }
      }),
      { name: "a", wait: Duration.seconds(5), level: "Warn", inner: { depth: 3 } }
    )
  })

  it("may have one that nobody knows, as long as it is undefined", () => {
    assert.deepStrictEqual(checkOptions("Thing.make", checks, untyped({ name: "a", colour: undefined })), { name: "a" })
  })

  const sentences: ReadonlyArray<readonly [options: unknown, sentence: string]> = [
    [{}, `Thing.make: name must be a text that is not blank, got undefined`],
    [{ name: "a", size: 0 }, `Thing.make: size must be a whole number of at least 1, got 0`],
    [{ name: "a", size: "1" }, `Thing.make: size must be a whole number of at least 1, got "1"`],
    [{ name: "a", siez: 1 }, `Thing.make has no option "siez"; did you mean "size"?`],
    [{ name: "a", colour: 1 }, `Thing.make has no option "colour"; it has name, size, wait, level, words, inner`],
    [{ name: "a", inner: { dept: 1 } }, `Thing.make: inner has no option "dept"; did you mean "depth"?`],
    [{ name: "a", inner: { depth: 10 } }, `Thing.make: inner.depth must be a whole number from 0 to 9, got 10`],
    [{ name: "a", inner: 3 }, `Thing.make: inner must be an object with the options depth, got 3`],
    [{ name: "a", words: "ab" }, `Thing.make: words must be an array, each item a text that is not blank, got "ab"`],
    [{ name: "a", words: ["x", 2] }, `Thing.make: words[1] must be a text that is not blank, got 2`],
    [
      { name: "a", level: "loud" },
      `Thing.make: level must be a level: Trace, Debug, Info, Warn, Error or Fatal, got "loud"`
    ],
    [
      { name: "a", wait: "5 parsecs" },
      `Thing.make: wait must be a duration of at least 0, like "5s", "500 millis" or a number of milliseconds, got "5 parsecs"`
    ],
    [() => ({ name: "a" }), `Thing.make takes an object of options, got a function`],
    [[], `Thing.make takes an object of options, got an empty array`],
    [undefined, `Thing.make takes an object of options, got undefined`],
    [
      { name: Redacted.make("a"), size: -1 },
      `Thing.make: name must be a text that is not blank, got a Redacted\n` +
      `Thing.make: size must be a whole number of at least 1, got -1`
    ]
  ]
  for (const [options, sentence] of sentences) {
    it(`says: ${sentence}`, () => assert.strictEqual(refused(options), sentence))
  }

  it("may be one argument", () => {
    assert.throws(
      () => checkArgument("Thing.with", "level", Check.level, 3),
      RangeError,
      "Thing.with: level must be a level: Trace, Debug, Info, Warn, Error or Fatal, got 3"
    )
  })
})
