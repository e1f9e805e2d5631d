/** The suite of sinks, on those that the docs show. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Exit, Layer } from "effect"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import * as CustomSink from "../../scratchpad/examples/custom-sink.ts"
import * as Acknowledged from "../../scratchpad/examples/sinks-acknowledged.ts"
import * as RecordByRecord from "../../scratchpad/examples/sinks-record-by-record.ts"
import { type LogSink, SinkConformance } from "../../src/index.ts"
import { directory } from "../support/spooledLanes.ts"

const token = "token-in-the-url"
const password = "password-in-the-url"

const storedLine = (bytes: string): SinkConformance.Stored => ({ id: JSON.parse(bytes).uid, bytes })

const linesOf = (body: string): ReadonlyArray<string> => body.split("\n").filter((line) => line !== "")

type Answer = (response: ServerResponse, body: string) => void

/** A collector on a socket of its own. */
class Collector {
  readonly stored: Array<SinkConformance.Stored> = []
  readonly attempts: Array<string> = []
  elsewhere = 0
  next: Answer | undefined = undefined
  readonly server: Server = createServer((request, response) => {
    void this.read(request).then((body) => this.answer(request, response, body), () => {})
  })

  get url(): string {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has one
    const { port } = this.server.address() as AddressInfo
    return `http://reader:${password}@127.0.0.1:${port}/logs?token=${token}`
  }

  store(body: string): void {
    this.stored.push(...linesOf(body).map(storedLine))
  }

  private async read(request: IncomingMessage): Promise<string> {
    let body = ""
    request.setEncoding("utf8")
    for await (const text of request) body += String(text)
    return body
  }

  private answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    if (request.url === "/elsewhere") {
      this.elsewhere++
      response.end()
      return
    }
    this.attempts.push(body)
    const { next } = this
    this.next = undefined
    if (next !== undefined) return next(response, body)
    this.store(body)
    response.writeHead(204).end()
  }

  readonly script = (answer: Answer): Effect.Effect<void> =>
    Effect.sync(() => {
      this.next = answer
    })

  /** Answers with all that it was told, which is nothing to hand on. */
  readonly status = (status: number, headers: Record<string, string> = {}): Effect.Effect<void> =>
    this.script((response, body) =>
      response.writeHead(status, headers).end(`${this.url} ${JSON.stringify(response.req.headers)} ${body}`)
    )
}

const collector = Effect.acquireRelease(
  Effect.callback<Collector>((resume) => {
    const far = new Collector()
    far.server.listen(0, "127.0.0.1", () => resume(Effect.succeed(far)))
  }),
  (far) =>
    Effect.sync(() => {
      far.server.closeAllConnections()
      far.server.close()
    })
)

/** Answers with piece after piece for as long as somebody reads. */
const unending = (far: Collector, piece: Uint8Array): Answer => (response, body) => {
  far.store(body)
  response.writeHead(200)
  const more = (): void => {
    if (response.destroyed) return
    if (response.write(piece)) setImmediate(more)
    else response.once("drain", more)
  }
  more()
}

