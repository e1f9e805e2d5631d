import { requestedOf } from "./HttpExchange.ts"
import type { IncomingLike, SocketLike } from "./httpTypes.ts"
import { begin, emitIn } from "./openRequest.ts"
import type { RequestEvent } from "./RequestEvent.ts"
import type { RequestRuntime } from "./RequestRuntime.ts"
import { Takeover } from "./Takeover.ts"

/** Begins a request that asks for another protocol: its record is made when the connection is closed. */
export const beginUpgrade = (
  runtime: RequestRuntime,
  req: IncomingLike,
  socket: SocketLike
): RequestEvent | undefined =>
  begin(runtime, req, () => requestedOf(req), (event) => {
    const takeover = new Takeover(socket)
    // What comes on the connection from now on is of this request alone.
    emitIn(event, socket)
    socket.on("close", () => {
      const { status } = takeover
      event.taken(takeover.sizes())
      const ended = status !== undefined ? "answered" : socket.readableEnded === true ? "client-gone" : "broken-off"
      event.end({ ended, status, requestBytes: undefined, responseBytes: undefined })
    })
  })
