/** What a network and a server can do to a request and to its answer, on real sockets. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { createServer } from "node:net"
import { LogSink } from "../../../src/index.ts"
import * as HttpSink from "../../../src/sinks/HttpSink.ts"
import {
  accepted,
  collector,
  halfSilent,
  refused,
  type Reply,
  reset,
  said,
  storedAndReset,
  unending
} from "../../servers/Collector.ts"
import { delivery, uidsOf } from "../../servers/delivery.ts"
import { relay } from "../../servers/Relay.ts"

const lines = { contentType: "application/x-ndjson" }
/** How many breaks are tried at once. */
const lanes = 8

const MiB = 1024 * 1024

/** So that a test has the time to change something before a batch is tried again. */
const later = { retry: LogSink.exponentialRetry({ base: "1 second", times: 5 }) }

const through = (url: string, port: number): string => url.replace(/:\d+\//, `:${port}/`)

layer(NodeHttpClient.layerUndici)("an endpoint over HTTP", (it) => {
  describe("a connection that breaks", () => {
    for (const [how, step] of [["reset", 1], ["end", 8]] as const) {
      for (const  of of["request", "answer"] as const) {
        it.effect(`F15: a ${how} at byte after byte of the ${of} loses nothing, and what is there twice was said to be`, () =>
          Effect.forEach(Array.from({ length: lanes }, (_, first) => first), (first) =>
            Effect.gen(function*() {
              const far = yield* collector(lines)
              far.always = said(200, "{}")
              const between = yield* relay(far.port)
              const { check, deliver, errors } = yield* delivery(
                yield* HttpSink.make({ url: through(far.url, between.port) })
              )
              yield* deliver(1)
              const size = between.bytes[of]
              assert.isAbove(size, 100)
              let broken = 0
              for (let at = first * step; at < size; at += lanes * step) {
                between.breakNext({ of, at, how })
                yield* deliver(1)
                broken++
                assert.strictEqual(errors.length, broken, `broken at byte ${at}`)
              }
              for (const { reason } of errors) assert.strictEqual(reason._tag, "Unavailable")
              check(far)
              const twice = uidsOf(far).length - broken - 1
              if (of === "answer") assert.isAtLeast(twice, broken - 1)
              else assert.isAtMost(twice, 1)
            }), { concurrency: "unbounded", discard: true }))
      }
    }

    it.effect("F15: where nobody listens nothing is ambiguous", () =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        const { check, deliver, errors, failed, offer, settled } = yield* delivery(
          yield* HttpSink.make({ url: far.url }),
          later
        )
        yield* deliver(1)
        yield* far.close
        offer(1)
        const waiting = yield* Effect.forkChild(settled, { startImmediately: true })
        const { message, reason } = yield* failed
        assert.strictEqual(message, `no connection to 127.0.0.1:${far.port} (ECONNREFUSED)`)
        assert.deepStrictEqual(reason, { _tag: "Unavailable", ambiguous: false })
        yield* far.open
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(waiting)
        assert.strictEqual(errors.length, 1)
        assert.strictEqual(uidsOf(far).length, 2)
        check(far)
      }))

    it.effect("F19: where the name of the host is not known nothing is ambiguous", () =>
      Effect.gen(function*() {
        const sink = yield* HttpSink.make({ url: "http://collector.invalid/logs" })
        const { failed, offer } = yield* delivery(sink, later)
        offer(1)
        const { message, reason } = yield* failed
        assert.match(message, /^no connection to collector\.invalid \((ENOTFOUND|EAI_AGAIN)\)$/)
        assert.deepStrictEqual(reason, { _tag: "Unavailable", ambiguous: false })
      }))

    it.effect("F21: a server that has started again between two batches gets the next one", () =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        const { check, deliver } = yield* delivery(yield* HttpSink.make({ url: far.url }))
        for (let i = 0; i < 5; i++) {
          yield* deliver(1)
          yield* far.close
          yield* far.open
        }
        yield* deliver(1)
        check(far)
      }))
  })

  describe("a connection that was not in use", () => {
    const afterPause = (...replies: ReadonlyArray<Reply>) =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        const all = yield* delivery(yield* HttpSink.make({ url: far.url }), later)
        yield* all.deliver(1)
        far.next(...replies)
        yield* TestClock.adjust("1 second")
        return { far, ...all }
      })

    it.effect("F21: a connection that was not in use and breaks is replaced at once, and a line says that something may be there twice", () =>
      Effect.gen(function*() {
        const { check, deliver, errors, far, warnings } = yield* afterPause(storedAndReset)
        yield* deliver(1)
        assert.deepStrictEqual(errors, [])
        const host = `127.0.0.1:${far.port}`
        assert.deepStrictEqual(warnings, [
          `${host} closed a connection that was not in use, and a batch was sent again at once, which may be there twice: ` +
          `have the client close it before ${host} does (keepAliveTimeout)`
        ])
        assert.deepStrictEqual(far.received.map(({ connection }) => connection), [0, 0, 1])
        assert.strictEqual(uidsOf(far).length, 3)
        check(far)
      }))

    it.effect("F21: it is replaced once: then it is ambiguous", () =>
      Effect.gen(function*() {
        const { errors, failed, far, offer } = yield* afterPause(storedAndReset, reset, accepted)
        offer(1)
        assert.deepInclude((yield* failed).reason, { _tag: "Unavailable", ambiguous: true })
        assert.strictEqual(far.received.length, 3)
        assert.strictEqual(errors.length, 1)
      }))

    it.effect("F21: it is ambiguous also where the second attempt is told that there is no room", () =>
      Effect.gen(function*() {
        const { failed, far, offer } = yield* afterPause(storedAndReset, refused(503))
        offer(1)
        assert.deepInclude((yield* failed).reason, { _tag: "Unavailable", ambiguous: true })
        assert.strictEqual(far.received.length, 3)
      }))

    for (const status of [400, 401, 413]) {
      it.effect(`F21: it is ambiguous also where the second attempt is answered with ${status}`, () =>
        Effect.gen(function*() {
          const { check, errors, failed, far, offer, settled } = yield* afterPause(storedAndReset, refused(status))
          offer(1)
          const waiting = yield* Effect.forkChild(settled, { startImmediately: true })
          assert.deepInclude((yield* failed).reason, { _tag: "Unavailable", ambiguous: true })
          yield* TestClock.adjust("1 second")
          yield* Fiber.join(waiting)
          assert.strictEqual(errors.length, 1)
          assert.strictEqual(far.received.length, 4)
          check(far)
        }))
    }

    it.effect("F21: it is not replaced when it was in use a moment ago: the server has had the batch", () =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        const { check, deliver, errors } = yield* delivery(yield* HttpSink.make({ url: far.url }))
        yield* deliver(1)
        far.next(storedAndReset)
        yield* TestClock.adjust("999 millis")
        yield* deliver(1)
        assert.strictEqual(errors.length, 1)
        assert.deepInclude(errors[0]?.reason, { ambiguous: true })
        check(far)
      }))
  })

  describe("an answer", () => {
    it.effect("F16: one that comes byte by byte is read to its end", () =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        const { check, deliver, errors } = yield* delivery(yield* HttpSink.make({ url: far.url }))
        far.next(unending(new Uint8Array(1), 200).reply)
        yield* deliver(2)
        assert.deepStrictEqual(errors, [])
        assert.strictEqual(uidsOf(far).length, 2)
        check(far)
      }))

    it.effect("F17: one of 1 GB is cut off, and its connection closed", () =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        const { check, deliver, errors } = yield* delivery(yield* HttpSink.make({ url: far.url }))
        const { reply, taken } = unending(new Uint8Array(MiB), 1024 * MiB)
        far.next(reply)
        yield* deliver(2)
        assert.isBelow(yield* taken, 32 * MiB)
        assert.deepStrictEqual(errors, [])
        assert.strictEqual(uidsOf(far).length, 2)
        check(far)
      }))

    it.effect("F16: one of 200 and then nothing takes as long as a write may, and is ambiguous", () =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        const begun = Deferred.makeUnsafe<void>()
        const { books, check, offer, settled } = yield* delivery(yield* HttpSink.make({ url: far.url }))
        far.next((exchange) => {
          halfSilent(exchange)
          Deferred.doneUnsafe(begun, Exit.void)
        })
        offer(1)
        const waiting = yield* Effect.forkChild(settled, { startImmediately: true })
        yield* Deferred.await(begun)
        yield* TestClock.adjust("29 seconds")
        assert.strictEqual(books().inFlight, 1)
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(waiting)
        assert.strictEqual(uidsOf(far).length, 2)
        assert.deepStrictEqual(far.received.map(({ connection }) => connection), [0, 1])
        check(far)
      }))

    it.effect("F15: one that is no HTTP is ambiguous, and not repeated", () =>
      Effect.gen(function*() {
        const server = createServer((socket) => socket.on("data", () => socket.end("no such thing: secret\r\n\r\n")))
        yield* Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void)))
        yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
        const address = server.address()
        const port = typeof address === "object" ? address?.port : undefined
        const sink = yield* HttpSink.make({ url: `http://127.0.0.1:${port}/` })
        const { failed, offer } = yield* delivery(sink, later)
        offer(1)
        const { message, reason } = yield* failed
        assert.match(message, /^the connection to 127\.0\.0\.1:\d+ broke before the answer \(HTTPParserError\)$/)
        assert.deepStrictEqual(reason, { _tag: "Unavailable", ambiguous: true })
      }))
  })

  it.effect("F18: a redirect to another host is not followed there, and no credentials go with it", () =>
    Effect.gen(function*() {
      const far = yield* collector(lines)
      const other = yield* collector({ ...lines, path: "/taken" })
      const url = far.url.replace("://", "://reader:of-the-url@")
      const sink = yield* HttpSink.make({ url, headers: { "x-api-key": Redacted.make("of-a-header") } })
      const { check, deliver, errors, failed, offer, settled } = yield* delivery(sink)
      yield* deliver(1)
      for (const status of [301, 302, 303, 307, 308]) {
        far.next(refused(status, { location: `${other.url}?token=secret` }))
        offer(1)
        const waiting = yield* Effect.forkChild(settled, { startImmediately: true })
        const { message, reason } = yield* failed
        assert.strictEqual(
          message,
          `127.0.0.1:${far.port} answered ${status}, a redirect to 127.0.0.1:${other.port}`
        )
        assert.strictEqual(reason._tag, "Misconfigured")
        yield* TestClock.adjust("30 seconds")
        yield* Fiber.join(waiting)
      }
      assert.strictEqual(errors.length, 5)
      assert.deepStrictEqual([other.received.length, other.elsewhere.length], [0, 0])
      check(far)
    }))
})
