/**
 * What ordinary Effect programs do besides logging. Every process does it before
 * anything is timed: an engine that has seen nothing but one loop fits Effect's
 * run loop to it, and a logger that does nothing then looks faster than it is in
 * any program.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"

const rounds = 2000

class Orders extends Context.Service<Orders, { readonly place: (id: number) => Effect.Effect<number, string> }>()(
  "bench/Orders"
) {}

const layer = Layer.succeed(Orders, {
  place: (id) => id % 3 === 0 ? Effect.fail("out of stock") : Effect.succeed(id)
})

const round = (id: number) =>
  Effect.gen(function*() {
    const orders = yield* Orders
    const queue = yield* Queue.bounded<number>(4)
    const done = yield* Deferred.make<number>()
    const consumer = yield* Effect.forkChild(Effect.flatMap(Queue.take(queue), (n) => Deferred.succeed(done, n)))
    const placed = orders.place(id).pipe(
      Effect.retry(Schedule.recurs(1)),
      Effect.orElseSucceed(() => 0),
      Effect.annotateLogs({ id }),
      Effect.withSpan("order")
    )
    yield* Queue.offer(queue, yield* Effect.scoped(Effect.acquireRelease(placed, () => Effect.void)))
    yield* Effect.timeoutOption(Deferred.await(done), "1 second")
    yield* Fiber.join(consumer)
    return yield* Effect.all([Effect.exit(Effect.die(id)), Effect.succeed(Exit.void), Effect.yieldNow], {
      concurrency: 2
    })
  })

export const ordinaryProgram: Effect.Effect<void> = Effect.gen(function*() {
  for (let id = 0; id < rounds; id++) yield* round(id)
}).pipe(Effect.provide(layer))
