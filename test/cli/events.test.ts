import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import { join } from "node:path"
import { type Ended, fixture, run } from "../process/program.ts"
import { temporaryDirectory } from "../spool/support.ts"

const events = (...args: ReadonlyArray<string>): Effect.Effect<Ended> => run("src/cli/bin.ts", ["events", ...args])

/** The events of a module, in a file. */
const saved = (module: string) =>
  Effect.gen(function*() {
    const { code, stdout } = yield* events("print", "--module", fixture(module), "--format", "json-schema")
    assert.strictEqual(code, 0)
    const path = join(yield* temporaryDirectory, "events.json")
    fs.writeFileSync(path, stdout)
    return path
  })

const page = `# Events

## order.paid

The money has arrived.

Level Info.

| Field | Type | There | About |
| --- | --- | --- | --- |
| \`order\` | integer | always |  |
| \`how\` | "card" or "cash" | always |  |
| \`iban\` | sensitive | always |  |
`

describe.concurrent("effect-spillway events", () => {
  it.live("prints the events of a module as a page, and as JSON Schema", () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* events("print", "--module", fixture("eventsBefore"))
      assert.deepStrictEqual({ code, stderr, stdout }, { code: 0, stderr: "", stdout: page })
      const document: unknown = JSON.parse(fs.readFileSync(yield* saved("eventsBefore"), "utf8"))
      assert.deepInclude(document, { $schema: "https://json-schema.org/draft/2020-12/schema", title: "Events" })
      assert.nestedPropertyVal(document, "oneOf[0].properties.iban.x-sensitive", true)
    }))

  it.live("finds nothing broken where nothing has changed, and exits with 0", () =>
    Effect.gen(function*() {
      const before = yield* saved("eventsBefore")
      for (const now of [[before], ["--module", fixture("eventsBefore")]]) {
        const { code, stdout } = yield* events("check", before, ...now)
        assert.deepStrictEqual([code, stdout], [0, "no change breaks who reads the events\n"])
      }
    }))

  it.live("says what breaks, and exits with 1", () =>
    Effect.gen(function*() {
      const before = yield* saved("eventsBefore")
      const after = yield* saved("eventsAfter")
      for (const now of [[after], ["--module", fixture("eventsAfter")]]) {
        const { code, stderr, stdout } = yield* events("check", before, ...now)
        assert.strictEqual(code, 1)
        assert.deepStrictEqual(stdout.trimEnd().split("\n"), [
          `the field "order" of "order.paid" is removed`,
          `the field "how" of "order.paid" can be "gift", which it never was`
        ])
        assert.include(stderr, "2 changes break who reads the events; give what is new a name of its own")
      }
    }))

  for (
    const [what, args, said] of [
      ["a module that declares none", ["print", "--module", fixture("doctorSinks")], "declares no events"],
      [
        "two events of one name",
        ["print", "--module", fixture("eventsTwice")],
        `two different events are declared with the name "order.paid"; give one of them another name`
      ],
      ["a module that cannot be loaded", ["print", "--module", "package.json"], "cannot be loaded: "],
      ["a module that is not there", ["print", "--module", "nowhere.ts"], "nowhere.ts"],
      [
        "a file that is no catalogue",
        ["check", "package.json", "--module", fixture("eventsBefore")],
        "is not what events print --format json-schema prints; print it anew"
      ],
      ["no events of now", ["check", "package.json"], "is not what events print"]
    ] as const
  ) {
    it.live(`says that there is ${what}, and exits with 2`, () =>
      Effect.gen(function*() {
        const { code, stderr, stdout } = yield* events(...args)
        assert.include(stderr + stdout, said)
        assert.strictEqual(code, 2)
      }))
  }

  it.live("asks for the events of now once, and exits with 2 for none or two", () =>
    Effect.gen(function*() {
      const before = yield* saved("eventsBefore")
      const none = yield* events("check", before)
      assert.include(none.stderr, "the events of now are not given; name a second file, or a module with --module")
      const two = yield* events("check", before, before, "--module", fixture("eventsBefore"))
      assert.include(two.stderr, "the events of now are given twice; leave out the second file, or --module")
      assert.deepStrictEqual([none.code, two.code], [2, 2])
    }))
})
