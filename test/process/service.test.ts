import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Schema } from "effect"
import { type Answer, asked, left } from "../support/httpClient.ts"
import { type Line, recordsOf, temporary } from "./files.ts"
import { type Ended, type Program, start } from "./program.ts"

/** No run of the job comes while a test looks, unless it says so. */
const rarely = "0 0 29 2 *"

const startService = (file: string, env: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function*() {
    const program = yield* start("scratchpad/service.ts", [], {
      env: { PORT: "0", LOGGING_FILE: file, REFILL_CRON: rarely, ...env }
    })
    const port = Number(yield* program.until(/server listens.* address="?http:\/\/127\.0\.0\.1:(\d+)/))
    return { program, port }
  })

const get = (port: number, path: string, id?: string) =>
  asked(port, path, { headers: id === undefined ? {} : { "x-request-id": id } })

const order = (port: number, item: string, quantity: number, id: string) =>
  asked(port, "/orders", {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": id },
    body: [JSON.stringify({ item, quantity, email: "ada@example.org" })]
  })

const stop = (program: Program, signal: NodeJS.Signals): Effect.Effect<Ended> =>
  Effect.suspend(() => {
    program.send(signal)
    return program.end
  })

const ofRequest = (records: ReadonlyArray<Line>, id: string): ReadonlyArray<Line> =>
  records.filter((record) => record.annotations["requestId"] === id)

const named = (records: ReadonlyArray<Line>, name: string): ReadonlyArray<Line> =>
  records.filter(({ annotations }) => annotations["event.name"] === name)

/** What the only access record of a request says of these. */
const said = (records: ReadonlyArray<Line>, id: string, ...names: ReadonlyArray<string>): ReadonlyArray<unknown> => {
  const [record, ...others] = named(ofRequest(records, id), "http.request")
  assert.isDefined(record, id)
  assert.deepStrictEqual(others, [], id)
  return [record.level, ...names.map((name) => record.annotations[name])]
}

const balanced = (ended: Ended, records: ReadonlyArray<Line>): void => {
  assert.strictEqual(ended.code, 130)
  assert.strictEqual(ended.stderr, "")
  assert.match(ended.stdout, /shutdown: SIG(INT|TERM) after \d+ ms, \d+ drained, books balanced/)
  assert.include(ended.stdout, `  file: ${records.length} accepted, ${records.length} delivered, 0 dropped`)
}

const Health = Schema.fromJsonString(Schema.Struct({
  status: Schema.String,
  lanes: Schema.Record(Schema.String, Schema.Struct({ status: Schema.String, accepted: Schema.Int, depth: Schema.Int }))
}))

const outcome = ["event.outcome", "http.response.status_code", "error.type"] as const

describe.concurrent("the example service", () => {
  it.live("makes one record of each request, with what its handler and its error say", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port, program } = yield* startService(file)
      const answers = [
        yield* order(port, "book", 2, "placed"),
        yield* order(port, "lamp", 99, "too-many"),
        yield* order(port, "cat", 1, "no-item"),
        yield* get(port, "/orders/1", "found"),
        yield* get(port, "/orders/7", "not-found"),
        yield* get(port, "/nowhere", "nowhere"),
        yield* get(port, "/stocktaking?pieces=many", "refused"),
        yield* get(port, "/stocktaking?pieces=500", "counted")
      ]
      yield* Effect.forEach([1, 2, 3], (n) => get(port, "/stocktaking?pieces=50", `parallel-${n}`), { concurrency: 3 })
      const invented = yield* get(port, "/orders/1", "not a plain id")
      const ended = yield* stop(program, "SIGINT")
      const records = yield* recordsOf(file)

      assert.deepStrictEqual(answers.map(({ status }) => status), [200, 409, 400, 200, 404, 404, 400, 200])
      assert.deepStrictEqual(JSON.parse(answers[1]?.text ?? ""), { _tag: "OutOfStock", item: "lamp", left: 10 })
      assert.strictEqual(answers[0]?.headers["x-request-id"], "placed")
      const added = ["http.route", "item", "quantity", "order"]
      assert.deepStrictEqual(said(records, "placed", ...outcome), ["INFO", "success", 200, undefined])
      assert.deepStrictEqual(said(records, "placed", ...added), ["INFO", "/orders", "book", 2, 1])
      assert.deepStrictEqual(said(records, "too-many", ...outcome), ["WARN", "failure", 409, "OutOfStock"])
      assert.deepStrictEqual(said(records, "too-many", ...added), ["WARN", "/orders", "lamp", 99, undefined])
      assert.match(
        named(ofRequest(records, "too-many"), "http.request")[0]?.cause ?? "",
        /^OutOfStock\n +at .*\n {2}item: lamp\n/
      )
      assert.deepStrictEqual(said(records, "no-item", ...outcome), ["WARN", "failure", 400, "HttpApiSchemaError"])
      assert.deepStrictEqual(said(records, "found", ...outcome), ["INFO", "success", 200, undefined])
      assert.deepStrictEqual(said(records, "not-found", ...outcome), ["WARN", "failure", 404, "NoSuchOrder"])
      assert.deepStrictEqual(said(records, "nowhere", ...outcome), ["WARN", "failure", 404, "RouteNotFound"])
      assert.deepStrictEqual(said(records, "refused", ...outcome), ["WARN", "failure", 400, "HttpApiSchemaError"])
      assert.deepStrictEqual(said(records, "counted", "pieces", "event.lines.info"), ["INFO", 500, 500])
      assert.strictEqual(ofRequest(records, "counted").length, 501)
      for (const n of [1, 2, 3]) assert.strictEqual(ofRequest(records, `parallel-${n}`).length, 51)
      assert.match(String(invented.headers["x-request-id"]), /^[\w-]{16}$/)
      assert.strictEqual(named(records, "http.request").length, answers.length + 4)
      const [placed] = named(records, "order.placed")
      assert.strictEqual(placed?.annotations["requestId"], "placed")
      assert.strictEqual(placed?.annotations["email"], "<redacted>")
      assert.notInclude(JSON.stringify(records), "ada@")
      balanced(ended, records)
    }))

  it.live("makes one record of each attempt of its worker and of each run of its job", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port, program } = yield* startService(file, { REFILL_CRON: "* * * * * *" })
      yield* order(port, "lamp", 1, "breaks-once")
      yield* order(port, "lamp", 9, "breaks")
      yield* program.until(/an order cannot be packed/)
      const packed = yield* get(port, "/orders/1")
      yield* program.until(/item=lamp pieces=(9|10)/)
      yield* program.until(/ refill scope=cron[^]* refill scope=cron/)
      const ended = yield* stop(program, "SIGTERM")
      const records = yield* recordsOf(file)

      const attempts = named(records, "pack").map(({ annotations, level }) => ({
        level,
        order: annotations["order"],
        attempt: annotations["job.attempt"],
        id: annotations["messaging.message.id"],
        request: annotations["requestId"],
        outcome: annotations["event.outcome"],
        error: annotations["error.type"]
      }))
      const broken = { level: "ERROR", outcome: "failure", error: "Broken" }
      assert.deepStrictEqual(attempts, [
        { order: 1, request: "breaks-once", attempt: 1, id: "1", ...broken },
        { order: 1, request: "breaks-once", attempt: 2, id: "1", level: "INFO", outcome: "success", error: undefined },
        { order: 2, request: "breaks", attempt: 1, id: "2", ...broken },
        { order: 2, request: "breaks", attempt: 2, id: "2", ...broken },
        { order: 2, request: "breaks", attempt: 3, id: "2", ...broken }
      ])
      assert.strictEqual(JSON.parse(packed.text).status, "packed")
      assert.deepStrictEqual(named(records, "order.packed").map(({ annotations }) => annotations["order"]), [1])
      assert.deepStrictEqual(named(records, "order.given_up").map(({ annotations }) => annotations["order"]), [2])
      const runs = named(records, "refill")
      assert.isAbove(runs.length, 1)
      for (const [index, { annotations, timestamp }] of runs.entries()) {
        assert.strictEqual(annotations["event.outcome"], "success")
        assert.strictEqual(annotations["job.run"], index + 1)
        // The clock of the job ticks in whole seconds.
        const next = Date.parse(String(annotations["job.next"]))
        assert.isTrue(next % 1000 === 0 && next > Date.parse(timestamp) - 1000, String(next))
      }
      const refilled = named(records, "stock.refilled").map(({ annotations }) => Number(annotations["pieces"]))
      assert.strictEqual(refilled.reduce((sum, pieces) => sum + pieces, 0), 10)
      balanced(ended, records)
    }))

  it.live("shows its lanes, and makes no records of who asks for them", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port, program } = yield* startService(file)
      yield* get(port, "/stocktaking?pieces=500")
      const health = yield* Schema.decodeEffect(Health)((yield* get(port, "/health", "health")).text)
      const metrics = yield* get(port, "/metrics", "metrics")
      const usage = yield* get(port, "/", "usage")
      const ended = yield* stop(program, "SIGTERM")
      const records = yield* recordsOf(file)

      assert.strictEqual(health.status, "ok")
      assert.strictEqual(health.lanes["file"]?.status, "ok")
      assert.isAbove(health.lanes["console"]?.accepted ?? 0, 500)
      assert.match(metrics.text, /^spillway_accepted_total\{lane="file"\} \d+$/m)
      assert.match(metrics.text, /^spillway_dropped_total\{.*reason="queue_full".*\} 0$/m)
      for (const line of usage.text.replaceAll("localhost", "127.0.0.1").split("\n").filter((text) => text !== "")) {
        assert.include(ended.stdout, line)
      }
      assert.deepStrictEqual([...ofRequest(records, "health"), ...ofRequest(records, "metrics")], [])
      assert.deepStrictEqual(said(records, "usage", ...outcome), ["INFO", "success", 200, undefined])
      balanced(ended, records)
    }))

  it.live("logs at the level that it is told to, for a scope, and says which levels count", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port, program } = yield* startService(file)
      const set = (query: string) => asked(port, `/level?${query}`, { method: "POST" })
      yield* order(port, "book", 1, "before")
      yield* program.until(/an order was packed/)
      const before = yield* get(port, "/level")
      const refused = yield* set("level=loud")
      const raised = yield* set("level=Debug&scope=worker&minutes=1")
      yield* order(port, "book", 1, "after")
      yield* program.until(/DEBUG.* packing/)
      yield* stop(program, "SIGTERM")
      assert.deepStrictEqual([before.text, raised.text], ["Info\n", "Info,worker=Debug\n"])
      assert.strictEqual(refused.status, 400)
      const debugs = (yield* recordsOf(file)).filter(({ level }) => level === "DEBUG")
      assert.deepStrictEqual(debugs.map(({ annotations, message }) => [message, annotations["scope"]]), [
        ["packing", "worker"]
      ])
    }))

  it.live("makes one record of a request whose client has left", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port, program } = yield* startService(file)
      const leaves = Effect.asVoid(program.until(/counted piece 2 of/))
      yield* left(port, "/stocktaking?millis=20", 0, leaves)
      yield* program.until(/http\.request .*status_code=499/)
      const ended = yield* stop(program, "SIGTERM")
      const records = yield* recordsOf(file)

      const [record, ...others] = named(records, "http.request")
      assert.deepStrictEqual(others, [])
      assert.strictEqual(record?.level, "WARN")
      assert.deepInclude(record?.annotations, { "event.outcome": "interrupted", "http.response.status_code": 499 })
      assert.isAtLeast(Number(record?.annotations["pieces"]), 2)
      assert.strictEqual(record?.annotations["event.lines.info"], record?.annotations["pieces"])
      balanced(ended, records)
    }))

  it.live("SIGTERM stops server, worker, cron and logging in that order, and what is open has one record", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port, program } = yield* startService(file)
      const answer = yield* Deferred.make<Answer, Error>()
      yield* Effect.forkScoped(Deferred.into(get(port, "/stocktaking?millis=1000", "open"), answer))
      yield* program.until(/counted piece 1 of/)
      const ended = yield* stop(program, "SIGTERM")
      const records = yield* recordsOf(file)

      assert.strictEqual((yield* Deferred.await(answer)).status, 503)
      assert.deepStrictEqual(said(records, "open", ...outcome), ["ERROR", "interrupted", 503, "503"])
      assert.deepStrictEqual(records.slice(-3).map(({ message }) => message), [
        "server stopped",
        "worker stopped",
        "cron stopped"
      ])
      assert.isAbove(ended.stdout.indexOf("shutdown: SIGTERM"), ended.stdout.indexOf("cron stopped"))
      balanced(ended, records)
    }))

  it.live("packs what was ordered before it ends", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port, program } = yield* startService(file)
      // Each waits for a tenth of a second, in turn.
      const ordered = [1, 2, 3, 4, 5, 6, 7, 8]
      yield* Effect.forEach(ordered, (n) => order(port, "lamp", 1, `ordered-${n}`), { concurrency: "unbounded" })
      const ended = yield* stop(program, "SIGTERM")
      const records = yield* recordsOf(file)

      const packed = named(records, "order.packed").map(({ annotations }) => annotations["order"])
      assert.deepStrictEqual(packed, ordered)
      assert.strictEqual(named(records, "pack").length, 2 * ordered.length)
      balanced(ended, records)
    }))

  it.live("answers what it has begun before SIGTERM, under load, and the books balance", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port, program } = yield* startService(file)
      const answers = yield* Effect.forkScoped(
        Effect.forEach([1, 2, 3], (n) => get(port, "/stocktaking?pieces=2000", `load-${n}`), { concurrency: 3 })
      )
      yield* Effect.forEach([1, 2, 3], (n) => program.until(new RegExp(`piece 100 of 2000 requestId=load-${n}`)))
      const ended = yield* stop(program, "SIGTERM")
      const records = yield* recordsOf(file)

      const statuses = (yield* Fiber.join(answers)).map(({ status }) => status)
      assert.deepStrictEqual(statuses, [200, 200, 200])
      for (const n of [1, 2, 3]) {
        assert.deepStrictEqual(said(records, `load-${n}`, ...outcome), ["INFO", "success", 200, undefined])
      }
      balanced(ended, records)
    }))

  it.live("LOGGING_* variables go before what the program says; a bad one stops it", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { program } = yield* startService(file, { LOGGING_FORMAT: "logfmt", LOGGING_LEVEL: "Info" })
      const ended = yield* stop(program, "SIGTERM")
      assert.match(ended.stdout, /^timestamp=\S+ level=INFO fiber=#\d+ message="server listens"/m)

      const bad = yield* start("scratchpad/service.ts", [], { env: { PORT: "0", LOGGING_QUEUE_SIZE: "many" } })
      const { code, stderr } = yield* bad.end
      assert.strictEqual(code, 1)
      assert.include(stderr, `LOGGING_QUEUE_SIZE: expected a whole number of at least 1 (records), got "many"`)
    }))

  it.live("a port that is taken is logged, reported and gives exit code 1", () =>
    Effect.gen(function*() {
      const file = yield* temporary("service.ndjson")
      const { port } = yield* startService(file)
      const second = yield* start("scratchpad/service.ts", [], {
        env: { PORT: String(port), LOGGING_FILE: yield* temporary("second.ndjson") }
      })
      const { code, stderr, stdout } = yield* second.end
      assert.strictEqual(code, 1)
      assert.include(stdout, "EADDRINUSE")
      assert.include(stdout, "shutdown: failed after")
      assert.strictEqual(stderr, "")
    }))
})
