import { type Cause, Context, Data, Effect, Fiber, Layer, Queue, References, Schedule, Stream } from "effect"
import { Logging, WideEvent } from "../../src/index.ts"
import * as WorkLog from "../../src/WorkLog.ts"
import type { Order } from "./api.ts"
import { OrderGivenUp, OrderPacked } from "./events.ts"
import { Orders } from "./orders.ts"

class Broken extends Data.TaggedError("Broken")<{ readonly item: string }> {}

/** The queue of the orders that are to be packed, and its worker. */
export class Packing extends Context.Service<Packing, {
  readonly add: (order: Order) => Effect.Effect<void>
}>()("service/Packing") {}

/** An order, and the id of the request that it came in, which is over when it is packed. */
interface Ordered {
  readonly order: Order
  readonly requestId: unknown
}

/** Lamps break: an order of one at the first attempt, one of two at the second too. */
const pack = Effect.fnUntraced(function*({ id, item, quantity }: Order, attempt: number) {
  yield* WideEvent.add({ order: id })
  yield* Effect.logDebug("packing")
  if (item === "lamp" && attempt <= quantity) return yield* new Broken({ item })
})

/** Each attempt is a record. */
const recorded = (order: Order) =>
  Effect.flatMap(Schedule.CurrentMetadata, (before) => {
    const attempt = before.attempt + 1
    return pack(order, attempt).pipe(
      WorkLog.job("pack", { destination: "orders", messageId: String(order.id), attempt })
    )
  })

export const layer = Layer.effect(
  Packing,
  Effect.gen(function*() {
    const orders = yield* Orders
    const queue = yield* Queue.bounded<Ordered, Cause.Done>(100)
    const job = ({ order, requestId }: Ordered) =>
      recorded(order).pipe(
        Effect.retry(Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 2 }))),
        Effect.andThen(orders.close(order.id, "packed")),
        Effect.andThen(OrderPacked.log({ order: order.id })),
        // Its record has said why: the worker goes on with the next one.
        Effect.catchCause((cause) =>
          Effect.andThen(orders.close(order.id, "given up"), OrderGivenUp.log({ order: order.id }, cause))
        ),
        Effect.annotateLogs({ requestId })
      )
    // Finalizers run last to first: the worker has ended when this is logged.
    yield* Effect.addFinalizer(() => Effect.logInfo("worker stopped"))
    const worker = yield* Stream.fromQueue(queue).pipe(
      Stream.runForEach(job),
      Logging.scope("worker"),
      Effect.forkScoped
    )
    // What was ordered is packed before it ends, if that does not take too long.
    yield* Effect.addFinalizer(() =>
      Queue.end(queue).pipe(
        Effect.andThen(Fiber.await(worker)),
        Effect.interruptible,
        Effect.timeoutOption("3 seconds")
      )
    )
    return Packing.of({
      add: (order) =>
        Effect.flatMap(
          References.CurrentLogAnnotations,
          ({ requestId }) => Effect.asVoid(Queue.offer(queue, { order, requestId }))
        )
    })
  })
)
