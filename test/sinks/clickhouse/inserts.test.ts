/** What is sent to ClickHouse, and what its exceptions mean. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it as test, layer } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { LogRecord, LogSink } from "../../../src/index.ts"
import { durationOf } from "../../../src/options/duration.ts"
import { errorOf, exceptions } from "../../../src/sinks/clickhouse/exceptions.ts"
import * as ClickHouseSink from "../../../src/sinks/ClickHouseSink.ts"
import type { Answer } from "../../../src/sinks/http/answer.ts"
import { collector, refused, type Reply, said } from "../../servers/Collector.ts"
import { delivery } from "../../servers/delivery.ts"
import { sentenceOf } from "../../support/mistakes.ts"
import { rowsOf } from "./judge.ts"

const contentType = "text/plain; charset=utf-8"

const inserting = (options: Partial<ClickHouseSink.Options> = {}) =>
  Effect.gen(function*() {
    const far = yield* collector({ contentType, path: "/" })
    far.always = said(200, "")
    return { far, sink: yield* ClickHouseSink.make({ url: far.url, table: "logs", ...options }) }
  })

const records = (count: number): ReadonlyArray<LogRecord.LogRecord> =>
  Array.from({ length: count }, (_, seq) => LogRecord.make({ message: seq, seq }))

const inHeader = (status: number, code: number, more: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { "x-clickhouse-exception-code": String(code), ...more },
  body: "",
  bytes: new Uint8Array(),
  isCut: false,
  at: 0
})

/** As version 18.16 says it, and as later ones do. */
const inBody = (status: number, code: number): ReadonlyArray<Answer> =>
  [
    `Code: ${code}, e.displayText() = DB::Exception: no (at row 1)\n, e.what() = DB::Exception\n`,
    `Code: ${code}. DB::Exception: no. (NO) (version 26.7.2.1)\n`,
    `{"exception": "Code: ${code}. DB::Exception: no. (NO) (version 24.1.1.1)"}\n`,
    `\n__exception__\r\nabcdefgh\r\nCode: ${code}. DB::Exception: no. (NO) (version 26.7.2.1)\n`
  ].map((body) => ({ status, headers: {}, body, bytes: new Uint8Array(), isCut: false, at: 0 }))

const exception = (status: number, code: number): Reply =>
  refused(status, { "x-clickhouse-exception-code": String(code) })

