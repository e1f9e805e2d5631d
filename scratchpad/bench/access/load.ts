import { connect, type Socket } from "node:net"

/** Connections to one server, which are kept, each with one request at a time. */
export class Load {
  private readonly sockets: ReadonlyArray<Socket>
  private left = 0
  private open = 0
  private done: (() => void) | undefined = undefined

  private constructor(sockets: ReadonlyArray<Socket>) {
    this.sockets = sockets
    for (const socket of sockets) socket.on("data", (chunk: Buffer) => this.answered(socket, chunk))
  }

  static async to(port: number, connections: number): Promise<Load> {
    const all = Array.from({ length: connections }, () =>
      new Promise<Socket>((resolve, reject) => {
        const socket = connect(port, "127.0.0.1", () => resolve(socket.setNoDelay(true)))
        socket.on("error", reject)
      }))
    return new Load(await Promise.all(all))
  }

  /** Sends so many requests, and gives how many nanoseconds each took. */
  async block(requests: number): Promise<number> {
    const since = process.hrtime.bigint()
    this.left = requests
    this.open = 0
    await new Promise<void>((resolve) => {
      this.done = resolve
      for (const socket of this.sockets) this.next(socket)
    })
    return Number(process.hrtime.bigint() - since) / requests
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  private next(socket: Socket): void {
    if (this.left === 0) {
      if (this.open === 0) this.done?.()
      return
    }
    this.left--
    this.open++
    socket.write(`GET /orders/${this.left % 1000} HTTP/1.1\r\nhost: shop.example\r\nuser-agent: bench/1\r\n\r\n`)
  }

  /** An answer is small, and comes in one piece. */
  private answered(socket: Socket, chunk: Buffer): void {
    if (!chunk.includes("HTTP/1.1 200") || !chunk.includes("}")) throw new Error(`no whole answer: ${chunk.toString()}`)
    this.open--
    this.next(socket)
  }
}
