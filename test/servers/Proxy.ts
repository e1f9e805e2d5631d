/** A forward proxy on a loopback socket: it hands on plain requests and builds tunnels, and keeps what it was asked for. */
import { Effect, type Scope } from "effect"
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"

export class Proxy {
  /** `POST http://…` or `CONNECT host:port`, oldest first. */
  readonly asked: Array<string> = []
  /** What it asks for as `Proxy-Authorization`, if anything. */
  credentials: string | undefined = undefined
  /** What it answers in place of handing on. */
  status: number | undefined = undefined
  port = 0
  private readonly sockets = new Set<Socket>()
  private readonly server: Server = createServer((asked, response) => this.hand(asked, response))

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  readonly open: Effect.Effect<void> = Effect.callback((resume) => {
    this.server.on("connect", (asked: IncomingMessage, socket: Socket) => this.tunnel(asked, socket))
    this.server.listen(0, "127.0.0.1", () => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has one
      this.port = (this.server.address() as AddressInfo).port
      resume(Effect.void)
    })
  })

  readonly close: Effect.Effect<void> = Effect.callback((resume) => {
    this.server.close(() => resume(Effect.void))
    this.server.closeAllConnections()
    for (const socket of this.sockets) socket.destroy()
  })

  private refusal({ headers, method, url }: IncomingMessage): number | undefined {
    this.asked.push(`${method} ${url}`)
    if (this.credentials !== undefined && headers["proxy-authorization"] !== this.credentials) return 407
    return this.status
  }

  private hand(asked: IncomingMessage, response: ServerResponse): void {
    const refusal = this.refusal(asked)
    if (refusal !== undefined) {
      response.writeHead(refusal).end()
      return
    }
    const { "proxy-authorization": _, "proxy-connection": __, ...headers } = asked.headers
    const onward = request(asked.url ?? "", { method: asked.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on("error", () => response.writeHead(502).end())
    asked.pipe(onward)
  }

  private tunnel(asked: IncomingMessage, client: Socket): void {
    this.keep(client)
    const refusal = this.refusal(asked)
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal} Refused\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const server = connect(Number(asked.url?.split(":").at(-1)), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n")
      server.pipe(client)
      client.pipe(server)
    })
    this.keep(server)
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => this.sockets.delete(socket))
  }
}

export const proxy: Effect.Effect<Proxy, never, Scope.Scope> = Effect.acquireRelease(
  Effect.suspend(() => {
    const between = new Proxy()
    return Effect.as(between.open, between)
  }),
  (between) => between.close
)