layer(NodeHttpClient.layerUndici)("ClickHouseSink", (it) => {
  describe("an insert", () => {
    it.effect("is a statement with a row of texts for each record", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* inserting()
        const record = LogRecord.make({
          message: ["order\nplaced", { total: 12.5 }],
          level: "Warn",
          time: Date.parse("2026-01-02T03:04:05.678Z"),
          seq: 7,
          cause: [{ kind: "Fail", error: "no stock" }],
          annotations: { order: 1042, user: { name: "Ada \"A\"" } },
          traceId: "0af7651916cd43dd8448eb211c80319c",
          spanId: "b7ad6b7169203331"
        })
        yield* sink.write([record, ...records(1)])
        const [received] = far.received
        assert.isDefined(received)
        assert.strictEqual(received.body.toString().split("\n")[0], "INSERT INTO `logs` FORMAT JSONEachRow")
        assert.deepStrictEqual(rowsOf(received), [
          {
            uid: record.uid,
            seq: 7,
            timestamp: "2026-01-02T03:04:05.678Z",
            level: "WARN",
            message: "order\nplaced",
            data: `{"total":12.5}`,
            cause: "no stock",
            trace_id: "0af7651916cd43dd8448eb211c80319c",
            span_id: "b7ad6b7169203331",
            attributes: `{"order":1042,"user":{"name":"Ada \\"A\\""}}`
          },
          {
            uid: "made0",
            seq: 0,
            timestamp: "1970-01-01T00:00:00.000Z",
            level: "INFO",
            message: "0",
            data: "",
            cause: "",
            trace_id: "",
            span_id: "",
            attributes: "{}"
          }
        ])
        for (const name of ["x-clickhouse-user", "x-clickhouse-key", "authorization"]) {
          assert.isUndefined(received.headers[name])
        }
      }))

    it.effect("quotes names, and has the settings of the program in the place of its own", () =>
      Effect.gen(function*() {
        const settings = { insert_quorum: 2, date_time_input_format: "basic" }
        const { far, sink } = yield* inserting({ database: "a`b", table: "c\\d e", settings })
        yield* sink.write(records(1))
        const [received] = far.received
        assert.strictEqual(
          received?.body.toString().split("\n")[0],
          "INSERT INTO `a\\`b`.`c\\\\d e` FORMAT JSONEachRow"
        )
        assert.deepStrictEqual(Object.fromEntries(new URL(String(received?.path), far.url).searchParams), {
          date_time_input_format: "basic",
          input_format_skip_unknown_fields: "1",
          insert_quorum: "2"
        })
      }))

    it.effect("is named by its records where that is asked for, and by others when it is split", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* inserting({ deduplicate: true })
        const batch = records(4)
        far.next(exception(500, 252), exception(500, 27))
        yield* Effect.flip(sink.write(batch))
        yield* Effect.flip(sink.write(batch))
        yield* sink.write(batch.slice(0, 2))
        const names = far.received.map(({ body }) =>
          / SETTINGS insert_deduplication_token='([\w-]+)' FORMAT /.exec(body.toString())?.[1]
        )
        assert.deepStrictEqual(names, [
          LogRecord.batchId(batch),
          LogRecord.batchId(batch),
          LogRecord.batchId(batch.slice(0, 2))
        ])
      }))

    it.effect("is large where the lane fills, because each makes a part of the table", () =>
      Effect.gen(function*() {
        const { sink } = yield* inserting()
        assert.deepInclude(sink.options, { maxBatchSize: 4096, maxBatchBytes: 4 * 1024 * 1024 })
        const { sink: other } = yield* inserting({ maxBatchSize: 10 })
        assert.strictEqual(other.options.maxBatchSize, 10)
      }))
  })

  describe("an exception", () => {
    const tags = {
      rejected: "Rejected",
      misconfigured: "Misconfigured",
      unavailable: "Unavailable",
      unknown: "Unavailable"
    }

    test("means what the table says, whatever the status is, in the header and in the body", () => {
      for (const [code, { meaning, name }] of exceptions) {
        for (const status of [200, 400, 401, 404, 413, 500, 503]) {
          for (const answer of [inHeader(status, code), ...inBody(status, code)]) {
            const { message, reason } = errorOf(answer, "far") ?? {}
            assert.strictEqual(message, `far answered with exception ${code} (${name})`)
            assert.strictEqual(reason?._tag, tags[meaning])
            if (reason?._tag === "Unavailable") assert.strictEqual(reason.ambiguous, meaning === "unknown")
          }
        }
      }
    })

    test("the table has those that were met, and tells them apart", () => {
      const meaning = (...codes: ReadonlyArray<number>) =>
        codes.map((code) => `${code} ${exceptions.get(code)?.meaning}`)
      assert.deepStrictEqual(
        meaning(26, 27, 38, 41, 53, 117),
        [26, 27, 38, 41, 53, 117].map((code) => `${code} rejected`)
      )
      assert.deepStrictEqual(
        meaning(60, 81, 115, 192, 194, 497, 516),
        [60, 81, 115, 192, 194, 497, 516].map((code) => `${code} misconfigured`)
      )
      assert.deepStrictEqual(
        meaning(160, 202, 241, 242, 252),
        [160, 202, 241, 242, 252].map((code) => `${code} unavailable`)
      )
      assert.deepStrictEqual(
        meaning(159, 209, 210, 319, 999),
        [159, 209, 210, 319, 999].map((code) => `${code} unknown`)
      )
    })

    test("that nobody knows is tried again, and may have been stored", () => {
      for (const status of [200, 400, 500]) {
        const { message, reason } = errorOf(inHeader(status, 12_345, { "retry-after": "7" }), "far") ?? {}
        assert.strictEqual(message, "far answered with exception 12345")
        assert.strictEqual(reason?._tag, "Unavailable")
        if (reason?._tag !== "Unavailable") continue
        assert.strictEqual(reason.ambiguous, true)
        assert.strictEqual(Duration.toSeconds(durationOf(reason.retryAfter ?? 0)), 7)
      }
    })

    test("is none where there is no code, and the status is believed", () => {
      const headers = { "x-clickhouse-exception-code": "none" }
      const tagOf = (status: number) =>
        errorOf({ status, headers, body: "Error: Code 27, say", bytes: new Uint8Array(), isCut: false, at: 0 }, "far")
          ?.reason._tag
      assert.deepStrictEqual([400, 403, 404, 413, 503].map(tagOf), [
        "Rejected",
        "Misconfigured",
        "Misconfigured",
        "TooLarge",
        "Unavailable"
      ])
    })

    test("is looked for in all that is said, and an insert that is done says nothing", () => {
      const said = (status: number, body: string) =>
        errorOf({ status, headers: {}, body, bytes: new Uint8Array(), isCut: false, at: 0 }, "far")
      for (const [status, body] of [[200, ""], [200, "\n"], [204, ""]] as const) assert.isUndefined(said(status, body))
      for (const body of ["<html>Log in</html>", "Ok.\n", "Code: 2", "__exception__"]) {
        const { message, reason } = said(200, body) ?? {}
        assert.strictEqual(message, "far answered 200 with what does not say that rows are stored")
        assert.deepInclude(reason, { _tag: "Unavailable", ambiguous: true })
      }
    })

    it.effect("F10: that refuses a row refuses all of them, until the lane has found it", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* inserting()
        far.always = ({ received, response, store }) => {
          const isPoisoned = rowsOf(received).some(({ message }) => message === "3")
          if (!isPoisoned) store()
          response.writeHead(isPoisoned ? 500 : 200).end(isPoisoned ? "Code: 27, e.displayText() = no" : "")
        }
        const { books, offer, settled } = yield* delivery(sink)
        offer(8)
        yield* settled
        assert.strictEqual(books().delivered, 7)
        assert.strictEqual(books().dropped.rejected_by_server, 1)
        assert.deepStrictEqual(far.stored.flatMap(rowsOf).map(({ message }) => message), [
          "0",
          "1",
          "2",
          "4",
          "5",
          "6",
          "7"
        ])
      }))
  })

  describe("options that are wrong", () => {
    const sentence = (options: Partial<ClickHouseSink.Options>): string =>
      sentenceOf(() => ClickHouseSink.make({ url: "http://localhost:8123", table: "logs", ...options }))

    it("are names that SQL would end, and settings that are none", () => {
      assert.include(
        sentence({ table: "a\nb" }),
        "table must be a name that is not blank and has no control characters"
      )
      assert.include(sentence({ database: " " }), "database must be a name that is not blank")
      assert.include(
        sentence({ settings: { "a b": 1 } }),
        "settings must be an object of settings, each a text or a number"
      )
      assert.include(sentence({ settings: { a: Number.NaN } }), "settings must be")
      assert.strictEqual(sentence({ settings: { max_threads: 1, format: "x" } }), "not refused")
    })

    it("are a password that is no Redacted, and it is not shown", () => {
      // As a program without types gives it.
      const options = { url: "http://localhost:8123", table: "logs", password: "secret" }
      const shown = sentenceOf(() => Reflect.apply(ClickHouseSink.make, undefined, [options]))
      assert.include(shown, "password must be a Redacted of a text that a header can hold, got a text")
      assert.notInclude(shown, "secret")
    })
  })

  it.effect("an outage is none for a lane that has a schedule", () =>
    Effect.gen(function*() {
      const { far, sink } = yield* inserting()
      far.next(...Array.from({ length: 5 }, () => exception(500, 252)))
      const { books, errors, offer, settled } = yield* delivery(sink, {
        retry: LogSink.exponentialRetry({ base: 0, times: 5 })
      })
      offer(3)
      yield* settled
      assert.deepStrictEqual([books().delivered, errors.length, far.stored.length], [3, 5, 1])
    }))
})
