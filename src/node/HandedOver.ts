/// <reference types="node" />
import { channel } from "node:diagnostics_channel"
import type { Writable } from "node:stream"

/** Where undici tells which socket it writes a request to. */
const requests = channel("undici:client:sendHeaders")

/**
 * Where a body is written to. An answer does not say that all of it has left: a server may give one before it has read the
 * request. Only undici tells of its sockets; of what another client sends nothing is known.
 */
export class HandedOver {
  private readonly body: ArrayBufferLike
  private readonly sockets: Array<Writable> = []

  constructor({ buffer }: Uint8Array) {
    this.body = buffer
  }

  /** It is handed to a client. */
  begin(): void {
    requests.subscribe(this.note)
  }

  /** The client has ended. Gives whether nothing of the body is known to wait anywhere, however often it was sent. */
  end(): boolean {
    requests.unsubscribe(this.note)
    return this.sockets.length > 0 && this.sockets.every(({ writableLength }) => writableLength === 0)
  }

  private readonly note = (message: unknown): void => {
    if (!isObject(message) || !isObject(message["request"])) return
    const { headers, request: { body }, socket } = message
    if (!ArrayBuffer.isView(body) || body.buffer !== this.body) return
    // In HTTP/2 there are streams between the two, in which it may wait.
    if (isHttp1(headers) && isWritable(socket)) this.sockets.push(socket)
  }
}

/** Whether these are the headers of a request, from its first line on, as HTTP/1.1 sends them (RFC 9112 §3). */
const isHttp1 = (headers: unknown): boolean => typeof headers === "string" && /^\S+ \S+ HTTP\/1\.1\r\n/.test(headers)

const isObject = (u: unknown): u is Readonly<Record<string, unknown>> => typeof u === "object" && u !== null

const isWritable = (u: unknown): u is Writable => isObject(u) && typeof u["writableLength"] === "number"
