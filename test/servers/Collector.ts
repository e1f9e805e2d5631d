/**
 * A server on a loopback socket that takes what sinks post, judges it strictly, and answers as it is told.
 *
 * Every request is kept, with the bytes of its body as they came and unpacked. What a request must be is said once; one
 * that is not is answered with 400 and noted in `faults`, which must be empty at the end. An answer is scripted with
 * `next` for one request, or with `always`; else it is 204.
 */
import { assert } from "@effect/vitest"
import { Deferred, Effect, Exit, type Scope } from "effect"
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse
} from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { AddressInfo, Socket } from "node:net"
import type { TlsOptions } from "node:tls"
import { gunzipSync, zstdDecompressSync } from "node:zlib"

/** A request as it came, whatever it was answered. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The body as it came. */
  readonly wire: Buffer
  /** The body unpacked. */
  readonly body: Buffer
  /** The number of its connection, from 0. */
  readonly connection: number
}

/** Answers a request. Nothing of it is stored but by `store`, which may be given what of it is. */
export type Reply = (exchange: {
  readonly response: ServerResponse
  readonly received: Received
  readonly store: (part?: Received) => void
}) => void

export interface Options {
  readonly contentType: string
  /** Where requests must go to; anywhere else is `elsewhere`. */
  readonly path?: string | undefined
  /** What is wrong with a request whose form is right. */
  readonly judge?: ((received: Received) => string | undefined) | undefined
  readonly tls?: TlsOptions | undefined
  /** How long a connection is kept that is not in use, in milliseconds. */
  readonly keepAlive?: number | undefined
}

export class Collector {
  /** All that came to its path, oldest first. */
  readonly received: Array<Received> = []
  readonly stored: Array<Received> = []
  readonly faults: Array<string> = []
  /** The requests that came to another path. */
  readonly elsewhere: Array<Received> = []
  connections = 0
  always: Reply = accepted
  /** What it shows of itself, when it is opened again. */
  tls: TlsOptions | undefined
  private readonly replies: Array<Reply> = []
  private readonly options: Options
  private readonly numbers = new WeakMap<Socket, number>()
  private server: Server | undefined = undefined
  port = 0

  constructor(options: Options) {
    this.options = options
    this.tls = options.tls
  }

  get path(): string {
    return this.options.path ?? "/logs"
  }

  get url(): string {
    return `${this.tls === undefined ? "http" : "https"}://127.0.0.1:${this.port}${this.path}`
  }

  /** How the next requests are answered, one each. */
  next(...replies: ReadonlyArray<Reply>): void {
    this.replies.push(...replies)
  }

  /** The same for a script that is an Effect. */
  readonly script = (...replies: ReadonlyArray<Reply>): Effect.Effect<void> => Effect.sync(() => this.next(...replies))

  /** Listens, on the port that it had before. */
  readonly open: Effect.Effect<void> = Effect.callback((resume) => {
    const listener = (request: IncomingMessage, response: ServerResponse): void => this.take(request, response)
    const { options: { keepAlive = 60_000 }, tls } = this
    const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
    server.keepAliveTimeout = keepAlive
    server.on(tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
      this.numbers.set(socket, this.connections++)
    })
    this.server = server.listen(this.port, "127.0.0.1", () => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has one
      this.port = (server.address() as AddressInfo).port
      resume(Effect.void)
    })
  })

  /** Breaks all connections, and takes no more until it is opened again. */
  readonly close: Effect.Effect<void> = Effect.callback((resume) => {
    this.server?.close(() => resume(Effect.void))
    this.server?.closeAllConnections()
  })

  /** Closes the connections that are not in use, as a server does whose time for them is over. */
  closeIdle(): void {
    this.server?.closeIdleConnections()
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("error", () => {})
    request.on("end", () => this.answer(request, response, Buffer.concat(chunks)))
  }

  private answer(request: IncomingMessage, response: ServerResponse, wire: Buffer): void {
    const { headers, method = "", socket, url: path = "" } = request
    const unpacked = unpack(headers["content-encoding"], wire)
    const received: Received = {
      method,
      path,
      headers,
      wire,
      body: unpacked instanceof Error ? wire : unpacked,
      connection: this.numbers.get(socket) ?? -1
    }
    if (path.split("?")[0] !== this.path) {
      this.elsewhere.push(received)
      response.end()
      return
    }
    this.received.push(received)
    const fault = unpacked instanceof Error ? unpacked.message : this.faultOf(received)
    if (fault !== undefined) {
      this.faults.push(fault)
      response.writeHead(400).end()
      return
    }
    const reply = this.replies.shift() ?? this.always
    reply({ response, received, store: (part = received) => this.stored.push(part) })
  }

  private faultOf(received: Received): string | undefined {
    const { headers, method, wire } = received
    if (method !== "POST") return `the method is ${method}`
    const type = headers["content-type"]
    if (type !== this.options.contentType) return `the content type is ${type}`
    if (headers["content-length"] !== String(wire.length)) return `the length is ${headers["content-length"]}`
    if (headers["traceparent"] !== undefined || headers["b3"] !== undefined) return "a trace goes along"
    return this.options.judge?.(received)
  }
}

