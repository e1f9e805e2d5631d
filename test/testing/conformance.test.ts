/** The suite of sinks, on one that keeps every rule and on those that break one each. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { type LogSink, SinkConformance } from "../../src/index.ts"
import { replace } from "../support/replace.ts"
import { directory } from "../support/spooledLanes.ts"
import { answers, Far, Good, token } from "./conformingSink.ts"
import { faults } from "./nonConformingSinks.ts"

const casesOf = (make: new(far: Far) => Good, patience: LogSink.DurationInput) =>
  SinkConformance.cases({
    make: Effect.sync(() => {
      const far = new Far()
      return { sink: new make(far).sink, far }
    }),
    stored: (far) => Effect.sync(() => [...far.stored]),
    attempts: (far) => Effect.sync(() => [...far.attempts]),
    answers,
    secrets: [token],
    directory,
    patience
  })

const nameOf = ({ name, rule }: { readonly rule: string; readonly name: string }): string => `${rule}: ${name}`

/** Kept in every case, so that none is about them alone. */
const everywhere = new Set(["secrets", "single attempt"])

layer(NodeServices.layer)("a sink that keeps every rule", (it) => {
  const cases = casesOf(Good, "5 seconds")
  for (const each of cases) it.effect(nameOf(each), () => each.run)

  it("is asked about every rule", () => {
    const rules = SinkConformance.rules.filter((rule) => !everywhere.has(rule))
    assert.deepStrictEqual([...new Set<string>(cases.map(({ rule }) => rule))].toSorted(), rules.toSorted())
  })
})

layer(NodeServices.layer)("a sink that", (it) => {
  const failed = new Set<string>()

  for (const [does, { others = [], patience = "5 seconds", rule, sink }] of Object.entries(faults)) {
    it.effect(`${does} is told that it breaks “${rule}”`, () =>
      Effect.gen(function*() {
        yield* replace(console, "debug", () => {})
        const told = new Map<SinkConformance.Rule, string>()
        for (const each of casesOf(sink, patience)) {
          const end = yield* Effect.result(each.run)
          if (end._tag === "Success") continue
          failed.add(nameOf(each))
          told.set(end.failure.rule, `[${nameOf(each)}] ${end.failure.message}`)
          assert.isTrue(end.failure.message.startsWith(`${end.failure.rule}: `), end.failure.message)
        }
        assert.deepStrictEqual([...told.keys()].toSorted(), [rule, ...others].toSorted(), [...told.values()].join("\n"))
      }))
  }

  it("breaks a rule is there for every rule, and for every case", () => {
    assert.deepStrictEqual(new Set(Object.values(faults).map(({ rule }) => rule)), new Set(SinkConformance.rules))
    assert.deepStrictEqual(casesOf(Good, "5 seconds").map(nameOf).filter((name) => !failed.has(name)), [])
  })
})

describe("the suite", () => {
  it("tries nothing that the far end cannot answer", () => {
    const few = SinkConformance.cases({
      make: Effect.die("not made"),
      stored: () => Effect.succeed([]),
      ordered: false
    })
    assert.deepStrictEqual([...new Set(few.map(({ rule }) => rule))].toSorted(), [
      "after close",
      "close",
      "completeness",
      "identity",
      "odd records",
      "record limit",
      "self-logging",
      "shared records",
      "synchronous writes",
      "writes at once"
    ])
  })

  it.effect("dies with what keeps a sink from being made", () =>
    Effect.gen(function*() {
      const [first] = SinkConformance.cases({ make: Effect.fail("no port"), stored: () => Effect.succeed([]) })
      assert.isTrue(Exit.hasDies(yield* Effect.exit(first?.run ?? Effect.void)))
    }))
})
