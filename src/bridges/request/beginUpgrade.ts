import { replace } from "./bodyBytes.ts"
import { requestedOf } from "./HttpExchange.ts"
import type { IncomingLike, SocketLike } from "./httpTypes.ts"
import { begin, inRequest } from "./openRequest.ts"
import type { RequestEvent } from "./RequestEvent.ts"
import type { RequestRuntime } from "./RequestRuntime.ts"

const statusLine = /^HTTP\/1\.[01] (\d{3})\b/

/** Begins a request that asks for another protocol: its record is made when the connection is closed. */
export const beginUpgrade = (
  runtime: RequestRuntime,
  req: IncomingLike,
  socket: SocketLike
): RequestEvent | undefined =>
  begin(runtime, req, () => requestedOf(req), (event) => {
    const { bytesRead: readBefore = 0, bytesWritten: writtenBefore = 0 } = socket
    let status: number | undefined
    // The answer is written to the socket itself, by whoever speaks the other protocol.
    for (const name of writing) {
      replace(socket, name, (call, given, self) => {
        for (const seen of writing) Reflect.deleteProperty(socket, seen)
        status = statusIn(given[0])
        return Reflect.apply(call, self, given)
      })
    }
    // What comes on the connection from now on is of this request alone.
    replace(socket, "emit", (call, given, self) => inRequest(event, call, given, self))
    socket.on("close", () => {
      const { bytesRead = 0, bytesWritten = 0, readableEnded } = socket
      event.add({
        "http.request.size": bytesRead - readBefore,
        "http.response.size": bytesWritten - writtenBefore
      })
      const ended = status !== undefined ? "answered" : readableEnded === true ? "client-gone" : "broken-off"
      event.end({ ended, status, requestBytes: undefined, responseBytes: undefined })
    })
  })

const writing = ["write", "end"]

const statusIn = (chunk: unknown): number | undefined => {
  const head = typeof chunk === "string" ? chunk : ArrayBuffer.isView(chunk) ? latin1.decode(chunk) : ""
  const [, status] = statusLine.exec(head) ?? []
  return status === undefined ? undefined : Number(status)
}

const latin1 = new TextDecoder("latin1")
