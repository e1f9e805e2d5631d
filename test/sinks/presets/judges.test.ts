/** The judges of the services, each of whose rules refuses a request that breaks it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { LogRecord } from "../../../src/index.ts"
import type { Received } from "../../servers/Collector.ts"
import { type Vendor, vendors } from "./vendors.ts"

/** The request that a preset makes of a record. */
const requestOf = ({ make, path }: Vendor): Effect.Effect<Received> =>
  Effect.gen(function*() {
    const requests: Array<HttpClientRequest.HttpClientRequest> = []
    const client = HttpClient.make((request) => {
      requests.push(request)
      return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 200 })))
    })
    const sink = yield* Effect.provideService(make({ url: "http://localhost" }), HttpClient.HttpClient, client)
    yield* Effect.orDie(sink.write([LogRecord.make({ message: "order placed" })]))
    const [request] = requests
    assert.strictEqual(request?.body._tag, "Uint8Array")
    if (request?.body._tag !== "Uint8Array") return yield* Effect.die("no bytes")
    const body = Buffer.from(request.body.body)
    return { method: "POST", path, headers: { ...request.headers }, wire: body, body, connection: 0 }
  })

/** The last field of a name, which is that of the record where others have it too, under another name. */
const lastReplaced = (text: string, name: string): string => {
  const at = text.lastIndexOf(name)
  return `${text.slice(0, at)}"no":${text.slice(at + name.length)}`
}

/** Each rule of a service, with a request that breaks it. */
const broken = ({ rules }: Vendor, right: Received): ReadonlyArray<readonly [rule: string, Received]> => {
  const text = right.body.toString()
  const saying = (body: string): Received => ({ ...right, body: Buffer.from(body) })
  const { fields, header: [header], mostBytes, mostItemBytes, mostItems } = rules
  return [
    ["its credential", { ...right, headers: { ...right.headers, [header]: "another" } }],
    ["JSON", saying(text.slice(0, -1))],
    ["records", saying("[]")],
    ["objects", saying("[1]")],
    ...Object.keys(fields).map((name) => [`the field ${name}`, saying(lastReplaced(text, `"${name}":`))] as const),
    ["short records", saying(text.replace(`"message":"`, `"message":"${"x".repeat(mostItemBytes)}`))],
    ...mostBytes === undefined ? [] : [["a short body", saying(text + " ".repeat(mostBytes))] as const],
    ...mostItems === undefined ? [] : [["few records", saying(`[${"{},".repeat(mostItems)}{}]`)] as const]
  ]
}

const fault: Readonly<Record<string, RegExp>> = {
  "its credential": / is wrong$/,
  "JSON": /^(there are no records in|a record is no object)/,
  "records": /^(there are no records in|a record is no object|\w+ of a record is undefined)/,
  "objects": /^(there are no records in|a record is no object|\w+ of a record is undefined)/,
  "short records": /^(a record has|the body has) \d+ bytes$/,
  "a short body": /^the body has \d+ bytes$/,
  "few records": /^there are \d+ records$/
}

describe("the judge of", () => {
  for (const vendor of vendors) {
    it.effect(`${vendor.name} (${vendor.rules.document}) refuses what breaks a rule`, () =>
      Effect.gen(function*() {
        const right = yield* requestOf(vendor)
        assert.isUndefined(vendor.judge(right))
        for (const [rule, request] of broken(vendor, right)) {
          assert.match(String(vendor.judge(request)), fault[rule] ?? / of a record is /, rule)
        }
      }))
  }
})
