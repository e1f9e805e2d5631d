import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { LogSink } from "../LogSink.ts"
import type { Settle } from "./acquireSinks.ts"

/** Set around a layer that is built for its sinks alone: it is given them, and no lane is made. */
export const CurrentInspection = Context.Reference<
  ((sinks: ReadonlyArray<LogSink>) => Effect.Effect<never>) | undefined
>("effect-spillway/Inspection", { defaultValue: () => undefined })

/** Shows sinks as their lanes would have them to who inspects them. When that ends they are closed. */
export const inspected = <E>(settle: Settle<E>): Settle<E> => (sinks, diagnostics) =>
  Effect.gen(function*() {
    const settled = yield* settle(sinks, diagnostics)
    const inspect = yield* CurrentInspection
    return inspect === undefined ? settled : yield* inspect(settled.sinks)
  })
