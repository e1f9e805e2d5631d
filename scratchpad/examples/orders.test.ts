import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Logging, TestLogging } from "../../src/index.ts"
import * as Orders from "./orders.ts"

describe("Orders", () => {
  it.effect("warns when an item is out of stock", () =>
    Effect.gen(function*() {
      const orders = yield* Orders.Orders
      const logged = yield* TestLogging.TestLogging

      yield* orders.place("book", 1)
      yield* Effect.flip(orders.place("book", 1))

      const [warning] = yield* logged.atLevel("Warn")
      assert.deepStrictEqual(warning?.message, ["out of stock", { left: 0 }])
      assert.strictEqual((yield* logged.withAnnotation("item", "book")).length, 2)
    }).pipe(Effect.provide(Orders.layer(1).pipe(Layer.provideMerge(Logging.layerTest())))))
})
