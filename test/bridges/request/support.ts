import { assert } from "@effect/vitest"
import { Context, Effect, Exit, Scope } from "effect"
import type { ErrorRequestHandler } from "express"
import { once } from "node:events"
import type { Server } from "node:http"
import type { Http2Server, ServerHttp2Session } from "node:http2"
import { connect, type Socket } from "node:net"
import * as RequestLog from "../../../src/bridges/RequestLog.ts"
import { Logging, type LogRecord, LogSink } from "../../../src/index.ts"

/** What of a record tells how a request went. */
export const facts = (record: LogRecord.LogRecord | undefined) => {
  const { annotations = {}, level, message } = record ?? {}
  return {
    level,
    message,
    outcome: annotations["event.outcome"],
    status: annotations["http.response.status_code"],
    sent: annotations["http.response.status_code_sent"],
    error: annotations["error.type"],
    bytes: [annotations["http.request.body.size"], annotations["http.response.body.size"]]
  }
}

/** What the facts of a record are of a response that the server has broken off. */
export const brokenOff = {
  level: "Error",
  outcome: "failure",
  status: undefined,
  error: "response_broken_off"
} as const

/** The last handler of an app of Express, which answers what was thrown. */
export const failing = ((_error, _req, res, _next) => {
  res.status(500).send("failed")
}) satisfies ErrorRequestHandler

/** Records of requests in a runtime of its own, whose books the test's end looks at. */
export const recording = (options: RequestLog.RequestOptions = {}) =>
  Effect.gen(function*() {
    const records: Array<LogRecord.LogRecord> = []
    const waiting = new Set<() => void>()
    const reports: Array<Logging.ShutdownReport> = []
    const sink = LogSink.make({
      name: "records",
      batchWindow: 0,
      capacity: 50_000,
      write: (batch) =>
        Effect.sync(() => {
          records.push(...batch)
          for (const look of waiting) look()
        })
    })
    const scope = yield* Scope.make()
    const context = yield* Logging.make({
      sinks: [sink],
      minimumLevel: "All",
      onShutdown: (report) => Effect.sync(() => reports.push(report))
    }).pipe(Scope.provide(scope))
    yield* Effect.addFinalizer(() => Effect.sync(() => assert.isTrue(reports[0]?.balanced)))
    const close = Scope.close(scope, Exit.void)
    yield* Effect.addFinalizer(() => close)
    const requests = yield* Effect.provideContext(RequestLog.make(options), context)
    const service = Context.get(context, Logging.Logging)
    const ofRequests = (): ReadonlyArray<LogRecord.LogRecord> => records.filter(isOfRequest)
    return {
      requests,
      service,
      close,
      reports,
      all: Effect.as(service.flush, records),
      /** The records of requests, in the order in which they ended. */
      records: Effect.map(service.flush, ofRequests),
      /** The same when there are so many. */
      ended: (count: number) =>
        Effect.callback<ReadonlyArray<LogRecord.LogRecord>>((resume) => {
          const look = (): void => {
            const found = ofRequests()
            if (found.length < count) return
            waiting.delete(look)
            resume(Effect.succeed(found))
          }
          waiting.add(look)
          look()
        })
    }
  })

const isOfRequest = ({ annotations }: LogRecord.LogRecord): boolean =>
  annotations["event.name"] === "http.server.request"

/** Listens until the scope is closed. */
export const listening = (server: Server | Http2Server) =>
  Effect.gen(function*() {
    const sessions = new Set<ServerHttp2Session>()
    server.on("session", (session: ServerHttp2Session) => {
      sessions.add(session)
      session.once("close", () => sessions.delete(session))
    })
    return yield* Effect.acquireRelease(
      Effect.promise(async () => {
        server.listen(0, "127.0.0.1")
        await once(server, "listening")
        return portOf(server)
      }),
      () =>
        Effect.promise(async () => {
          if ("closeAllConnections" in server) server.closeAllConnections()
          for (const session of sessions) session.destroy()
          if (server.listening) await new Promise((closed) => server.close(closed))
        })
    )
  })

export const portOf = (server: Server | Http2Server): number => {
  const address = server.address()
  assert.isTrue(typeof address === "object" && address !== null)
  return typeof address === "object" && address !== null ? address.port : 0
}

/** A connection on which bytes are written by hand. */
export class Wire {
  readonly socket: Socket
  private text = ""

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1")
    this.socket.setEncoding("latin1")
    this.socket.on("data", (chunk: string) => {
      this.text += chunk
    })
    // A test looks at what the server has made of it.
    this.socket.on("error", () => {})
  }

  write(text: string): this {
    this.socket.write(text)
    return this
  }

  /** Waits until what has come matches. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.text)) await new Promise<void>((come) => this.socket.once("data", () => come()))
    return this.text
  }

  /** The same for what comes from now on. */
  async next(pattern: RegExp): Promise<string> {
    this.text = ""
    return this.until(pattern)
  }

  async closed(): Promise<string> {
    if (!this.socket.closed) await new Promise<void>((closed) => this.socket.on("close", () => closed()))
    return this.text
  }
}

export const get = (path: string, headers = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: shop.example\r\n${headers}\r\n`
