import { assert, describe, it } from "@effect/vitest"
import { Data, Deferred, Effect, Exit, Stream } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { once } from "node:events"
import { type ClientHttp2Stream, constants, createServer } from "node:http2"
import { WebSocket } from "ws"
import { Logging, WideEvent } from "../../src/index.ts"
import { accesses } from "../support/access.ts"
import { askedOn, begunOn, connected } from "../support/http2Client.ts"
import { asked } from "../support/httpClient.ts"
import { listening, saidOf } from "../support/nodeServer.ts"

class Broken extends Data.TaggedError("Broken") {}

const bytes = (length: number) => new Uint8Array(length)

const server = () => createServer()

const gone = {
  level: "Warn",
  causes: [],
  outcome: "interrupted",
  status: 499,
  errorType: undefined,
  received: 0,
  sent: 200
}

describe("access records of Effect's server on HTTP/2", () => {
  it.live("say what came and what went, also of a body whose length nobody has said", () =>
    Effect.gen(function*() {
      const read = HttpServerRequest.HttpServerRequest.pipe(
        Effect.flatMap((request) => Effect.orDie(request.text)),
        Effect.map((text) => HttpServerResponse.text(text.toUpperCase()))
      )
      const session = yield* connected(yield* listening({ read }, { server }))
      const { head, text } = yield* askedOn(session, {
        ":path": "/read?token=s3cr3t",
        ":method": "POST",
        "user-agent": "test/2",
        "x-request-id": "r-1"
      }, ["ab", "cde"])
      assert.deepStrictEqual([head[":status"], head["x-request-id"], text], [200, "r-1", "ABCDE"])
      const [access, ...others] = yield* accesses
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(access?.said, {
        "event.name": "http.request",
        "event.outcome": "success",
        requestId: "r-1",
        "http.request.method": "POST",
        "url.path": "/read",
        "url.scheme": "http",
        "network.protocol.version": "2",
        "client.address": "127.0.0.1",
        "server.address": "127.0.0.1",
        "user_agent.original": "test/2",
        "http.route": "/read",
        "http.response.status_code": 200,
        "http.request.body.size": 5,
        "http.response.body.size": 5
      })
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("are one for each of many at a time on one connection, with the bytes of each kind of body", () =>
    Effect.gen(function*() {
      const port = yield* listening({
        large: Effect.succeed(HttpServerResponse.uint8Array(bytes(200_000))),
        rows: Effect.succeed(HttpServerResponse.stream(Stream.make(bytes(10), bytes(32)))),
        none: Effect.succeed(HttpServerResponse.empty({ status: 304 })),
        failed: Effect.die(new Broken())
      }, { server })
      const session = yield* connected(port)
      const paths = ["/large", "/rows", "/none", "/failed"]
      yield* Effect.forEach(
        Array.from({ length: 40 }, (_, i) => paths[i % 4]),
        (path) => askedOn(session, { ":path": path }),
        { concurrency: 10 }
      )
      yield* askedOn(session, { ":path": "/large", ":method": "HEAD" })
      const found = (yield* accesses).map(({ level, said }) =>
        JSON.stringify([said["url.path"], level, said["http.response.status_code"], said["http.response.body.size"]])
      )
      const counts = Object.fromEntries(
        Object.entries(Object.groupBy(found, (one) => one)).map(([one, all = []]) => [one, all.length])
      )
      assert.deepStrictEqual(counts, {
        [`["/large","Info",200,200000]`]: 10,
        [`["/rows","Info",200,42]`]: 10,
        [`["/none","Info",304,0]`]: 10,
        [`["/failed","Error",500,0]`]: 10,
        [`["/large","Info",200,0]`]: 1
      })
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("are 499 for clients that take no more, or are gone: before an answer and in the middle of one", () =>
    Effect.gen(function*() {
      const arrived = yield* Deferred.make<void>()
      const isLocked = yield* Deferred.make<void>()
      const isGone = yield* Deferred.make<void>()
      const rows = Effect.succeed(HttpServerResponse.stream(Stream.concat(Stream.make(bytes(10)), Stream.never)))
      const port = yield* listening({
        slow: Effect.andThen(Deferred.succeed(arrived, undefined), Effect.never),
        rows,
        closed: rows,
        session: rows,
        large: Effect.succeed(HttpServerResponse.uint8Array(bytes(5_000_000))),
        locked: Effect.gen(function*() {
          const { source } = yield* HttpServerRequest.HttpServerRequest
          if ("once" in source && typeof source.once === "function") {
            source.once("close", () => Deferred.doneUnsafe(isGone, Exit.void))
          }
          yield* Deferred.succeed(isLocked, undefined)
          yield* Deferred.await(isGone)
          return HttpServerResponse.text("nobody")
        }).pipe(Effect.uninterruptible)
      }, { server })
      const session = yield* connected(port)
      const cancel = (stream: ClientHttp2Stream): void => stream.close(constants.NGHTTP2_CANCEL)
      const slow = begunOn(session, { ":path": "/slow" })
      yield* Deferred.await(arrived)
      cancel(slow)
      assert.deepStrictEqual(yield* saidOf("/slow"), { ...gone, sent: undefined, bytes: undefined })
      begunOn(session, { ":path": "/rows" }, cancel)
      assert.deepStrictEqual(yield* saidOf("/rows"), { ...gone, bytes: 10 })
      begunOn(session, { ":path": "/closed" }, (stream) => stream.close())
      assert.deepStrictEqual(yield* saidOf("/closed"), { ...gone, bytes: 10 })
      begunOn(session, { ":path": "/large" }, cancel)
      assert.deepStrictEqual(yield* saidOf("/large"), { ...gone, bytes: undefined })
      const locked = begunOn(session, { ":path": "/locked" })
      yield* Deferred.await(isLocked)
      cancel(locked)
      // Node says to have sent what it has not, to who is gone.
      assert.deepInclude(yield* saidOf("/locked"), { level: "Warn", outcome: "interrupted", status: 499 })
      begunOn(session, { ":path": "/session" }, () => session.destroy())
      assert.deepStrictEqual(yield* saidOf("/session"), { ...gone, bytes: 10 })
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("say that a response has broken off", () =>
    Effect.gen(function*() {
      const torn = HttpServerResponse.stream(Stream.concat(Stream.make(bytes(4)), Stream.fail(new Broken())))
      const session = yield* connected(yield* listening({ torn: Effect.succeed(torn) }, { server }))
      yield* askedOn(session, { ":path": "/torn" })
      assert.deepInclude(yield* saidOf("/torn"), {
        level: "Error",
        outcome: "failure",
        errorType: "Broken",
        status: 200,
        bytes: 4
      })
    }).pipe(Effect.provide(Logging.layerTest())))
})

describe("access records of a WebSocket of Effect's server", () => {
  const echo = Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const socket = yield* request.upgrade
    const { pull } = yield* socket.reader
    const { write } = yield* socket.writer
    const answered = Effect.flatMap(
      pull,
      (messages) =>
        Effect.forEach(
          messages,
          (message) =>
            WideEvent.count("messages").pipe(
              Effect.andThen(Effect.logInfo("a message")),
              Effect.andThen(write(message))
            )
        )
    )
    yield* Effect.ignore(Effect.forever(answered))
    return HttpServerResponse.empty()
  }).pipe(Effect.scoped, Effect.orDie)

  const opened = (port: number, path: string) =>
    Effect.promise(async () => {
      const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { "x-request-id": "r-1" } })
      ws.on("error", () => {})
      await once(ws, "open")
      return ws
    })

  it.live("are made when it ends, with the status of its handshake and what its messages say", () =>
    Effect.gen(function*() {
      const port = yield* listening({ chat: echo, gone: echo })
      const chat = yield* opened(port, "/chat")
      yield* Effect.promise(async () => {
        for (const message of ["one", "two"]) {
          chat.send(message)
          const [given]: Array<Buffer> = await once(chat, "message")
          assert.strictEqual(given?.toString(), message)
        }
      })
      assert.deepStrictEqual(yield* accesses, [])
      chat.close()
      assert.deepInclude(yield* saidOf("/chat"), {
        level: "Info",
        outcome: "success",
        status: 101,
        errorType: undefined
      })
      const [access] = yield* accesses
      assert.deepInclude(access?.said, { messages: 2, "event.lines.info": 2, requestId: "r-1", "http.route": "/chat" })
      const gone = yield* opened(port, "/gone")
      gone.terminate()
      assert.deepInclude(yield* saidOf("/gone"), { status: 101 })
    }).pipe(Effect.provide(Logging.layerTest())))

  it.live("say what a handler fails with whose handshake was refused", () =>
    Effect.gen(function*() {
      const port = yield* listening({ chat: echo })
      const answer = yield* asked(port, "/chat", { headers: { connection: "upgrade", upgrade: "websocket" } })
      assert.strictEqual(answer.status, 400)
      assert.deepInclude(yield* saidOf("/chat"), { level: "Error", errorType: "SocketError" })
    }).pipe(Effect.provide(Logging.layerTest())))
})