/** A collector with its server, which must have found no fault at the end. */
export const collector = (options: Options): Effect.Effect<Collector, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.suspend(() => {
      const far = new Collector(options)
      return Effect.as(far.open, far)
    }),
    (far) => Effect.andThen(far.close, Effect.sync(() => assert.deepStrictEqual(far.faults, [])))
  )

const unpack = (encoding: string | undefined, wire: Buffer): Buffer | Error => {
  try {
    if (encoding === undefined) return wire
    if (encoding === "gzip") return gunzipSync(wire)
    return encoding === "zstd" ? zstdDecompressSync(wire) : new Error(`the encoding is ${encoding}`)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

// -----------------------------------------------------------------------------
// replies
// -----------------------------------------------------------------------------

type Headers = Readonly<Record<string, string>>

/** All is stored. */
export const accepted: Reply = ({ response, store }) => {
  store()
  response.writeHead(204).end()
}

/** All is stored, and this is said. */
export const said =
  (status: number, body: string | Uint8Array, headers: Headers = {}): Reply => ({ response, store }) => {
    store()
    response.writeHead(status, headers).end(body)
  }

/** Nothing is stored. */
export const refused = (status: number, headers: Headers = {}, body = ""): Reply => ({ response }) => {
  response.writeHead(status, headers).end(body)
}

/** Nothing is stored, and all that was sent comes back. */
export const echoed = (status: number, headers: Headers = {}): Reply => ({ received, response }) => {
  const { body, headers: sent, path } = received
  response.writeHead(status, headers).end(`${path} ${JSON.stringify(sent)} ${body.toString()}`)
}

/** The connection is reset in place of an answer. */
export const reset: Reply = ({ response }) => {
  response.socket?.resetAndDestroy()
}

/** The same, when all is stored. */
export const storedAndReset: Reply = (exchange) => {
  exchange.store()
  reset(exchange)
}

/** All is stored; the answer breaks off within its body. */
export const broken: Reply = ({ response, store }) => {
  store()
  response.writeHead(200, { "content-length": "1000" }).write("half", () => response.destroy())
}

/** All is stored; the head of the answer comes, and then nothing. */
export const halfSilent: Reply = ({ response, store }) => {
  store()
  response.writeHead(200, { "content-length": "1000" }).flushHeaders()
}

/** No answer. The Effect ends when the request has come. */
export const silent = (): { readonly reply: Reply; readonly came: Effect.Effect<void> } => {
  const came = Deferred.makeUnsafe<void>()
  return { reply: () => Deferred.doneUnsafe(came, Exit.void), came: Deferred.await(came) }
}

/**
 * All is stored; pieces come for as long as somebody reads, up to so many bytes. The Effect ends with the bytes
 * that were taken when the connection is closed.
 */
export const unending = (
  piece: Uint8Array,
  most = Infinity
): { readonly reply: Reply; readonly taken: Effect.Effect<number> } => {
  const over = Deferred.makeUnsafe<number>()
  return {
    taken: Deferred.await(over),
    reply({ response, store }) {
      store()
      const { socket } = response
      const before = socket?.bytesWritten ?? 0
      let sent = 0
      response.once("close", () => Deferred.doneUnsafe(over, Exit.succeed((socket?.bytesWritten ?? 0) - before)))
      response.writeHead(200)
      const more = (): void => {
        if (response.destroyed) return
        sent += piece.length
        if (sent > most) response.end()
        else if (response.write(piece)) setImmediate(more)
        else response.once("drain", more)
      }
      more()
    }
  }
}
