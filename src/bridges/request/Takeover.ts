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
    let isSeen = false
    const undo = writing.map((name) =>
      replace(socket, name, (call, given, self) => {
        if (!isSeen) {
          isSeen = true
          for (const each of undo) each()
          this.status = statusIn(given[0])
          answered(this.status)
        }
        return Reflect.apply(call, self, given)
      })
    )
  }

  /** The bytes of the connection in both directions, behind the head of the request. */
  sizes(): { readonly received: number; readonly sent: number } {
    const { bytesRead = 0, bytesWritten = 0 } = this.socket
    return { received: bytesRead - this.readBefore, sent: bytesWritten - this.writtenBefore }
  }
}

const writing = ["write", "end"]

const statusIn = (chunk: unknown): number | undefined => {
  const head = typeof chunk === "string" ? chunk : ArrayBuffer.isView(chunk) ? latin1.decode(startOf(chunk)) : ""
  const [, status] = statusLine.exec(head) ?? []
  return status === undefined ? undefined : Number(status)
}

/** As much as the status line needs, of what may be a whole file. */
const startOf = ({ buffer, byteLength, byteOffset }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, Math.min(byteLength, 16))

const latin1 = new TextDecoder("latin1")
