import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"

export const Item = Schema.Literals(["book", "lamp", "pen"])
export type Item = typeof Item.Type

export const Order = Schema.Struct({
  id: Schema.Int,
  item: Item,
  quantity: Schema.Int,
  status: Schema.Literals(["placed", "packed", "given up"])
})
export type Order = typeof Order.Type

const Quantity = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))
const NewOrder = Schema.Struct({ item: Item, quantity: Quantity, email: Schema.NonEmptyString })

export class OutOfStock extends Schema.TaggedError<OutOfStock>()(
  "OutOfStock",
  { item: Item, left: Schema.Int },
  { httpApiStatus: 409 }
) {}

export class NoSuchOrder extends Schema.TaggedError<NoSuchOrder>()(
  "NoSuchOrder",
  { id: Schema.Int },
  { httpApiStatus: 404 }
) {}

const Stocktaking = {
  pieces: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100_000 }))),
  millis: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60_000 })))
}

class Orders extends HttpApiGroup.make("orders").add(
  HttpApiEndpoint.post("place", "/orders", { payload: NewOrder, success: Order, error: OutOfStock }),
  HttpApiEndpoint.get("find", "/orders/:id", { params: { id: Schema.Int }, success: Order, error: NoSuchOrder }),
  HttpApiEndpoint.get("stocktaking", "/stocktaking", {
    query: Stocktaking,
    success: Schema.Struct({ pieces: Schema.Int })
  })
) {}

/** What the service answers, for its handlers and for clients. */
export class Shop extends HttpApi.make("shop").add(Orders) {}
