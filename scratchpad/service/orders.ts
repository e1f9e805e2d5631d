import { Context, Effect, Layer, Record } from "effect"
import { type Item, NoSuchOrder, type Order, OutOfStock } from "./api.ts"

const full: Readonly<Record<Item, number>> = { book: 100, lamp: 10, pen: 1000 }

/** The orders and the stock of the shop, in memory. */
export class Orders extends Context.Service<Orders, {
  readonly place: (item: Item, quantity: number) => Effect.Effect<Order, OutOfStock>
  readonly find: (id: number) => Effect.Effect<Order, NoSuchOrder>
  readonly close: (id: number, status: Order["status"]) => Effect.Effect<void>
  /** How many pieces of each item were missing. */
  readonly refill: Effect.Effect<Readonly<Record<Item, number>>>
}>()("service/Orders") {}

export const layer = Layer.sync(Orders, () => {
  const orders = new Map<number, Order>()
  const stock = { ...full }
  const find = Effect.fnUntraced(function*(id: number) {
    return orders.get(id) ?? (yield* new NoSuchOrder({ id }))
  })
  return Orders.of({
    find,
    place: Effect.fnUntraced(function*(item, quantity) {
      const left = stock[item]
      if (quantity > left) return yield* new OutOfStock({ item, left })
      stock[item] -= quantity
      const order: Order = { id: orders.size + 1, item, quantity, status: "placed" }
      orders.set(order.id, order)
      return order
    }),
    close: (id, status) =>
      Effect.sync(() => {
        const order = orders.get(id)
        if (order !== undefined) orders.set(id, { ...order, status })
      }),
    refill: Effect.sync(() => {
      const missing = Record.map(full, (pieces, item) => pieces - stock[item])
      Object.assign(stock, full)
      return missing
    })
  })
})
