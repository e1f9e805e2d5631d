import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { WideEvent } from "../../src/index.ts"
import { Shop } from "./api.ts"
import { OrderPlaced } from "./events.ts"
import { Orders } from "./orders.ts"
import { Packing } from "./worker.ts"

/** What handlers add is in the record of their request; what they fail with is its error. */
export const Handlers = HttpApiBuilder.group(
  Shop,
  "orders",
  Effect.fnUntraced(function*(handlers) {
    const orders = yield* Orders
    const packing = yield* Packing
    return handlers.handleAll({
      place: Effect.fnUntraced(function*({ payload: { email, item, quantity } }) {
        yield* WideEvent.add({ item, quantity })
        const order = yield* orders.place(item, quantity)
        yield* WideEvent.add({ order: order.id })
        yield* OrderPlaced.log({ order: order.id, item, quantity, email })
        yield* packing.add(order)
        return order
      }),
      find: ({ params }) => orders.find(params.id),
      stocktaking: Effect.fnUntraced(function*({ query: { millis = 0, pieces = 1000 } }) {
        for (let piece = 1; piece <= pieces; piece++) {
          if (millis > 0) yield* Effect.sleep(millis)
          yield* Effect.logInfo(`counted piece ${piece} of ${pieces}`)
          yield* WideEvent.count("pieces")
        }
        return { pieces }
      })
    })
  })
)
