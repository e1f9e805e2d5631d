import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { HttpServer } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Logging, TestLogging } from "../../src/index.ts"
import { accesses, served } from "../support/access.ts"

const secret = "s3cr3t-4711"

/** A check whose message has the value in it. */
const unlike = Schema.makeFilter((text: string) => text === "right" ? undefined : `${text} is not right`)

const Order = Schema.Struct({
  item: Schema.String,
  count: Schema.Int.check(Schema.isGreaterThan(0)),
  kind: Schema.Literals(["new", "used"]),
  word: Schema.optionalKey(Schema.String.check(unlike)),
  holder: Schema.optionalKey(Schema.Struct({ cards: Schema.Array(Schema.Finite) }))
})

const Shop = HttpApi.make("Shop").add(
  HttpApiGroup.make("orders").add(
    HttpApiEndpoint.post("order", "/orders/:id", {
      params: { id: Schema.NumberFromString.check(Schema.isInt()) },
      query: { page: Schema.optionalKey(Schema.NumberFromString.check(Schema.isInt())) },
      headers: { "x-shop": Schema.optionalKey(Schema.Literals(["main", "other"])) },
      payload: Order,
      success: Schema.String
    })
  )
)

const api = HttpApiBuilder.layer(Shop).pipe(
  Layer.provide(
    HttpApiBuilder.group(Shop, "orders", (handlers) => handlers.handle("order", () => Effect.succeed("made")))
  ),
  Layer.provide(HttpServer.layerServices)
)

const right = { item: "lamp", count: 1, kind: "new" }

const refusals: ReadonlyArray<
  readonly [what: string, why: RegExp | undefined, body: unknown, path?: string, shop?: string]
> = [
  ["nothing", undefined, right],
  ["a field that is missing", /^Payload: \["item"\] Missing key$/, { ...right, item: undefined }],
  ["a field of another type", /^Payload: \["item"\] Expected string$/, { ...right, item: { secret } }],
  ["a number that a check refuses", /^Payload: \["count"\] Expected a value greater than 0$/, {
    ...right,
    count: -4711
  }],
  ["a text that is none of some", /^Payload: \["kind"\] Expected "new" \| "used"$/, { ...right, kind: secret }],
  ["a message of a check", /^Payload: \["word"\] Expected a valid value$/, { ...right, word: secret }],
  ["a field far inside", /^Payload: \["holder"\]\["cards"\]\[1\] Expected/, {
    ...right,
    holder: { cards: [1, secret] }
  }],
  ["a parameter of the path", /^Params: \["id"\] Expected/, right, `/orders/${secret}`],
  ["a parameter of the query", /^Query: \["page"\] Expected/, right, `/orders/7?page=${secret}`],
  ["a header", /^Headers: \["x-shop"\] Expected "main" \| "other"$/, right, "/orders/7", secret]
]

describe("the access record of a request of an HttpApi", () => {
  for (const [what, why, body, path = "/orders/7", shop = "main"] of refusals) {
    it.effect(`says that it was refused for ${what}, and no value`, () =>
      Effect.gen(function*() {
        const ask = yield* served(api)
        const { status } = yield* Effect.promise(() =>
          ask(path, {
            method: "POST",
            body: JSON.stringify(body),
            headers: { "content-type": "application/json", "x-shop": shop }
          })
        )
        const [access, ...others] = yield* accesses
        assert.deepStrictEqual(others, [])
        assert.strictEqual(access?.said["http.response.status_code"], status)
        if (why === undefined) assert.notProperty(access?.said, "error.why")
        else {
          assert.deepInclude(access?.said, { "error.type": "HttpApiSchemaError", "http.response.status_code": 400 })
          assert.match(String(access?.said["error.why"]), why)
        }
        const { records } = yield* TestLogging.TestLogging
        const said = (yield* records).map((
          { annotations, cause }
        ) => [{ ...annotations, "url.path": undefined }, cause])
        assert.notInclude(JSON.stringify(said), "4711")
      }).pipe(Effect.provide(Logging.layerTest())))
  }

  it.effect("names a few fields of many, in bounds", () =>
    Effect.gen(function*() {
      const ask = yield* served(api)
      const long = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}`.repeat(100), 1]))
      yield* Effect.promise(() =>
        ask("/orders/7", {
          method: "POST",
          body: JSON.stringify({ ...long, holder: { cards: Array.from({ length: 50 }, () => secret) } }),
          headers: { "content-type": "application/json" }
        })
      )
      const [access] = yield* accesses
      const why = String(access?.said["error.why"])
      assert.isBelow(why.length, 600)
      assert.notInclude(why, secret)
    }).pipe(Effect.provide(Logging.layerTest())))
})
