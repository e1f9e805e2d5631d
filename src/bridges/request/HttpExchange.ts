import type { Requested } from "../../access/AccessRules.ts"
import type { HeaderOf } from "../../access/clientAddress.ts"
import type { Ended } from "../../access/outcome.ts"
import { versionOf } from "../../access/protocolVersion.ts"
import { codeOf } from "../../node/codeOf.ts"
import { http2StreamOf } from "../../node/http2Stream.ts"
import { Bytes, countCalls, replace } from "./bodyBytes.ts"
import type { IncomingLike, OutgoingLike, SocketLike } from "./httpTypes.ts"
import { emitIn } from "./openRequest.ts"
import type { RequestEvent } from "./RequestEvent.ts"
import { Takeover } from "./Takeover.ts"

/** What of a request stands in its head. */
export const requestedOf = (req: IncomingLike): Requested => {
  const { encrypted, remoteAddress } = socketOf(req)
  return {
    method: req.method ?? "",
    target: targetOf(req),
    scheme: encrypted === true ? "https" : "http",
    protocolVersion: versionOf(req.httpVersion),
    peer: remoteAddress,
    header: headerOf(req)
  }
}

/** What a test, or an adapter of a function as a service, makes for a request has no socket, or something like one. */
const socketOf = ({ socket }: { readonly socket?: SocketLike | undefined }): Partial<SocketLike> => socket ?? {}

/** Frameworks change `url` for what they mount, and keep what came as `originalUrl`. */
const targetOf = (req: IncomingLike): string => {
  const original: unknown = Reflect.get(req, "originalUrl")
  return typeof original === "string" ? original : req.url ?? ""
}

/** In HTTP/2 `:authority` goes before `host` (RFC 9113 §8.3.1). */
export const headerOf = ({ headers }: IncomingLike): HeaderOf => (name) => {
  const value = (name === "host" ? headers[":authority"] : undefined) ?? headers[name]
  return Array.isArray(value) ? value.join(", ") : value
}

/**
 * A request and its response on a socket of Node, until the last byte is handed over or the
 * socket is gone:
 *
 *     answering ──finish──▶ answered
 *         └──close of the response or of the socket──▶ client-gone | broken-off
 *
 * A response that waits behind others of its socket (pipelining) is told nothing when that
 * closes, so that the socket is listened to as well, once for all of its requests.
 *
 * In HTTP/2 each has a stream of its own, which stands for the socket, and a response has
 * finished whenever its stream is closed: that says whether it was whole.
 */
export class HttpExchange {
  private readonly req: IncomingLike
  private readonly res: OutgoingLike
  private readonly event: RequestEvent
  private readonly socket: Partial<SocketLike>
  private readonly received = new Bytes()
  private readonly sent = new Bytes()
  /** What went out in the head of the response; whoever sets another status later has it sent to nobody. */
  private sentStatus: number | undefined = undefined
  /** Of a request that asks for another protocol, which a framework may answer past its response. */
  private readonly takeover: Takeover | undefined

  constructor(req: IncomingLike, res: OutgoingLike, event: RequestEvent) {
    this.req = req
    this.res = res
    this.event = event
    this.socket = socketOf(req)
    if (hasBody(req)) countCalls(req, ["push"], this.received)
    countCalls(res, ["write", "end"], this.sent)
    replace(res, "writeHead", (call, given, self) => {
      const written = Reflect.apply(call, self, given)
      this.sentStatus = res.statusCode
      return written
    })
    this.takeover = req.headers["upgrade"] === undefined ? undefined : new Takeover(this.socket, (status) => {
      if (status === switched) emitIn(event, this.socket)
    })
    // A body, and the end of the response, come from the connection.
    for (const each of [req, res]) emitIn(event, each)
    res.on("finish", () => this.end(this.isWhole() ? "answered" : this.brokenBy()))
    res.on("close", () => this.end(this.brokenBy()))
    event.hasLeft = () => req.aborted === true && this.brokenBy() === "client-gone"
    openOn(this.socket).add(this)
  }

  /** Its socket is gone. */
  lose(): void {
    this.end(this.brokenBy())
  }

  private end(ended: Ended): void {
    exchanges.get(this.socket)?.delete(this)
    if (this.takeover?.status === switched) return this.endTaken(this.takeover)
    const status = ended === "answered" || this.res.headersSent ? this.status : undefined
    const timedOut = codeOf(this.socket.errored) === "ERR_HTTP_REQUEST_TIMEOUT"
    this.event.end({
      ended,
      // The server has answered by itself, past the response.
      status: status ?? (timedOut ? 408 : undefined),
      requestBytes: this.received.count,
      responseBytes: this.hasNoBody() ? 0 : this.sent.count
    })
  }

  /** Nothing went through its response, and the connection is closed. */
  private endTaken(takeover: Takeover): void {
    this.event.taken(takeover.sizes())
    this.event.end({ ended: "answered", status: switched, requestBytes: undefined, responseBytes: undefined })
  }

  private get status(): number {
    return this.sentStatus ?? this.res.statusCode
  }

  /** A response to HEAD, and one of these statuses, is sent without the body that it was given (RFC 9110 §6.4.1). */
  private hasNoBody(): boolean {
    const { status } = this
    return this.req.method === "HEAD" || status === 204 || status === 304
  }

  private isWhole(): boolean {
    return http2StreamOf(this.res)?.isWhole !== false
  }

  private brokenBy(): Ended {
    const stream = http2StreamOf(this.res)
    if (stream !== undefined) return stream.isLeft ? "client-gone" : "broken-off"
    const { errored, readableEnded } = this.socket
    return readableEnded === true || gone.has(codeOf(errored) ?? "") ? "client-gone" : "broken-off"
  }
}

/** RFC 9110 §15.2.2 */
const switched = 101

/** What a socket says whose other end is gone. */
const gone: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED"])

/** A head of HTTP/2 need not say so. */
const hasBody = ({ headers, httpVersion }: IncomingLike): boolean =>
  !httpVersion.startsWith("1") ||
  headers["transfer-encoding"] !== undefined ||
  (headers["content-length"] !== undefined && headers["content-length"] !== "0")

const exchanges = new WeakMap<Partial<SocketLike>, Set<HttpExchange>>()

const openOn = (socket: Partial<SocketLike>): Set<HttpExchange> => {
  const known = exchanges.get(socket)
  if (known !== undefined) return known
  const open = new Set<HttpExchange>()
  exchanges.set(socket, open)
  socket.on?.("close", () => {
    for (const exchange of open) exchange.lose()
  })
  return open
}
