import { Schema } from "effect"
import { LogEvent } from "../../src/index.ts"
import { Item } from "./api.ts"

export const OrderPlaced = LogEvent.make("order.placed", {
  message: "an order was placed",
  fields: { order: Schema.Int, item: Item, quantity: Schema.Int, email: LogEvent.sensitive(Schema.String) }
})

export const OrderPacked = LogEvent.make("order.packed", {
  message: "an order was packed",
  fields: { order: Schema.Int }
})

export const OrderGivenUp = LogEvent.make("order.given_up", {
  level: "Error",
  message: "an order cannot be packed",
  fields: { order: Schema.Int }
})

export const StockRefilled = LogEvent.make("stock.refilled", {
  message: "the stock was refilled",
  fields: { item: Item, pieces: Schema.Int }
})
