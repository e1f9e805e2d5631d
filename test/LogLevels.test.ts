import { assert, describe, it } from "@effect/vitest"
import { Equal } from "effect"
import { LogLevels } from "../src/index.ts"
import { givenTo, sentenceOf } from "./support/mistakes.ts"

describe("the level of a scope", () => {
  const levels = LogLevels.parse("Info,billing=Debug,http.*=Warn,http.client.*=Error,http.client=Trace,a.b=None")
  for (
    const [scope, level] of [
      ["billing", "Debug"],
      ["billing.cards", "Info"],
      ["Billing", "Info"],
      ["http", "Warn"],
      ["http.server", "Warn"],
      ["http.server.tls", "Warn"],
      ["http.client", "Trace"],
      ["http.client.tls", "Error"],
      ["http.clients", "Warn"],
      ["https", "Info"],
      ["a", "Info"],
      ["a.b", "None"],
      ["a.b.c", "Info"],
      ["", "Info"],
      [".http", "Info"],
      ["constructor", "Info"],
      ["__proto__", "Info"],
      [undefined, "Info"]
    ] as const
  ) {
    it(`${scope} is ${level}`, () => assert.strictEqual(LogLevels.levelOf(levels, scope), level))
  }

  it("is found under any name", () => {
    const odd = LogLevels.parse("Info,__proto__=Debug,constructor=Warn")
    assert.strictEqual(LogLevels.levelOf(odd, "__proto__"), "Debug")
    assert.strictEqual(LogLevels.levelOf(odd, "constructor"), "Warn")
    assert.strictEqual(LogLevels.format(odd), "Info,__proto__=Debug,constructor=Warn")
  })
})

describe("levels as a text", () => {
  for (
    const [text, written] of [
      ["Info", "Info"],
      [" debug ", "Debug"],
      ["billing=warning", "Info,billing=Warn"],
      ["billing=Debug,WARN", "Warn,billing=Debug"],
      ["Info, http.* = none ,b=All", "Info,http.*=None,b=All"]
    ] as const
  ) {
    it(`are read and written: ${text}`, () => {
      const levels = LogLevels.parse(text)
      assert.strictEqual(LogLevels.format(levels), written)
      assert.isTrue(Equal.equals(LogLevels.parse(written), levels))
    })
  }

  const all = "one of All, Trace, Debug, Info, Warn, Error, Fatal, None"
  for (
    const [text, expected] of [
      ["loud", all],
      ["Info,loud", all],
      ["Info,", all],
      ["Info,billing=loud", `${all} for "billing"`],
      ["Info,billing=", `${all} for "billing"`],
      ["Info,Debug", "one level for all"],
      ["billing=Info,billing=Debug", "one level for \"billing\""],
      ["=Info", "names of scopes before their levels, like billing=Debug"],
      ["*=Info", "names of scopes before their levels, like billing=Debug"],
      ["http*=Info", "names of scopes before their levels, like billing=Debug"],
      ["a=b=Info", "names of scopes before their levels, like billing=Debug"]
    ] as const
  ) {
    it(`are refused with what was expected: ${text}`, () => {
      assert.strictEqual(
        sentenceOf(() => LogLevels.parse(text)),
        `LogLevels.parse: text must have ${expected}, got ${JSON.stringify(text)}`
      )
    })
  }
})

describe("levels as a value", () => {
  it("are compared by what they hold, and changed by nobody", () => {
    const levels = LogLevels.make({ scopes: { a: "Debug", b: "warn" } })
    assert.isTrue(Equal.equals(levels, LogLevels.make({ level: "INFO", scopes: { b: "Warn", a: "debug" } })))
    assert.isFalse(Equal.equals(levels, LogLevels.make({ scopes: { a: "Debug" } })))
    assert.throws(() => Object.assign(levels.scopes, { a: "Error" }), TypeError)
    assert.throws(() => Object.assign(levels, { level: "Error" }), TypeError)
  })

  it("come back from JSON as they were", () => {
    const levels = LogLevels.make({
      level: "Warn",
      scopes: { "http.*": "Debug" },
      lanes: { file: "None" },
      temporary: [{ level: "Trace", scope: "billing", until: 5, by: "Ada" }]
    })
    assert.deepStrictEqual(LogLevels.make(JSON.parse(JSON.stringify(levels))), levels)
  })

  it("are set for good, and taken away again", () => {
    const levels = LogLevels.make({ temporary: [{ level: "Debug", scope: "a" }, { level: "Trace" }] })
    assert.strictEqual(LogLevels.make(levels), levels)
    assert.strictEqual(LogLevels.levelOf(levels, "a"), "Debug")
    const set = LogLevels.set(levels, "error", { scope: "a" })
    assert.deepStrictEqual([LogLevels.levelOf(set, "a"), LogLevels.levelOf(set)], ["Error", "Trace"])
    assert.deepStrictEqual(LogLevels.unset(LogLevels.unset(set, { scope: "a" })), LogLevels.make())
    const lane = LogLevels.set(set, "Warn", { lane: "a" })
    assert.deepStrictEqual(LogLevels.unset(lane, { scope: "a" }).lanes, { a: "Warn" })
    assert.deepStrictEqual(LogLevels.unset(lane, { lane: "a" }), set)
  })

  it("are for a scope or for a lane, not for both", () => {
    assert.strictEqual(
      sentenceOf(() => LogLevels.set(LogLevels.make(), "Info", { scope: "a", lane: "b" })),
      "LogLevels.set: lane must not be given with a scope, got \"b\""
    )
  })

  it("are refused with everything that is wrong", () => {
    const wrong = { scopes: { "a,b": "Info", c: "loud" }, temporary: [{ level: "Info", scope: "*" }] }
    const sentence = sentenceOf(() => givenTo(LogLevels.make, wrong))
    assert.deepStrictEqual(sentence.split("\n"), [
      "LogLevels.make: scopes must be the name of a scope, like \"billing\" or \"http.*\", got \"a,b\"",
      "LogLevels.make: scopes[\"c\"] must be All, a level (Trace, Debug, Info, Warn, Error, Fatal) or None, got \"loud\"",
      "LogLevels.make: temporary[0].scope must be the name of a scope, like \"billing\" or \"http.*\", got \"*\""
    ])
  })
})
