/**
 * One record for each call that an RPC server of Effect answers: which method, how it ended, how long
 * it took, and what the handler has added to it. A stream ends the record with its end.
 *
 * **Example** (A group of RPCs with a record for each call)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Rpc, RpcGroup, RpcTest } from "effect/rpc"
 * import { Logging, TestLogging, WideEvent } from "effect-spillway"
 * import * as RpcLog from "effect-spillway/RpcLog"
 *
 * const Users = RpcGroup.make(Rpc.make("Rename", { payload: { name: Schema.String } })).middleware(RpcLog.RpcLog)
 *
 * const UsersLive = Users.toLayer({ Rename: ({ name }) => WideEvent.add({ name }) })
 *
 * const program = Effect.gen(function*() {
 *   const client = yield* RpcTest.makeClient(Users)
 *   yield* client.Rename({ name: "Ada" })
 *   const { records } = yield* TestLogging.TestLogging
 *   return (yield* records)[0]!
 * })
 *
 * const { annotations, message } = await program.pipe(
 *   Effect.scoped,
 *   Effect.provide(Layer.mergeAll(UsersLive, RpcLog.layer())),
 *   Effect.provide(Logging.layerTest()),
 *   Effect.runPromise
 * )
 * message // => "rpc.request"
 * annotations["rpc.method"] // => "Rename"
 * annotations["event.outcome"] // => "success"
 * annotations["name"] // => "Ada"
 * ```
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import * as RpcMiddleware from "effect/rpc/RpcMiddleware"
import { eventChecks, type Options as EventOptions, settledOptions } from "./events/eventOptions.ts"
import * as Check from "./options/check.ts"
import { checkOptions } from "./options/checkOptions.ts"
import { recordCalls } from "./serving/rpcCalls.ts"

/**
 * Options of the records of calls, besides those of every wide event. The level of a typed error is Warn unless
 * `level` says otherwise: the client is told of it, as of a status of 400 in HTTP.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends EventOptions {
  /**
   * The name of the event, which is the message of its record and `event.name`.
   *
   * @default "rpc.request"
   */
  readonly name?: string | undefined
}

/**
 * The middleware of a group of RPCs that has a record for each call: `group.middleware(RpcLog.RpcLog)`, behind all others,
 * so that it is around them.
 *
 * @category middleware
 * @since 0.1.0
 */
export class RpcLog extends RpcMiddleware.Service<RpcLog>()("effect-spillway/RpcLog") {}

/**
 * Makes one record of each call. Each is a wide event ({@link module:WideEvent}) with `rpc.system.name`, `rpc.method`, `rpc.request.id`
 * and `rpc.client.id`, the cause of a failure, and the trace of the server's span. A call that cannot be decoded does not reach it.
 *
 * Throws a `RangeError` for an option that is not what it must be.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<RpcLog> => {
  const { name = "rpc.request", ...event } = checkOptions("RpcLog.layer", checks, options)
  return Layer.succeed(RpcLog)(RpcLog.of(recordCalls({ name, text: name }, settledOptions(event))))
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = { ...eventChecks, name: Check.text }
