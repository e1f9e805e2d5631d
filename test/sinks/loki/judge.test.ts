/** The judge of requests to Loki finds every fault that its rules are about. */
import { assert, describe, it } from "@effect/vitest"
import { faultOfPush, formRules } from "../../servers/lokiForm.ts"

const labels = { service_name: "orders" }
const entry = ["1000000", "order placed", { uid: "a" }]
const right = { streams: [{ stream: labels, values: [entry] }] }

const withLabels = (stream: unknown) => ({ streams: [{ stream, values: [entry] }] })
const withEntries = (...values: ReadonlyArray<unknown>) => ({ streams: [{ stream: labels, values }] })
const withMetadata = (metadata: unknown) => withEntries(["1", "order placed", metadata])
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`name${i}`, "a"]))

/** Requests that break a rule, and one that just does not. */
const broken: Readonly<Record<string, readonly [wrong: ReadonlyArray<unknown>, right?: unknown]>> = {
  "streams": [[{}, { streams: [] }, { streams: {} }, { ...right, more: 1 }, []]],
  "streams once": [[{ streams: [right.streams[0], right.streams[0]] }]],
  "stream": [[{ streams: [{ stream: labels }] }, { streams: [{ stream: labels, values: [] }] }, withLabels([]), {
    streams: [1]
  }]],
  "number of labels": [[withLabels({}), withLabels(many(16))], withLabels(many(15))],
  "names of labels": [
    ["", "9a", "__a", "a.b", "größe"].map((name) => withLabels({ [name]: "a" })),
    withLabels({ _a9: "a" })
  ],
  "long names of labels": [[withLabels({ ["a".repeat(1025)]: "a" })], withLabels({ ["a".repeat(1024)]: "a" })],
  "values of labels": [[1, "", null, "\ud800"].map((value) => withLabels({ pod: value }))],
  "long values of labels": [[withLabels({ pod: "é".repeat(1025) })], withLabels({ pod: "é".repeat(1024) })],
  "entry": [
    [withEntries(["1"]), withEntries(["1", "a", {}, 1]), withEntries("a"), withMetadata([])],
    withEntries(["1", "a"])
  ],
  "time": [
    [1000, "", "-1", "01", "1.5", "1e9", "9223372036854775808"].map((time) => withEntries([time, "a"])),
    withEntries(["9223372036854775807", "a"])
  ],
  "line": [[1, "", "\ud800"].map((line) => withEntries(["1", line]))],
  "long line": [[withEntries(["1", "a".repeat(262_145)])], withEntries(["1", "a".repeat(262_144)])],
  "number of metadata": [[withMetadata(many(129))], withMetadata(many(128))],
  "names of metadata": [["", "9a", "__a", "a.b"].map((name) => withMetadata({ [name]: "a" }))],
  "metadata beside labels": [[withMetadata({ service_name: "a" })]],
  "values of metadata": [[1, null, {}, "\ud800"].map((value) => withMetadata({ a: value }))],
  "size of metadata": [[withMetadata({ a: "é".repeat(32_768) })], withMetadata({ aa: "é".repeat(32_767) })],
  "order": [[withEntries(["2", "a"], ["1", "a"])], withEntries(["1", "a"], ["1", "b"], ["2", "a"])],
  "same entries": [[withEntries(["1", "a"], ["1", "a"])]]
}

const faultIn = (push: unknown, headers = {}) => faultOfPush({ body: Buffer.from(JSON.stringify(push)), headers })

describe("the judge of requests to Loki", () => {
  it("finds no fault in one that is right", () => {
    assert.isUndefined(faultIn(right))
    assert.isUndefined(faultIn(right, { "content-encoding": "gzip" }))
  })

  it("sees how it is compressed, and whether it is JSON", () => {
    assert.strictEqual(faultIn(right, { "content-encoding": "zstd" }), "encoding")
    for (const text of ["", "{", `{"streams":[],"streams":[]}`, `{ "streams": [] }`]) {
      assert.strictEqual(faultOfPush({ body: Buffer.from(text), headers: {} }), "json")
    }
  })

  for (const [id, [wrong, kept]] of Object.entries(broken)) {
    it(`sees what breaks the rule about ${id}`, () => {
      for (const push of wrong) assert.strictEqual(faultIn(push), id, JSON.stringify(push).slice(0, 200))
      if (kept !== undefined) assert.isUndefined(faultIn(kept))
    })
  }

  it("has a request for every rule", () => {
    assert.deepStrictEqual(formRules.map(({ id }) => id), ["encoding", "json", ...Object.keys(broken)])
  })
})
