import { assert, describe, it } from "@effect/vitest"
import { LogRedactor } from "../../src/index.ts"
import { PackedMessage } from "../../src/record/PackedMessage.ts"
import { makeSnapshot, plain, plainSnapshot } from "../support/capture.ts"
import { secret } from "../support/hostile.ts"

const packedSnapshot = (value: object): unknown => {
  const message = makeSnapshot().messages([value])
  return plain(message instanceof PackedMessage ? message.unpack() : message)
}

/** A value as a field, as a message, and in an instance. */
const everywhere = (value: object): ReadonlyArray<unknown> => [
  plainSnapshot({ value: [value] }),
  packedSnapshot(value),
  plainSnapshot(new Map([["a", value]]))
]

describe("F92: secrets that are known by a name beside them", () => {
  it.each<[what: string, value: object, shown: object]>([
    ["a name and a value", { name: "Authorization", value: secret }, { name: "Authorization", value: "<redacted>" }],
    ["a key and a value", { value: { secret }, key: "DB_PASSWORD" }, { value: "<redacted>", key: "DB_PASSWORD" }],
    [
      "what a validator says",
      { type: "field", path: "user.password", value: secret },
      { type: "field", path: "user.password", value: "<redacted>" }
    ],
    [
      "many headers",
      { headers: Array.from({ length: 1e6 }, () => "pin") },
      { headers: [...Array.from({ length: 100 }, (_, i) => i % 2 === 1 ? "<redacted>" : "pin"), "[999900 more items]"] }
    ],
    ["another name", { name: "tokenCount", value: 3 }, { name: "tokenCount", value: 3 }],
    ["no name", { value: { a: 1 } }, { value: { a: 1 } }],
    [
      "pairs",
      [["authorization", secret], ["accept", "*/*"], ["token", 1, 2], ["pin", secret]],
      [["authorization", "<redacted>"], ["accept", "*/*"], ["token", 1, 2], ["pin", "<redacted>"]]
    ],
    [
      "headers in turn",
      { headers: ["Accept", "*/*", "Cookie", secret] },
      { headers: ["Accept", "*/*", "Cookie", "<redacted>"] }
    ],
    ["headers that are none", { headers: ["token", 1, 2] }, { headers: ["token", 1, 2] }],
    ["all headers", { rawHeaders: ["Accept", secret] }, { rawHeaders: "<redacted>" }]
  ])("%s", (_, value, shown) => {
    assert.deepStrictEqual(everywhere(value), [{ value: [shown] }, shown, { a: shown }])
  })

  it("a name that cannot be read hides the value, and nothing else", () => {
    const hostile = {
      a: 1,
      get name(): never {
        throw new Error("hostile")
      },
      value: secret
    }
    assert.deepStrictEqual(plainSnapshot(hostile), { a: 1, name: "[threw]", value: "[threw]" })
  })

  it("what a redactor lets through is shown, and one that throws withholds the record", () => {
    const pairs = [["token", "a"]]
    assert.deepStrictEqual(plain(makeSnapshot({}, LogRedactor.none).value(pairs)), pairs)
    const failing = LogRedactor.make({
      isSensitive: () => {
        throw new Error("broken")
      }
    })
    assert.throws(() => makeSnapshot({}, failing).value([["a", "b"]]), "the redactor failed")
  })
})

describe("F92: bodies that a client was asked to send", () => {
  const headers = { "content-type": "application/json" }
  const sent = JSON.stringify({ note: secret })
  const shownBody = `[text of ${sent.length} characters]`

  it.each<[client: string, error: object, shown: object]>([
    [
      "axios",
      {
        config: { method: "post", url: "/login", headers, data: sent, auth: { username: "u", password: secret } },
        response: { status: 422, headers, data: { hint: "shown" } }
      },
      {
        config: { method: "post", url: "/login", headers, data: shownBody, auth: "<redacted>" },
        response: { status: 422, headers, data: { hint: "shown" } }
      }
    ],
    [
      "got",
      { options: { method: "POST", headers, json: { note: secret }, form: undefined, body: Buffer.from(secret) } },
      { options: { method: "POST", headers, json: "[Object]", body: `[Uint8Array(${secret.length} bytes)]` } }
    ],
    [
      "superagent",
      { response: { req: { method: "POST", url: "/", data: { note: secret }, headers }, header: {}, status: 422 } },
      { response: { req: { method: "POST", url: "/", data: "[Object]", headers }, header: {}, status: 422 } }
    ],
    [
      "request",
      { options: { uri: "/", headers, json: true, body: new Map([["note", secret]]) } },
      { options: { uri: "/", headers, json: true, body: "[Map]" } }
    ],
    [
      "itself",
      { method: "POST", headers, body: new URLSearchParams({ note: secret }) },
      { method: "POST", headers, body: "[URLSearchParams]" }
    ]
  ])("in an error of %s", (_, fields, shown) => {
    const error = Object.assign(new Error("failed"), fields)
    assert.deepInclude(plainSnapshot(error), shown)
    assert.notInclude(JSON.stringify(plainSnapshot([new Error("outer", { cause: error })])), secret)
    const words = Object.assign(new Error("failed"), { toJSON: () => fields })
    assert.deepInclude(plainSnapshot(words), shown)
  })

  it.each<[parser: string, error: object]>([
    ["express.json()", Object.assign(new SyntaxError("Unexpected end"), { type: "entity.parse.failed", status: 400 })],
    ["raw-body", Object.assign(new Error("request entity too large"), { type: "entity.too.large", statusCode: 413 })],
    ["co-body", Object.assign(new SyntaxError("Unexpected end"), { status: 400 })]
  ])("in an error of %s, which gives the text that it could not read", (_, error) => {
    const unread = Object.assign(error, { body: sent })
    assert.deepInclude(plainSnapshot(unread), { body: shownBody })
    assert.notInclude(JSON.stringify(plainSnapshot([new Error("outer", { cause: unread })])), secret)
  })

  it("and only there: what a program logs itself is shown", () => {
    const request = { method: "POST", headers, body: { note: "shown" } }
    assert.deepStrictEqual(Object(plainSnapshot([new Error("before"), request]))[1], request)
    assert.deepStrictEqual(packedSnapshot(request), request)
  })
})
