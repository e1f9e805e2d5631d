import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Stream } from "effect"
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import * as CustomSink from "../../scratchpad/examples/custom-sink.ts"
import { Logging } from "../../src/index.ts"

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
}

/** A collector that gives these answers in turn, then 204, and keeps what it was sent. */
const collector = (answers: ReadonlyArray<Answer>) => {
  const left = [...answers]
  const bodies: Array<string> = []
  const textOf = (request: HttpClientRequest.HttpClientRequest): Effect.Effect<string> =>
    request.body._tag === "Uint8Array"
      ? Stream.mkString(Stream.decodeText(Stream.make(request.body.body)))
      : Effect.die("a body of bytes was expected")
  const client = HttpClient.make((request) =>
    Effect.gen(function*() {
      bodies.push(yield* textOf(request))
      const { headers, status } = left.shift() ?? { status: 204 }
      return HttpClientResponse.fromWeb(request, new Response(null, { status, ...(headers && { headers }) }))
    })
  )
  return { bodies, client }
}

const started = (client: HttpClient.HttpClient) =>
  Effect.map(
    Effect.provideService(
      Logging.make({ sinks: [CustomSink.make("http://collector.test/logs")], diagnostics: () => {} }),
      HttpClient.HttpClient,
      client
    ),
    (context) => ({ context, ...Context.get(context, Logging.Logging) })
  )

const afterAnswer = (answer: Answer, message = "one") =>
  Effect.gen(function*() {
    const { bodies, client } = collector([answer])
    const { context, flush, shutdown, stats } = yield* started(client)
    yield* Effect.provide(Effect.logInfo(message), context)
    const flushed = yield* Effect.forkChild(flush, { startImmediately: true })
    yield* TestClock.adjust("1 minute")
    const books = (yield* stats).lanes["collector"]
    assert.isDefined(flushed.pollUnsafe())
    const report = yield* shutdown
    assert.isTrue(report.balanced)
    return { attempts: bodies.length, books }
  })

describe("the sink of docs/sinks/your-own.md", () => {
  it.effect("posts batches as JSON lines", () =>
    Effect.gen(function*() {
      const { bodies, client } = collector([])
      const { context, flush } = yield* started(client)
      yield* Effect.provide(Effect.andThen(Effect.logInfo("one"), Effect.logInfo("two")), context)
      yield* flush
      assert.strictEqual(bodies.length, 1)
      assert.deepStrictEqual(bodies[0]?.trimEnd().split("\n").map((line) => JSON.parse(line).message), ["one", "two"])
    }))

  for (const status of [429, 500, 503]) {
    it.effect(`tries again after ${status}`, () =>
      Effect.gen(function*() {
        const { attempts, books } = yield* afterAnswer({ status })
        assert.strictEqual(attempts, 2)
        assert.strictEqual(books?.delivered, 1)
      }))
  }

  it.effect("waits as long as the collector asks", () =>
    Effect.gen(function*() {
      const { bodies, client } = collector([{ status: 429, headers: { "retry-after": "20" } }])
      const { context, flush } = yield* started(client)
      yield* Effect.provide(Effect.logInfo("one"), context)
      yield* Effect.forkChild(flush, { startImmediately: true })
      yield* TestClock.adjust("19999 millis")
      assert.strictEqual(bodies.length, 1)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(bodies.length, 2)
    }))

  for (const status of [401, 403, 404]) {
    it.effect(`keeps the records after ${status}, for when somebody has changed something`, () =>
      Effect.gen(function*() {
        const { attempts, books } = yield* afterAnswer({ status })
        assert.strictEqual(attempts, 2)
        assert.strictEqual(books?.delivered, 1)
      }))
  }

  it.effect("counts what is refused for good", () =>
    Effect.gen(function*() {
      const { attempts, books } = yield* afterAnswer({ status: 400 })
      assert.strictEqual(attempts, 1)
      assert.strictEqual(books?.dropped.rejected_by_server, 1)
    }))

  it.effect("shortens a record that is too large and sends it again", () =>
    Effect.gen(function*() {
      const { attempts, books } = yield* afterAnswer({ status: 413 }, "x".repeat(10_000))
      assert.strictEqual(attempts, 2)
      assert.strictEqual(books?.delivered, 1)
    }))

  it.effect("gives up at once what is too large and cannot be shorter", () =>
    Effect.gen(function*() {
      const { attempts, books } = yield* afterAnswer({ status: 413 })
      assert.strictEqual(attempts, 1)
      assert.strictEqual(books?.dropped.too_large, 1)
    }))
})
