import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import * as HttpCalls from "../src/HttpCalls.ts"
import { Logging, WideEvent } from "../src/index.ts"
import { accesses } from "./support/access.ts"

/** Answers after a second, by the path of a request: a status, or nothing at all. */
const Far = Layer.succeed(HttpClient.HttpClient)(HttpClient.make((request, { pathname }) => {
  if (pathname === "/never") return Effect.never
  const status = pathname === "/" ? 200 : Number(pathname.slice(1))
  return Effect.delay(
    Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status }))),
    "1 second"
  )
}))

const TestLive = Layer.provideMerge(Layer.provide(HttpCalls.layer, Far), Logging.layerTest())

describe("HttpCalls.layer", () => {
  it.effect("adds to the open event how many calls there were, how long, where to and how many failed", () =>
    Effect.gen(function*() {
      const urls = ["https://ada:secret@stock.example/?key=1", "https://stock.example/503", "https://mail.example/404"]
      const calling = yield* Effect.forEach(urls, (url) => HttpClient.get(url)).pipe(
        Effect.andThen(Effect.timeoutOption(HttpClient.get("https://mail.example/never"), "2 seconds")),
        WideEvent.record("checkout"),
        Effect.forkChild({ startImmediately: true })
      )
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(calling)
      const [access] = yield* accesses
      assert.deepStrictEqual(access?.said, {
        "event.name": "checkout",
        "event.outcome": "success",
        "http.client.count": 4,
        "http.client.duration_ms": 5000,
        "http.client.host.stock.example": 2,
        "http.client.host.mail.example": 2,
        "http.client.failures": 3
      })
    }).pipe(Effect.provide(TestLive)))

  it.effect("has ten hosts of an event at most", () =>
    Effect.gen(function*() {
      const calling = yield* Effect.forEach(
        Array.from({ length: 13 }, (_, i) => i),
        (i) => HttpClient.get(`https://h${i}.example/`),
        { concurrency: "unbounded" }
      ).pipe(WideEvent.record("many"), Effect.forkChild({ startImmediately: true }))
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(calling)
      const [access] = yield* accesses
      const hosts = Object.entries(access?.said ?? {}).filter(([name]) => name.startsWith("http.client.host."))
      assert.strictEqual(hosts.length, 11)
      assert.deepStrictEqual(hosts.at(-1), ["http.client.host.other", 3])
    }).pipe(Effect.provide(TestLive)))

  it.effect("does nothing where no event is open", () =>
    Effect.gen(function*() {
      const calling = yield* Effect.forkChild(HttpClient.get("https://stock.example/"), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(calling)).status, 200)
      assert.deepStrictEqual(yield* accesses, [])
    }).pipe(Effect.provide(TestLive)))
})
