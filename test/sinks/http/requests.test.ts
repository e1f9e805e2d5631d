/** What the sink sends, and what it makes of what is answered. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { LogEncoder, LogRecord, type LogSink } from "../../../src/index.ts"
import { durationOf } from "../../../src/options/duration.ts"
import * as HttpSink from "../../../src/sinks/HttpSink.ts"
import { accepted, collector, refused, reset } from "../../servers/Collector.ts"
import { delivery } from "../../servers/delivery.ts"

const lines = { contentType: "application/x-ndjson" }

const records = (count: number, text = "order placed"): ReadonlyArray<LogRecord.LogRecord> =>
  Array.from({ length: count }, (_, seq) => LogRecord.make({ message: `${text} ${seq}`, seq }))

/** A sink that posts to a collector of its own. */
const posting = (options: Partial<HttpSink.Options> = {}, contentType = lines.contentType) =>
  Effect.gen(function*() {
    const far = yield* collector({ contentType })
    return { far, sink: yield* HttpSink.make({ url: far.url, ...options }) }
  })

layer(NodeHttpClient.layerUndici)("HttpSink", (it) => {
  describe("a body", () => {
    it.effect("is lines of JSON with the uid", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* posting()
        const batch = records(3)
        yield* sink.write(batch)
        const encoder = LogEncoder.json({ uid: true })
        assert.strictEqual(
          far.received[0]?.body.toString(),
          batch.map((record) => `${encoder.encode(record)}\n`).join("")
        )
      }))

    it.effect("is an array of JSON, of one record and of many", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* posting({ format: "json-array" }, "application/json")
        for (const count of [1, 1000]) {
          const batch = records(count, "a\nb, [\"c\"]")
          yield* sink.write(batch)
          const items: ReadonlyArray<{ uid: string }> = JSON.parse(String(far.received.at(-1)?.body))
          assert.deepStrictEqual(items.map(({ uid }) => uid), batch.map(({ uid }) => uid))
        }
      }))

    it.effect("is what a function makes of the batch, with its own type", () =>
      Effect.gen(function*() {
        const format = (batch: ReadonlyArray<LogRecord.LogRecord>): string =>
          batch.map(({ seq }) => `é${seq}`).join("|")
        const { far, sink } = yield* posting({ format, contentType: "text/plain" }, "text/plain")
        yield* sink.write(records(2))
        assert.strictEqual(far.received[0]?.body.toString(), "é0|é1")
      }))

    it.effect("is refused with the record for which a function throws, and only with that", () =>
      Effect.gen(function*() {
        const format = (batch: ReadonlyArray<LogRecord.LogRecord>): string => {
          if (batch.some(({ message }) => message === 2)) throw new Error("no number two")
          return batch.map(({ message }) => String(message)).join(" ")
        }
        const { far, sink } = yield* posting({ format }, "application/octet-stream")
        const { books, errors, offer, settled } = yield* delivery(sink)
        offer(5)
        yield* settled
        assert.strictEqual(errors[0]?.message, "the batch could not be encoded: Error: no number two")
        assert.deepInclude(books(), { delivered: 4 })
        assert.strictEqual(books().dropped.rejected_by_server, 1)
        assert.deepStrictEqual(far.stored.map(({ body }) => body.toString()).join(" ").split(" "), ["0", "1", "3", "4"])
      }))

    it.effect("is refused where a function gives neither text nor bytes", () =>
      Effect.gen(function*() {
        const given: unknown = Promise.resolve("one")
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what no compiler has looked at
        const { far, sink } = yield* posting({ format: () => given as string })
        const error = yield* Effect.flip(sink.write(records(1)))
        assert.strictEqual(
          error.message,
          "the batch could not be encoded: TypeError: format must give a text or bytes, it gave an object of Promise"
        )
        assert.lengthOf(far.received, 0)
      }))

    for (const compression of ["gzip", "zstd"] as const) {
      it.effect(`is compressed with ${compression} where that gains something`, () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting({ compression })
          yield* sink.write(records(1))
          yield* sink.write(records(200))
          const [small, large] = far.received
          assert.isUndefined(small?.headers["content-encoding"])
          assert.strictEqual(large?.headers["content-encoding"], compression)
          assert.isBelow((large?.wire.length ?? 0) * 4, large?.body.length ?? 0)
        }))
    }

    for (const compression of ["none", "gzip", "zstd"] as const) {
      it.effect(`is in memory of its own, however many are sent at once and again (compression: ${compression})`, () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting({ compression })
          const batches = Array.from({ length: 12 }, (_, i) => records(500, `${i} ${"x".repeat(200)}`))
          far.next(...batches.map(() => refused(503)))
          yield* Effect.forEach(batches, (batch) => Effect.retry(sink.write(batch), { times: batches.length }), {
            concurrency: "unbounded"
          })
          const encoder = LogEncoder.json({ uid: true })
          const bodies = batches.map((batch) => batch.map((record) => `${encoder.encode(record)}\n`).join(""))
          assert.deepStrictEqual(far.stored.map(({ body }) => body.toString()).toSorted(), bodies.toSorted())
          assert.strictEqual(far.received.length, 2 * batches.length)
          for (const { body } of far.received) assert.include(bodies, body.toString())
        }))
    }

    it.effect("is made once, and has the same bytes and the same name in each attempt", () =>
      Effect.gen(function*() {
        let times = 0
        const format = (batch: ReadonlyArray<LogRecord.LogRecord>): string =>
          `${times++} ${"x".repeat(2000)} ${batch.length}`
        const { far, sink } = yield* posting({ format, compression: "gzip" }, "application/octet-stream")
        far.next(refused(503), reset, refused(429), refused(500))
        const { books, offer, settled } = yield* delivery(sink)
        offer(3)
        yield* settled
        assert.strictEqual(books().delivered, 3)
        assert.strictEqual(times, 1)
        assert.strictEqual(far.received.length, 5)
        assert.strictEqual(new Set(far.received.map(({ wire }) => wire.toString("hex"))).size, 1)
        assert.strictEqual(new Set(far.received.map(({ headers }) => headers["idempotency-key"])).size, 1)
        yield* sink.write(records(1))
        assert.strictEqual(times, 2)
      }))

    it.effect("that would be larger than maxBodyBytes is sent in parts, without a request for the whole", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* posting({ maxBodyBytes: 1000 })
        assert.strictEqual(sink.options.maxBatchBytes, 1000)
        const { books, offer, settled } = yield* delivery(sink, { maxBatchBytes: 100_000 })
        offer(50)
        yield* settled
        assert.strictEqual(books().delivered, 50)
        assert.isAbove(far.received.length, 5)
        for (const { body } of far.received) assert.isAtMost(body.length, 1000)
      }))

    it.effect("has no record above maxRecordBytes", () =>
      Effect.gen(function*() {
        const { sink } = yield* posting({ maxRecordBytes: 1000 })
        const [record] = records(1)
        assert.isDefined(record)
        const size = LogEncoder.json({ uid: true }).encode(record).length + 1
        assert.deepStrictEqual([sink.recordLimit?.maxBytes, sink.recordLimit?.sizeOf(record)], [1000, size])
      }))
  })

  describe("headers", () => {
    it.effect("are those of the program, with the credentials of the URL, and the name of the batch", () =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        const url = new URL(far.url)
        url.username = "reader"
        url.password = "ä:b@c"
        const sink = yield* HttpSink.make({ url, headers: { "X-Api-Key": Redacted.make("key"), "X-Source": "app" } })
        const batch = records(2)
        yield* sink.write(batch)
        const headers = far.received[0]?.headers
        assert.strictEqual(Buffer.from(String(headers?.authorization).slice(6), "base64").toString(), "reader:ä:b@c")
        assert.deepInclude(headers, {
          "x-api-key": "key",
          "x-source": "app",
          "idempotency-key": LogRecord.batchId(batch)
        })
        assert.strictEqual(far.received[0]?.path, "/logs")
      }))

    it.effect("name the batch otherwise, or not at all", () =>
      Effect.gen(function*() {
        const other = yield* posting({ idempotencyHeader: "X-Request-Id" })
        yield* other.sink.write(records(1))
        assert.isString(other.far.received[0]?.headers["x-request-id"])
        const none = yield* posting({ idempotencyHeader: false })
        yield* none.sink.write(records(1))
        assert.isUndefined(none.far.received[0]?.headers["idempotency-key"])
      }))

    it.effect("have nothing of a trace, and a request makes no span", () =>
      Effect.gen(function*() {
        const spans: Array<string> = []
        const { far, sink } = yield* posting()
        yield* sink.write(records(1)).pipe(
          Effect.withSpan("of the program"),
          Effect.provideService(HttpClient.SpanNameGenerator, () => {
            spans.push("made")
            return "http"
          })
        )
        assert.strictEqual(far.received.length, 1)
        assert.deepStrictEqual(spans, [])
      }))
  })

  describe("options that are wrong", () => {
    const sentence = (options: Partial<HttpSink.Options>): string => {
      try {
        void HttpSink.make({ url: "https://logs.example", ...options })
        return "not refused"
      } catch (error) {
        return String(error)
      }
    }

    it("show nothing of a URL but its protocol, and nothing of what a header holds", () => {
      assert.strictEqual(
        sentence({ url: "htps://me:secret@logs.example/secret" }),
        `RangeError: HttpSink.make: url must be a URL with http: or https:, got one with "htps:"`
      )
      assert.include(sentence({ url: "/secret" }), "got a text that is none")
      assert.include(sentence({ url: Redacted.make("ftp://secret") }), `got one with "ftp:"`)
      assert.strictEqual(
        sentence({ headers: { "x-api-key": Redacted.make("secret\n") } }),
        "RangeError: HttpSink.make: headers.x-api-key must be a text that a header can hold, or a Redacted of one"
      )
    })

    it("name the header that the client writes, and the status that there is not", () => {
      assert.include(sentence({ headers: { "Content-Length": "1" } }), `got "Content-Length"`)
      assert.include(sentence({ headers: { "a b": "1" } }), `got "a b"`)
      assert.include(sentence({ statuses: { 99: "delivered" } }), `must have statuses from 200 to 599, got "99"`)
      assert.strictEqual(sentence({ statuses: { 409: "delivered" } }), "not refused")
    })

    it("are an encoder that gives no JSON for an array of it", () => {
      assert.include(
        sentence({ format: "json-array", encoder: LogEncoder.logfmt() }),
        "encoder must be an encoder of JSON"
      )
      assert.strictEqual(sentence({ format: "ndjson", encoder: LogEncoder.logfmt() }), "not refused")
      assert.strictEqual(sentence({ format: "json-array", encoder: LogEncoder.json() }), "not refused")
    })
  })

  it.effect("an encoder of a program that does not encode a record has it written as a marker, and counted", () =>
    Effect.gen(function*() {
      const encoder = LogEncoder.fromRenderer(({ message }) => {
        if (message === 1) throw new Error("no number one")
        return `{"n":${String(message)}}`
      })
      const { far, sink } = yield* posting({ format: "json-array", encoder }, "application/json")
      yield* sink.write([0, 1, 2].map((message) => LogRecord.make({ message })))
      const items: ReadonlyArray<Record<string, unknown>> = JSON.parse(String(far.received[0]?.body))
      assert.deepStrictEqual([items[0], items[2]], [{ n: 0 }, { n: 2 }])
      assert.include(items[1]?.["notEncoded"], "no number one")
      assert.strictEqual(sink.marked?.(), 1)
    }))

  describe("statuses", () => {
    const meanings: ReadonlyArray<readonly [LogSink.Reason["_tag"] | "delivered", ReadonlyArray<number>]> = [
      ["delivered", [200, 201, 202, 204, 206, 299]],
      ["Unavailable", [408, 421, 425, 429, 500, 502, 503, 504, 507, 599]],
      ["TooLarge", [413]],
      ["Misconfigured", [300, 304, 401, 402, 403, 404, 405, 407, 410, 411, 414, 415, 426, 431, 451, 501, 505, 511]],
      ["Rejected", [400, 406, 409, 412, 418, 422, 423, 424, 428, 499]]
    ]
    for (const [tag, all] of meanings) {
      it.effect(`${all.join(", ")}: ${tag}`, () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting()
          for (const status of all) {
            far.next(refused(status))
            const ended = yield* Effect.result(sink.write(records(1)))
            assert.strictEqual(ended._tag === "Success" ? "delivered" : ended.failure.reason._tag, tag, String(status))
            if (ended._tag === "Success") continue
            assert.include(ended.failure.message, `127.0.0.1:${far.port} answered ${status}`)
            const { reason } = ended.failure
            if (reason._tag === "Unavailable") assert.strictEqual(reason.ambiguous, status >= 500 && status !== 503)
          }
        }))
    }

    it.effect("mean what the program says, in place of that", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* posting({ statuses: { 409: "delivered", 204: "rejected", 400: "unavailable" } })
        const tags: Array<string> = []
        for (const status of [409, 204, 400, 422]) {
          far.next(refused(status))
          const ended = yield* Effect.result(sink.write(records(1)))
          tags.push(ended._tag === "Success" ? "delivered" : ended.failure.reason._tag)
        }
        assert.deepStrictEqual(tags, ["delivered", "Rejected", "Unavailable", "Rejected"])
      }))

    it.effect("are believed also where the client fails for them", () =>
      Effect.gen(function*() {
        const far = yield* collector(lines)
        far.next(refused(413))
        const strict = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
        const sink = yield* Effect.provideService(HttpSink.make({ url: far.url }), HttpClient.HttpClient, strict)
        assert.strictEqual((yield* Effect.flip(sink.write(records(1)))).reason._tag, "TooLarge")
      }))

    it.effect("with Retry-After are tried again then, by the clock of the server", () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(Date.parse("2026-01-01T00:00:00Z"))
        const { far, sink } = yield* posting()
        far.next(
          refused(503, { "retry-after": "7" }),
          refused(429, {
            date: "Thu, 01 Jan 2026 01:00:00 GMT",
            "retry-after": "Thu, 01 Jan 2026 01:00:09 GMT"
          }),
          accepted
        )
        const waits: Array<unknown> = []
        for (let i = 0; i < 2; i++) {
          const { reason } = yield* Effect.flip(sink.write(records(1)))
          waits.push(
            reason._tag === "Unavailable" ? Duration.toSeconds(durationOf(reason.retryAfter ?? 0)) : reason._tag
          )
        }
        assert.deepStrictEqual(waits, [7, 9])
      }))
  })
})

layer(NodeHttpClient.layerFetch)("HttpSink with fetch", (it) => {
  it.effect("keeps what else the program tells fetch", () =>
    Effect.gen(function*() {
      const { far, sink } = yield* Effect.provideService(posting(), FetchHttpClient.RequestInit, {
        headers: { "x-init": "kept" },
        redirect: "follow"
      })
      far.next(refused(307, { location: "/elsewhere" }))
      assert.strictEqual((yield* Effect.flip(sink.write(records(1)))).reason._tag, "Misconfigured")
      assert.strictEqual(far.received[0]?.headers["x-init"], "kept")
      assert.strictEqual(far.elsewhere.length, 0)
    }))
})