const answers: SinkConformance.Answers<Collector> = {
  unavailable: (far) => far.status(503),
  busyForSevenSeconds: (far) => far.status(429, { "retry-after": "7" }),
  busyUntilInSevenSeconds: (far) =>
    Effect.suspend(() => far.status(503, { "retry-after": new Date(Date.now() + 7000).toUTCString() })),
  busyForNonsense: (far, text) => far.status(503, { "retry-after": text }),
  refused: (far) => far.status(400),
  tooLarge: (far) => far.status(413),
  misconfigured: (far) => far.status(401),
  acknowledgementLost: (far) =>
    far.script((response, body) => {
      far.store(body)
      response.destroy()
    }),
  hangUp: (far) => far.script((response) => response.destroy()),
  brokenAnswer: (far) =>
    far.script((response, body) => {
      far.store(body)
      response.writeHead(200, { "content-length": "1000" }).write("half", () => response.destroy())
    }),
  silence: (far) => {
    const arrived = Deferred.makeUnsafe<void>()
    return Effect.as(far.script(() => Deferred.doneUnsafe(arrived, Exit.void)), Deferred.await(arrived))
  },
  slow: (far) => far.script(unending(far, new Uint8Array(1))),
  endless: (far) => {
    const over = Deferred.makeUnsafe<number>()
    const script = far.script((response, body) => {
      const { socket } = response
      response.once("close", () => Deferred.doneUnsafe(over, Exit.succeed(socket?.bytesWritten ?? 0)))
      unending(far, new Uint8Array(1024 * 1024))(response, body)
    })
    return Effect.as(script, Deferred.await(over))
  },
  redirect: (far) => Effect.as(far.status(307, { location: "/elsewhere" }), Effect.sync(() => far.elsewhere))
}

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))("the sink that posts JSON lines", (it) => {
  const cases = SinkConformance.cases({
    make: Effect.gen(function*() {
      const far = yield* collector
      return { sink: yield* CustomSink.make(far.url), far }
    }),
    stored: (far) => Effect.sync(() => [...far.stored]),
    attempts: (far) => Effect.sync(() => [...far.attempts]),
    answers,
    secrets: [token, password, btoa(`reader:${password}`)],
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})

/** What answers for each line. */
class Index {
  readonly stored: Array<SinkConformance.Stored> = []
  readonly attempts: Array<string> = []
  statuses: ReadonlyArray<number> = []
  next: (() => Promise<never>) | undefined = undefined

  readonly send = (lines: ReadonlyArray<string>): Promise<ReadonlyArray<{ status: number; reason: string }>> => {
    this.attempts.push(lines.join("\n"))
    const { next, statuses } = this
    this.statuses = []
    this.next = undefined
    const items = lines.map((line, i) => {
      const status = statuses[i] ?? 201
      if (status < 300) this.stored.push(storedLine(line))
      return { status, reason: `status ${status}` }
    })
    return next === undefined ? Promise.resolve(items) : next()
  }

  readonly answer = (...statuses: ReadonlyArray<number>): Effect.Effect<void> =>
    Effect.sync(() => {
      this.statuses = statuses
    })
}

layer(NodeServices.layer)("the sink that is answered record by record", (it) => {
  const cases = SinkConformance.cases({
    make: Effect.sync(() => {
      const far = new Index()
      return { sink: RecordByRecord.make(far.send), far }
    }),
    stored: (far) => Effect.sync(() => [...far.stored]),
    attempts: (far) => Effect.sync(() => [...far.attempts]),
    answers: {
      unavailable: (far) => far.answer(503, 503, 503, 503, 503),
      refused: (far) => far.answer(400, 400, 400, 400, 400),
      secondRefused: (far) => far.answer(201, 400),
      secondRefusedThirdAgain: (far) => far.answer(201, 400, 429),
      acknowledgementLost: (far) =>
        Effect.sync(() => {
          far.next = () => Promise.reject(new Error("reset"))
        }),
      silence: (far) =>
        Effect.sync(() => {
          const arrived = Deferred.makeUnsafe<void>()
          far.next = () => {
            Deferred.doneUnsafe(arrived, Exit.void)
            return new Promise(() => {})
          }
          return Deferred.await(arrived)
        })
    },
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})

type Meeting = (connection: { readonly acknowledge: (id: number) => void; readonly close: () => void }) => (
  id: number,
  line: string
) => void

/** A receiver that acknowledges line by line. */
class Receiver {
  readonly stored: Array<SinkConformance.Stored> = []
  next: Meeting | undefined = undefined
  open = 0

  readonly stores: Meeting = ({ acknowledge }) => (id, line) => {
    this.stored.push(storedLine(line))
    acknowledge(id)
  }

  readonly meets = (next: Meeting): Effect.Effect<void> =>
    Effect.sync(() => {
      this.next = next
    })

  connect() {
    let acknowledge = (_id: number): void => {}
    let close = (): void => {}
    const { next = this.stores } = this
    this.next = undefined
    this.open++
    return {
      onAcknowledged(listener: (id: number) => void) {
        acknowledge = listener
      },
      onClosed(listener: () => void) {
        close = listener
      },
      close: () => {
        this.open--
      },
      send: next({ acknowledge: (id) => acknowledge(id), close: () => close() })
    }
  }
}

layer(NodeServices.layer)("the sink that is answered while it writes", (it) => {
  const cases = SinkConformance.cases({
    make: Effect.acquireRelease(
      Effect.sync((): { readonly sink: LogSink.LogSink; readonly far: Receiver } => {
        const far = new Receiver()
        return { sink: Acknowledged.make(() => far.connect()), far }
      }),
      ({ far }) => Effect.sync(() => assert.strictEqual(far.open, 0, "connections that nobody has closed"))
    ),
    stored: (far) => Effect.sync(() => [...far.stored]),
    answers: {
      unavailable: (far) => far.meets(({ close }) => () => close()),
      hangUp: (far) => far.meets(({ close }) => () => close()),
      headStored: (far) =>
        far.meets((connection) => (id, line) => id < 2 ? far.stores(connection)(id, line) : connection.close()),
      acknowledgementLost: (far) =>
        far.meets(({ acknowledge, close }) => (id, line) => {
          far.stored.push(storedLine(line))
          if (id === 0) acknowledge(id)
          else close()
        }),
      silence: (far) => {
        const arrived = Deferred.makeUnsafe<void>()
        return Effect.as(far.meets(() => () => Deferred.doneUnsafe(arrived, Exit.void)), Deferred.await(arrived))
      }
    },
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})
