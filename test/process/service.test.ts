import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { type Line, recordsOf, temporary } from "./files.ts"
import { type Ended, type Program, start } from "./program.ts"

const startService = (file: string, env: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function*() {
    const program = yield* start("scratchpad/service.ts", [], {
      env: { PORT: "0", LOGGING_FILE: file, POLL_INTERVAL: "1 hour", ...env }
    })
    const origin = yield* program.until(/server listens.* address="?(http:\/\/127\.0\.0\.1:\d+)/)
    return { program, origin }
  })

const get = (url: string, requestId?: string) =>
  Effect.gen(function*() {
    const headers = requestId === undefined ? {} : { "x-request-id": requestId }
    const response = yield* HttpClient.get(url, { headers })
    return { status: response.status, headers: response.headers, text: yield* response.text }
  }).pipe(Effect.provide(FetchHttpClient.layer))

const post = (url: string) =>
  Effect.gen(function*() {
    const response = yield* HttpClient.post(url)
    return { status: response.status, text: yield* response.text }
  }).pipe(Effect.provide(FetchHttpClient.layer))

const stop = (program: Program, signal: NodeJS.Signals): Effect.Effect<Ended> =>
  Effect.suspend(() => {
    program.send(signal)
    return program.end
  })

const ofRequest = (records: ReadonlyArray<Line>, id: string): ReadonlyArray<Line> =>
  records.filter((record) => record.annotations["requestId"] === id)

const Health = Schema.fromJsonString(Schema.Struct({
  status: Schema.String,
  polls: Schema.Int,
  lanes: Schema.Record(Schema.String, Schema.Struct({ status: Schema.String, accepted: Schema.Int, depth: Schema.Int }))
}))

describe.concurrent("the example service", () => {
  it.live("shows the lanes and puts the id of a request on all its records", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { origin, program } = yield* startService(file)
      const work = yield* get(`${origin}/work?records=500`, "one-of-ours")
      yield* Effect.forEach([1, 2, 3], (n) => get(`${origin}/work?records=50`, `parallel-${n}`), { concurrency: 3 })
      const health = yield* Schema.decodeEffect(Health)((yield* get(`${origin}/health`)).text)
      const metrics = yield* get(`${origin}/metrics`)
      const failed = yield* get(`${origin}/fail`, "failing")
      const invented = yield* get(`${origin}/work?records=1`, "not a plain id")
      const missing = yield* get(`${origin}/nowhere`)
      const refused = yield* get(`${origin}/work?records=many`)
      const ended = yield* stop(program, "SIGINT")
      const records = yield* recordsOf(file)

      assert.strictEqual(health.status, "ok")
      assert.strictEqual(health.polls, 1)
      assert.strictEqual(health.lanes["file"]?.status, "ok")
      assert.isAbove(health.lanes["console"]?.accepted ?? 0, 650)
      assert.match(metrics.text, /^spillway_accepted_total\{lane="file"\} \d+$/m)
      assert.match(metrics.text, /^spillway_dropped_total\{.*reason="queue_full".*\} 0$/m)
      assert.strictEqual(work.headers["x-request-id"], "one-of-ours")
      assert.strictEqual(ofRequest(records, "one-of-ours").length, 502)
      for (const n of [1, 2, 3]) assert.strictEqual(ofRequest(records, `parallel-${n}`).length, 52)
      assert.deepStrictEqual([failed.status, missing.status, refused.status], [500, 404, 400])
      assert.isTrue(ofRequest(records, "failing").some((record) => record.level === "ERROR"))
      assert.match(invented.headers["x-request-id"] ?? "", /^[\da-f-]{36}$/)
      assert.strictEqual(ended.code, 130)
      assert.include(ended.stdout, "shutdown: SIGINT after")
    }))

  it.live("logs at the level that it is told to, for a scope, and says which levels count", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { origin, program } = yield* startService(file, { POLL_INTERVAL: "100 millis" })
      const before = yield* get(`${origin}/level`)
      const refused = yield* post(`${origin}/level?level=loud`)
      const raised = yield* post(`${origin}/level?level=Debug&scope=poller&minutes=1`)
      yield* program.until(/asked the mailbox/)
      yield* stop(program, "SIGTERM")
      assert.deepStrictEqual([before.text, raised.text], ["Info\n", "Info,poller=Debug\n"])
      assert.strictEqual(refused.status, 400)
      const debugs = (yield* recordsOf(file)).filter(({ level }) => level === "DEBUG")
      assert.isTrue(debugs.length > 0 && debugs.every(({ annotations }) => annotations["scope"] === "poller"))
    }))

  it.live(
    "SIGTERM under load stops server, poller and logging in that order, and the books balance",
    () =>
      Effect.gen(function*() {
        const file = yield* temporary("service.ndjson")
        const { origin, program } = yield* startService(file)
        yield* Effect.forkScoped(
          Effect.forEach([1, 2, 3], () => Effect.exit(get(`${origin}/work?records=2000`)), { concurrency: 3 })
        )
        yield* program.until(/did piece 100 of 2000/)
        const ended = yield* stop(program, "SIGTERM")
        const records = yield* recordsOf(file)

        assert.strictEqual(ended.code, 130)
        const order = ["server stopped", "poller stopped", "shutdown: SIGTERM after"].map((text) =>
          ended.stdout.indexOf(text)
        )
        assert.isTrue(order.every((at) => at !== -1))
        assert.deepStrictEqual(order, order.toSorted((a, b) => a - b))
        assert.match(ended.stdout, /shutdown: SIGTERM after \d+ ms, \d+ drained, books balanced/)
        assert.include(ended.stdout, `  file: ${records.length} accepted, ${records.length} delivered, 0 dropped`)
        assert.deepStrictEqual(records.slice(-2).map((record) => record.message), ["server stopped", "poller stopped"])
      })
  )

  it.live("LOGGING_* variables go before what the program says; a bad one stops it", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { program } = yield* startService(file, { LOGGING_FORMAT: "logfmt", LOGGING_LEVEL: "Info" })
      const ended = yield* stop(program, "SIGTERM")
      assert.match(ended.stdout, /^timestamp=\S+ level=INFO fiber=#\d+ message="server listens"/m)

      const bad = yield* start("scratchpad/service.ts", [], { env: { PORT: "0", LOGGING_QUEUE_SIZE: "many" } })
      const { code, stdout } = yield* bad.end
      assert.strictEqual(code, 1)
      assert.include(stdout, `LOGGING_QUEUE_SIZE: expected a whole number of at least 1 (records), got "many"`)
    }))

  it.live("a port that is taken is logged, reported and gives exit code 1", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { origin } = yield* startService(file)
      const second = yield* start("scratchpad/service.ts", [], {
        env: { PORT: new URL(origin).port, LOGGING_FILE: yield* temporary("second.ndjson") }
      })
      const { code, stderr, stdout } = yield* second.end
      assert.strictEqual(code, 1)
      assert.include(stdout, "EADDRINUSE")
      assert.include(stdout, "shutdown: failed after")
      assert.strictEqual(stderr, "")
    }))
})
