/** That the server which judges bulk requests can say no, by each of its rules. */
import { assert, describe, it } from "@effect/vitest"
import { withTypesOf } from "../../servers/bulkMapping.ts"
import { faultOf, rules } from "../../servers/bulkRules.ts"

const query = "?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason"
const action = `{"create":{"_id":"a"}}`
const source = `{"@timestamp":"2026-11-28T11:30:00.007000042Z","message":"a"}`
const whole = `${action}\n${source}\n`

const faultIn = (body: string, path = `/logs/_bulk${query}`): string | undefined =>
  faultOf({ body: Buffer.from(body), path })

/** Requests that break one rule each. */
const broken: ReadonlyArray<readonly [rule: string, body: string, path?: string]> = [
  ["parameters", whole, `/logs/_bulk${query}&refresh=true`],
  ["parameters", whole, `/logs/_bulk${query}&require_alias=false`],
  ["filter", whole, "/logs/_bulk"],
  ["newline", whole.slice(0, -1)],
  ["newline", ""],
  ["pairs", `${whole}${action}\n`],
  ["pairs", whole.replace("\n", "\n\n")],
  ["create", whole.replace("create", "index")],
  ["create", whole.replace(`"_id"`, `"version":1,"_id"`)],
  ["create", whole.replace(action, action.slice(1))],
  ["id", whole.replace(`"a"`, `""`)],
  ["id", whole.replace(`"a"`, `"${"a".repeat(513)}"`)],
  ["id", whole + whole],
  ["index", whole, `/_bulk${query}`],
  ["index", whole.replace(`"_id"`, `"_index":"logs","_id"`)],
  ["index", whole.replace(`"_id"`, `"_index":"Logs","_id"`), `/_bulk${query}`],
  ["document", whole.replace(source, `[${source}]`)],
  ["document", whole.replace(source, source.slice(0, -1))],
  ["names", whole.replace(`"message"`, `"message":"b","message"`)],
  [
    "names",
    whole.replace(`"a"}\n{`, `"a"}\n{"o":{"a":1,"\\u0061":2},`).replace(`"a"}}\n{`, `"a"}}\n{"o":{"a":1,"\\u0061":2},`)
  ],
  ["time", whole.replace("T11", " 11")],
  ["time", whole.replace("@timestamp", "time")]
]

describe("the judge of bulk requests", () => {
  it("takes what is right", () => {
    assert.isUndefined(faultIn(whole))
    assert.isUndefined(faultIn(whole + whole.replace(`"a"`, `"b"`)))
    assert.isUndefined(faultIn(whole.replace(`"_id"`, `"_index":"logs","_id"`), `/_bulk${query}`))
  })

  for (const [rule, body, path] of broken) {
    it(`refuses by its rule ${rule}: ${JSON.stringify([body.slice(0, 120), path])}`, () => {
      assert.strictEqual(faultIn(body, path), rule)
    })
  }

  it("has no rule that nothing breaks", () => {
    assert.deepStrictEqual(rules.map(({ id }) => id), [...new Set(broken.map(([rule]) => rule))])
  })
})

describe("the mapping of an index", () => {
  const types = new Map([["n", "long"], ["o", "object"], ["b", "boolean"], ["at", "date"]] as const)
  const deep = (levels: number): object => levels === 0 ? {} : { a: deep(levels - 1) }
  const many = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i]))

  it.each<[what: object, answer: string]>([
    [{ n: 1, o: { n: 1 }, b: true, text: "a", "o.x": 1 }, "taken"],
    [{ n: "7", b: "true", at: "2026-11-28T11:30:00.0Z" }, "taken"],
    [{ n: "x" }, "document_parsing_exception: [1:42] failed to parse field [n] of type [long]"],
    [{ n: { x: 1 } }, "document_parsing_exception: [1:42] failed to parse field [n] of type [long]"],
    [{ n: 1e19 }, "document_parsing_exception: [1:42] failed to parse field [n] of type [long]"],
    [{ first: 1e19 }, "document_parsing_exception: [1:42] failed to parse field [first] of type [long]"],
    [{ first: 1e21 }, "taken"],
    [{ first: 1e39 }, "document_parsing_exception: [1:42] failed to parse field [first] of type [float]"],
    [{ b: 1 }, "document_parsing_exception: [1:42] failed to parse field [b] of type [boolean]"],
    [{ at: "now" }, "document_parsing_exception: [1:42] failed to parse field [at] of type [date]"],
    [{ o: 1 }, "document_parsing_exception: [1:42] object mapping for [o]"],
    [{ a: 1, "a.b": 2 }, "document_parsing_exception: [1:42] failed to parse field [a] of type [long]"],
    [{ " ": 1 }, "document_parsing_exception: [1:42] field name cannot contain only whitespace"],
    [{ "o..x": 1 }, "document_parsing_exception: [1:42] field name cannot contain only whitespace"],
    [deep(20), "taken"],
    [deep(21), "illegal_argument_exception: Limit of mapping depth [20]"],
    [many(996), "taken"],
    [many(997), "illegal_argument_exception: Limit of total fields [1000]"]
  ])("%j: %s", (source, answer) => {
    const found = withTypesOf({ ...source }, types, "id")
    assert.isTrue((found instanceof Map ? "taken" : `${found.type}: ${found.reason}`).startsWith(answer))
  })
})
