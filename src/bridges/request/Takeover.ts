import { replace } from "./bodyBytes.ts"
import type { SocketLike } from "./httpTypes.ts"

const statusLine = /^HTTP\/1\.[01] (\d{3})\b/

/**
 * A connection that may be taken over by another protocol. The answer is written to the socket
 * itself, past any response, by whoever speaks that protocol: the first that is written has its status.
 */
export class Takeover {
  /** What was answered, once something was. */
  status: number | undefined = undefined
  private readonly socket: Partial<SocketLike>
  private readonly readBefore: number
  private readonly writtenBefore: number

  constructor(socket: Partial<SocketLike>, answered: (status: number | undefined) => void = () => {}) {
    const { bytesRead = 0, bytesWritten = 0 } = socket
    this.socket = socket
    this.readBefore = bytesRead
    this.writtenBefore = bytesWritten
    for (const name of writing) {
      replace(socket, name, (call, given, self) => {
        for (const seen of writing) Reflect.deleteProperty(socket, seen)
        this.status = statusIn(given[0])
        answered(this.status)
        return Reflect.apply(call, self, given)
      })
    }
  }

  /** The bytes of the connection in both directions, behind the head of the request. */
  sizes(): { readonly received: number; readonly sent: number } {
    const { bytesRead = 0, bytesWritten = 0 } = this.socket
    return { received: bytesRead - this.readBefore, sent: bytesWritten - this.writtenBefore }
  }
}

const writing = ["write", "end"]

const statusIn = (chunk: unknown): number | undefined => {
  const head = typeof chunk === "string" ? chunk : ArrayBuffer.isView(chunk) ? latin1.decode(chunk) : ""
  const [, status] = statusLine.exec(head) ?? []
  return status === undefined ? undefined : Number(status)
}

const latin1 = new TextDecoder("latin1")
