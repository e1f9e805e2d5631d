/** What becomes of records on their way through a lane to a server that takes bulk requests. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { LogRecord, LogSink } from "../../../src/index.ts"
import * as ElasticsearchSink from "../../../src/sinks/ElasticsearchSink.ts"
import { answerOf, type Bulk, bulk, busy, failed, type Item } from "../../servers/bulk.ts"
import { refused, type Reply, reset, said } from "../../servers/Collector.ts"
import { delivery } from "../../servers/delivery.ts"
import { makeLane } from "../../support/lanes.ts"

const recordOf = (seq: number, annotations: Readonly<Record<string, unknown>> = {}): LogRecord.LogRecord =>
  LogRecord.make({ message: `order ${seq}`, seq, annotations, time: Date.UTC(2026, 0, 1) + seq })

const records = (count: number): ReadonlyArray<LogRecord.LogRecord> =>
  Array.from({ length: count }, (_, seq) => recordOf(seq))

/** The lane of a sink that tries again at once, with its dead letters. */
const through = (server: Bulk, more: Partial<LogSink.LaneOptions> = {}) =>
  Effect.gen(function*() {
    const letters: Array<LogSink.DeadLetter> = []
    const sink = yield* ElasticsearchSink.make({ url: server.url })
    const { diagnostics, lane } = yield* makeLane(LogSink.withOptions(sink, {
      batchWindow: 0,
      breaker: false,
      retry: LogSink.exponentialRetry({ base: 0, times: 100 }),
      deadLetter: (given) => letters.push(...given),
      ...more
    }))
    return {
      letters,
      diagnostics,
      books: () => lane.books(),
      deliver: (batch: ReadonlyArray<LogRecord.LogRecord>) =>
        Effect.suspend(() => {
          for (const record of batch) lane.inlet.offer(record, LogRecord.severityOf(record.level))
          return lane.flush
        })
    }
  })

const final = new Set([200, 201, 400, 409])

/** No document is sent again for which the server has said that it is settled. */
const sentOnce = ({ sent }: Bulk): void => {
  const settled = new Set<string>()
  for (const request of sent) {
    for (const [id, status] of request) {
      assert.isFalse(settled.has(id), `${id} was sent again`)
      if (final.has(status)) settled.add(id)
    }
  }
}

