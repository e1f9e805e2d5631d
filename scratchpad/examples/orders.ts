import { Context, Effect, Layer, Schema } from "effect"

export class OutOfStock extends Schema.TaggedError<OutOfStock>()("OutOfStock", { item: Schema.String }) {}

export class Orders extends Context.Service<Orders, {
  readonly place: (item: string, quantity: number) => Effect.Effect<number, OutOfStock>
}>()("shop/Orders") {}

export const layer = (stock: number): Layer.Layer<Orders> =>
  Layer.sync(Orders, () => {
    let left = stock
    return Orders.of({
      place: Effect.fnUntraced(function*(item, quantity) {
        if (quantity > left) {
          yield* Effect.logWarning("out of stock", { left })
          return yield* new OutOfStock({ item })
        }
        left -= quantity
        yield* Effect.logInfo("order placed")
        return left
      }, (effect, item) => Effect.annotateLogs(effect, { item }))
    })
  })
