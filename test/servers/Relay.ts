/** What stands between a client and a server on loopback sockets, hands on bytes, and breaks where it is told to. */
import { Effect, type Scope } from "effect"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"

/** Where one connection breaks: before the byte of that number, of what the client sends or of what it gets. */
export interface Break {
  readonly of: "request" | "answer"
  readonly at: number
  /** Reset, or ended as if all were said. */
  readonly how: "reset" | "end"
}

export class Relay {
  connections = 0
  /** What it has handed on. */
  readonly bytes = { request: 0, answer: 0 }
  port = 0
  private next: Break | undefined = undefined
  private readonly sockets = new Set<Socket>()
  private readonly to: number
  private readonly server: Server = createServer((socket) => this.take(socket))

  constructor(to: number) {
    this.to = to
  }

  readonly open: Effect.Effect<void> = Effect.callback((resume) => {
    this.server.listen(0, "127.0.0.1", () => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has one
      this.port = (this.server.address() as AddressInfo).port
      resume(Effect.void)
    })
  })

  readonly close: Effect.Effect<void> = Effect.callback((resume) => {
    this.server.close(() => resume(Effect.void))
    for (const socket of this.sockets) socket.destroy()
  })

  /** Breaks the next exchange, over a connection of its own; those that come later are whole. */
  breakNext(next: Break): void {
    this.next = next
    for (const socket of this.sockets) socket.destroy()
  }

  private take(client: Socket): void {
    this.connections++
    const broken = this.next
    this.next = undefined
    const server = connect(this.to, "127.0.0.1")
    for (const socket of [client, server]) {
      this.sockets.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => {
        this.sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    const stop = (): void => {
      server.destroy()
      if (broken?.how === "end") client.end()
      else client.resetAndDestroy()
    }
    this.hand("request", client, server, broken?.of === "request" ? broken.at : Infinity, stop)
    this.hand("answer", server, client, broken?.of === "answer" ? broken.at : Infinity, stop)
  }

  /** Hands on the bytes before the one of that number. */
  private hand(of: Break["of"], from: Socket, to: Socket, at: number, stop: () => void): void {
    if (at === 0) return stop()
    let left = at
    from.on("data", (chunk) => {
      this.bytes[of] += chunk.length
      if (chunk.length < left) {
        left -= chunk.length
        to.write(chunk)
      } else if (left > 0) {
        const last = chunk.subarray(0, left)
        left = 0
        to.write(last, stop)
      }
    })
  }
}

export const relay = (to: number): Effect.Effect<Relay, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.suspend(() => {
      const between = new Relay(to)
      return Effect.as(between.open, between)
    }),
    (between) => between.close
  )