layer(NodeHttpClient.layerUndici)("ElasticsearchSink", (it) => {
  describe("a request", () => {
    const headersOf = (options: Partial<ElasticsearchSink.Options>) =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const sink = yield* ElasticsearchSink.make({ url: server.url, ...options })
        yield* sink.write(records(1))
        return server.far.received[0]?.headers
      })

    it.effect("goes to the data stream, compressed, and asks for nothing that is not needed", () =>
      Effect.gen(function*() {
        const server = yield* bulk("/proxied/es/logs-orders-prod/_bulk")
        const sink = yield* ElasticsearchSink.make({
          url: `${server.url}/proxied/es/`,
          dataset: "orders",
          namespace: "prod",
          pipeline: "cleaned up",
          requireDataStream: true
        })
        yield* sink.write(records(100))
        const [received] = server.far.received
        assert.strictEqual(received?.headers["content-encoding"], "gzip")
        const { searchParams } = new URL(String(received?.path), server.url)
        assert.deepStrictEqual(Object.fromEntries(searchParams), {
          filter_path: "errors,items.*.status,items.*.error.type,items.*.error.reason",
          pipeline: "cleaned up",
          require_data_stream: "true"
        })
        assert.strictEqual(server.stored.length, 100)
        assert.strictEqual(server.far.elsewhere.length, 0)
      }))

    it.effect("goes to an index, an alias or a stream that has another name", () =>
      Effect.gen(function*() {
        const server = yield* bulk("/orders-%C3%A4/_bulk")
        const sink = yield* ElasticsearchSink.make({ url: server.url, index: "orders-ä", requireAlias: true })
        yield* sink.write(records(1))
        assert.include(String(server.far.received[0]?.path), "&require_alias=true")
      }))

    it.effect("says who the program is", () =>
      Effect.gen(function*() {
        const authorization = (auth: ElasticsearchSink.Auth) =>
          Effect.map(headersOf({ auth }), (headers) => headers?.authorization)
        assert.strictEqual(yield* authorization({ apiKey: Redacted.make("a2V5") }), "ApiKey a2V5")
        assert.strictEqual(yield* authorization({ bearer: "t0ken" }), "Bearer t0ken")
        assert.strictEqual(
          yield* authorization({ username: "writer", password: Redacted.make("größe:1") }),
          `Basic ${Buffer.from("writer:größe:1").toString("base64")}`
        )
        assert.isUndefined((yield* headersOf({}))?.authorization)
      }))
  })

  describe("records that are answered one by one", () => {
    it.effect("F11: are stored, tried again alone or given up alone, and nothing is sent twice that is settled", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const { books, deliver, diagnostics, letters } = yield* through(server)
        const unfit = failed(400, "document_parsing_exception", "[1:9] failed to parse field [data.a] of type [long]")
        const first = new Map([[1, unfit], [2, busy], [4, failed(503, "unavailable_shards_exception")], [7, unfit]])
        yield* server.script((position) => first.get(position))
        yield* server.script((position) => position === 1 ? busy : undefined)
        const batch = records(10)
        yield* deliver(batch)
        const idsOf = (...positions: ReadonlyArray<number>) => positions.map((position) => batch[position]!.uid)
        assert.deepStrictEqual(server.sent.map((request) => [...request.keys()]), [
          batch.map(({ uid }) => uid),
          idsOf(2, 4),
          idsOf(4)
        ])
        sentOnce(server)
        assert.deepInclude(books(), { delivered: 8, deadLettered: 2, retrying: 0, inFlight: 0 })
        assert.deepStrictEqual(letters.map(({ record }) => record.uid), idsOf(1, 7))
        for (const { attempts, lastError, reason } of letters) {
          assert.strictEqual(reason, "rejected_by_server")
          assert.strictEqual(lastError, "document_parsing_exception: failed to parse field [data.a] of type [long]")
          assert.strictEqual(attempts, 1)
        }
        assert.notInclude(diagnostics.join("\n"), "failed to parse")
      }))

    it.effect("F12: that a mapping does not take are refused with the reason of the server, which quotes nothing", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const { books, deliver, diagnostics, letters } = yield* through(server)
        yield* deliver([
          recordOf(0, { order: 7 }),
          recordOf(1, { order: "hunter2" }),
          recordOf(2, { order: { id: "hunter2" } }),
          recordOf(3, { order: "8" }),
          recordOf(4, { "order.id": 9 })
        ])
        assert.deepStrictEqual(letters.map(({ lastError, record }) => [record.seq, lastError]), [
          [1, "document_parsing_exception: failed to parse field [attributes.order] of type [long]"],
          [2, "document_parsing_exception: failed to parse field [attributes.order] of type [long]"],
          [4, "document_parsing_exception: failed to parse field [attributes.order] of type [long]"]
        ])
        assert.deepInclude(books(), { delivered: 2, deadLettered: 3 })
        assert.notInclude(diagnostics.join("\n"), "hunter2")
      }))

    it.effect("end as they were answered, whatever the mixture", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const { books, deliver, letters } = yield* through(server, { maxBatchSize: 19 })
        let seed = 20_261_128
        const random = (): number => {
          seed = (seed * 48_271) % 2_147_483_647
          return seed / 2_147_483_647
        }
        const answers: ReadonlyArray<Item | undefined> = [
          undefined,
          busy,
          failed(500, "timeout_exception"),
          failed(400, "mapper_parsing_exception")
        ]
        const count = 300
        for (let i = 0; i < 40; i++) {
          yield* server.script(() => random() < 0.5 ? undefined : answers[Math.floor(random() * answers.length)])
        }
        const batch = records(count)
        yield* deliver(batch)
        sentOnce(server)
        const given = new Set(letters.map(({ record }) => record.uid))
        assert.isAbove(given.size, 10)
        assert.isAbove(server.sent.length, count / 19 + 5)
        assert.deepInclude(books(), { delivered: count - given.size, deadLettered: given.size })
        const missing = batch.filter(({ uid }) => !given.has(uid) && !server.ids.includes(uid))
        assert.deepStrictEqual(missing, [])
        assert.strictEqual(new Set(server.ids).size, count - given.size)
        assert.strictEqual(server.ids.length, count - given.size)
      }))

    it.effect("are there once or given up once, whatever is answered that tells nothing of them", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const { books, deliver, letters } = yield* through(server, { maxBatchSize: 23 })
        const answered = (change: (items: ReadonlyArray<Item>) => string): Reply => ({ received, response }) => {
          response.writeHead(200).end(change(server.take(received)))
        }
        const replies: ReadonlyArray<Reply> = [
          answered(() => "<html>Welcome</html>"),
          answered(() => ""),
          answered((items) => answerOf(items.slice(1))),
          answered((items) => answerOf([...items, { status: 201 }])),
          answered((items) => answerOf(items).slice(0, -2)),
          answered((items) => answerOf(items).replaceAll("create", "index")),
          answered((items) => answerOf(items).replace(/"errors":\w+/, `"errors":false`)),
          ({ received, response }) => {
            server.take(received)
            response.destroy()
          },
          refused(413),
          refused(503),
          ({ response }) => response.writeHead(200).end(`{"errors":false,"items":[]}`)
        ]
        for (let i = 0; i < 5; i++) server.far.next(...replies)
        const batch = Array.from({ length: 200 }, (_, seq) => recordOf(seq, { order: seq % 7 === 3 ? "none" : seq }))
        yield* deliver(batch)
        const given = new Set(letters.map(({ record }) => record.uid))
        assert.deepStrictEqual([...given], batch.filter(({ seq }) => seq % 7 === 3).map(({ uid }) => uid))
        assert.strictEqual(new Set(server.ids).size, server.ids.length)
        for (const { uid } of batch) assert.strictEqual(server.ids.includes(uid), !given.has(uid), uid)
        assert.deepInclude(books(), { delivered: 200 - given.size, deadLettered: given.size })
      }))

    it.effect("that are there already are delivered, and are there once", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const { books, deliver, letters } = yield* through(server)
        server.far.next((exchange) => {
          server.take(exchange.received)
          reset(exchange)
        })
        yield* deliver(records(20))
        assert.deepStrictEqual(server.sent.map((request) => [...new Set(request.values())]), [[201], [409]])
        assert.strictEqual(server.stored.length, 20)
        assert.deepInclude(books(), { delivered: 20, deadLettered: 0 })
        assert.strictEqual(letters.length, 0)
      }))

    it.effect("are kept where there is no index for them, until there is one", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const sink = yield* ElasticsearchSink.make({ url: server.url })
        const { books, errors, failed: failure, offer, settled } = yield* delivery(sink)
        yield* server.script(() => failed(404, "index_not_found_exception", "no such index [logs-generic-default]"))
        offer(3)
        const waiting = yield* Effect.forkChild(settled, { startImmediately: true })
        const { message, reason } = yield* failure
        assert.strictEqual(reason._tag, "Misconfigured")
        assert.strictEqual(message, `127.0.0.1:${server.far.port} takes no records (index_not_found_exception)`)
        yield* TestClock.adjust("30 seconds")
        yield* Fiber.join(waiting)
        assert.strictEqual(books().delivered, 3)
        assert.strictEqual(errors.length, 1)
      }))
  })

  describe("an answer", () => {
    it.effect("F17: with a long reason for each of many records is read to its end", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const sink = yield* ElasticsearchSink.make({ url: server.url })
        yield* server.script((position) => failed(400, "mapper_parsing_exception", `${position} ${"x".repeat(1000)}`))
        const { reason } = yield* Effect.flip(sink.write(records(512)))
        if (reason._tag !== "PerRecord") return assert.fail(reason._tag)
        const { refused = [] } = reason
        assert.strictEqual(refused.length, 512)
        assert.match(String(refused.at(-1)?.message), /^mapper_parsing_exception: 511 x/)
      }))

    it.effect("F17: above 4 MiB tells of the first records, and the batch ends all the same", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const { books, deliver, letters } = yield* through(server)
        yield* server.script((position) =>
          failed(400, "mapper_parsing_exception", `${position} ${"x".repeat(500_000)}`)
        )
        yield* deliver(records(10))
        assert.deepStrictEqual(server.sent.map(({ size }) => size), [10, 2])
        assert.deepInclude(books(), { delivered: 2, deadLettered: 8 })
        assert.strictEqual(letters.length, 8)
      }))

    it.effect("F17: above 4 MiB for one record says nothing", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const sink = yield* ElasticsearchSink.make({ url: server.url })
        server.far.next(said(200, answerOf([{ status: 201, error: { type: "t", reason: "x".repeat(5_000_000) } }])))
        const { reason } = yield* Effect.flip(sink.write(records(1)))
        assert.deepInclude(reason, { _tag: "Unavailable", ambiguous: true })
      }))

    it.effect("F9: of 413 has the batch sent in parts", () =>
      Effect.gen(function*() {
        const server = yield* bulk()
        const { books, deliver } = yield* through(server)
        server.far.next(refused(413))
        yield* deliver(records(10))
        assert.strictEqual(server.far.received.length, 3)
        assert.strictEqual(books().delivered, 10)
        sentOnce(server)
      }))
  })
})
