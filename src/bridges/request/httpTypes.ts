/**
 * What is used of Node's requests, responses and sockets, as structures: who has a
 * framework's types has these, and who has none needs none.
 */

/**
 * A socket, of Node or of what stands for one.
 *
 * @category models
 * @since 0.1.0
 */
export interface SocketLike {
  readonly remoteAddress?: string | undefined
  readonly encrypted?: boolean | undefined
  readonly readableEnded?: boolean | undefined
  readonly errored?: Error | null | undefined
  readonly bytesRead?: number | undefined
  readonly bytesWritten?: number | undefined
  readonly on: (event: "close", listener: () => void) => unknown
}

/**
 * A request of Node's HTTP server.
 *
 * @category models
 * @since 0.1.0
 */
export interface IncomingLike {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly httpVersion: string
  /** Whether it broke off before all of it had come. */
  readonly aborted?: boolean | undefined
  readonly headers: Readonly<Record<string, string | Array<string> | undefined>>
  readonly socket: SocketLike
}

/**
 * A response of Node's HTTP server.
 *
 * @category models
 * @since 0.1.0
 */
export interface OutgoingLike {
  readonly statusCode: number
  readonly headersSent: boolean
  readonly errored?: Error | null | undefined
  readonly setHeader: (name: string, value: string) => unknown
  readonly on: (event: "finish" | "close", listener: () => void) => unknown
}
