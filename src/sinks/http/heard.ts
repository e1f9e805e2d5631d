import * as Effect from "effect/Effect"
import { CurrentWireTap } from "../../contract/WireTap.ts"
import type { SinkError } from "../../LogSink.ts"
import { serverTimeOf } from "./answer.ts"
import type { Exchange } from "./Connection.ts"

/** Posts to a host, and lets who listens hear what goes over the wire. */
export const heard = (host: string, post: Effect.Effect<Exchange, SinkError>): Effect.Effect<Exchange, SinkError> =>
  Effect.flatMap(CurrentWireTap, (tap) => {
    if (tap === undefined) return post
    tap.asked(host)
    return Effect.tap(
      post,
      ({ answer }) => Effect.sync(() => tap.answered(answer.status, serverTimeOf(answer), answer.at))
    )
  })
