/** What the sink pushes, read as Loki does. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Cause, Effect, Logger, Redacted } from "effect"
import { LogEncoder, LogRecord } from "../../../src/index.ts"
import * as LokiSink from "../../../src/sinks/LokiSink.ts"
import { entriesOf, type Entry, loki, pushed, streamOf } from "../../servers/loki.ts"
import { makeSnapshot } from "../../support/capture.ts"
import { makeLane } from "../../support/lanes.ts"

type Fields = Parameters<typeof LogRecord.make>[0]

const labels = { service_name: "orders" }

const record = (fields: Partial<Fields> = {}): LogRecord.LogRecord =>
  LogRecord.make({ message: "order placed", time: 1_000_000, ...fields })

/** What Loki has of a batch. */
const pushing = (batch: ReadonlyArray<LogRecord.LogRecord>, options: Partial<LokiSink.Options> = {}) =>
  Effect.gen(function*() {
    const far = yield* loki()
    const warnings: Array<unknown> = []
    const sink = yield* LokiSink.make({ url: new URL(far.url).origin, labels, ...options })
    const write = (records: ReadonlyArray<LogRecord.LogRecord>) =>
      Effect.provideService(
        sink.write(records),
        Logger.CurrentLoggers,
        new Set([Logger.make(({ message }) => warnings.push(message))])
      )
    yield* write(batch)
    const [received] = far.received
    assert.isDefined(received)
    const streams = pushed(received)
    return { far, received, sink, streams, warnings, write, entries: entriesOf(received), ...streams[0]![0]! }
  })

/** The structured metadata of a record, without its uid. */
const metadataOf = (fields: Partial<Fields>, options: Partial<LokiSink.Options> = {}) =>
  Effect.map(pushing([record(fields)], { uid: false, ...options }), ({ metadata }) => metadata)

const texts = (entries: ReadonlyArray<Entry>): ReadonlyArray<unknown> =>
  entries.map(({ line }) => JSON.parse(line).message)

layer(NodeHttpClient.layerUndici)("LokiSink", (it) => {
  describe("a request", () => {
    it.effect("is a POST of JSON to the path of Loki, for the tenant, with headers and credentials", () =>
      Effect.gen(function*() {
        const far = yield* loki({ path: "/base/loki/api/v1/push" })
        const url = `http://reader:pass@127.0.0.1:${far.port}/base/`
        const sink = yield* LokiSink.make({
          url,
          labels,
          tenant: "team-a",
          headers: { "x-api-key": Redacted.make("key") }
        })
        yield* sink.write([record()])
        const [received] = far.stored
        assert.deepInclude(received?.headers, {
          "content-type": "application/json",
          "x-scope-orgid": "team-a",
          "x-api-key": "key",
          authorization: `Basic ${btoa("reader:pass")}`
        })
        assert.strictEqual(far.elsewhere.length, 0)
      }))

    it.effect("goes to a URL that has the path already", () =>
      Effect.gen(function*() {
        const far = yield* loki()
        for (const url of [far.url, new URL(far.url), Redacted.make(far.url)]) {
          yield* (yield* LokiSink.make({ url, labels })).write([record()])
        }
        assert.strictEqual(far.stored.length, 3)
        assert.isUndefined(far.stored[0]?.headers["x-scope-orgid"])
      }))

    it.effect("is compressed with gzip from 1 KiB on, unless that is turned off", () =>
      Effect.gen(function*() {
        const batch = Array.from({ length: 100 }, (_, place) => record({ place, seq: place }))
        const { received } = yield* pushing(batch)
        assert.strictEqual(received.headers["content-encoding"], "gzip")
        assert.isBelow(received.wire.length * 4, received.body.length)
        const plain = yield* pushing(batch, { compression: "none" })
        assert.isUndefined(plain.received.headers["content-encoding"])
        const small = yield* pushing([record()])
        assert.isUndefined(small.received.headers["content-encoding"])
      }))
  })

  describe("labels", () => {
    it.effect("are the fixed ones and the level: a stream for each level, and all in one where that is no label", () =>
      Effect.gen(function*() {
        const batch = LogRecord.levels.map((level, place) => record({ level, place }))
        const { streams } = yield* pushing(batch)
        assert.deepStrictEqual(
          streams.map(([entry]) => entry?.labels),
          ["trace", "debug", "info", "warn", "error", "fatal"].map((level) => ({ service_name: "orders", level }))
        )
        const named = yield* pushing(batch, { levelLabel: "severity" })
        assert.deepStrictEqual(named.labels, { ...labels, severity: "trace" })
        const one = yield* pushing(batch, { levelLabel: false })
        assert.deepStrictEqual(one.labels, labels)
        assert.deepStrictEqual(one.entries.map(({ metadata }) => metadata["level"]), [
          "trace",
          "debug",
          "info",
          "warn",
          "error",
          "fatal"
        ])
      }))

    it.effect("are annotations as well, where they are texts, numbers or booleans, and not metadata then", () =>
      Effect.gen(function*() {
        const values: ReadonlyArray<unknown> = ["eu", 7, true, "", { a: 1 }, null, "é".repeat(1025), "é".repeat(1024)]
        const batch = values.map((zone, place) => record({ annotations: { "cloud.zone": zone, other: "x" }, place }))
        const { entries } = yield* pushing(batch, { labelsFrom: ["cloud.zone"] })
        assert.deepStrictEqual(
          entries.map(({ labels: { cloud_zone: zone } }) => zone),
          ["eu", "7", "true", undefined, undefined, undefined, undefined, "é".repeat(1024)]
        )
        assert.deepStrictEqual(entries.map(({ metadata }) => metadata["cloud_zone"]?.slice(0, 4)), [
          undefined,
          undefined,
          undefined,
          "",
          undefined,
          "null",
          "éééé",
          undefined
        ])
        assert.strictEqual(entries[4]?.metadata["cloud_zone_a"], "1")
        assert.isTrue(entries.every(({ metadata }) => metadata["other"] === "x"))
      }))

    it.effect("with one name are kept apart", () =>
      Effect.gen(function*() {
        const annotations = { "a.b": "1", "a b": "2", service_name: "3", level: "4" }
        const { labels: all } = yield* pushing([record({ annotations })], { labelsFrom: Object.keys(annotations) })
        assert.deepStrictEqual(all, {
          ...labels,
          level: "info",
          a_b: "1",
          a_b_2: "2",
          service_name_2: "3",
          level_2: "4"
        })
      }))

    it.effect("that have more values than they may are metadata from then on, which is said once", () =>
      Effect.gen(function*() {
        const of = (user: number) => record({ annotations: { user, zone: "eu" }, place: user })
        const users = Array.from({ length: 100 }, (_, user) => of(user))
        const { far, streams, warnings, write } = yield* pushing(users, { labelsFrom: ["user", "zone"] })
        assert.strictEqual(streams.length, 100)
        yield* write(users)
        assert.deepStrictEqual(warnings, [])
        yield* write([of(3), of(100), of(4), of(101)])
        assert.deepStrictEqual(warnings, [[
          `the label "user" has more than 100 values and is structured metadata from now on: take it out of labelsFrom, ` +
          "or allow more with maxLabelValues"
        ]])
        yield* write([of(5), of(102)])
        assert.strictEqual(warnings.length, 1)
        const [, , third, last] = far.received
        assert.isDefined(third)
        assert.isDefined(last)
        assert.deepStrictEqual(pushed(third).map((stream) => [streamOf(stream[0]!.labels), stream.length]), [
          [`{level="info", service_name="orders", user="3", zone="eu"}`, 1],
          [`{level="info", service_name="orders", zone="eu"}`, 3]
        ])
        assert.deepStrictEqual(entriesOf(last).map(({ labels: { zone }, metadata: { user } }) => [zone, user]), [
          ["eu", "5"],
          ["eu", "102"]
        ])
      }))
  })

  describe("structured metadata", () => {
    it.effect("is what is known of a record, as texts", () =>
      Effect.gen(function*() {
        const one = record({
          seq: 7,
          fiberId: 12,
          traceId: "a".repeat(32),
          spanId: "b".repeat(16),
          spans: { "GET /orders": 35 },
          annotations: { order: 1042, paid: true, note: "größe", nothing: null, list: [1, "a"], gone: undefined }
        })
        const { metadata } = yield* pushing([one])
        assert.deepStrictEqual(metadata, {
          uid: one.uid,
          trace_id: "a".repeat(32),
          span_id: "b".repeat(16),
          fiber_id: "12",
          log_span_GET__orders: "35",
          order: "1042",
          paid: "true",
          note: "größe",
          nothing: "null",
          list: `[1,"a"]`
        })
      }))

    it.effect("of the same fiber differs where records do", () =>
      Effect.gen(function*() {
        const first = record({ spans: { request: 35 }, annotations: { order: 1 } })
        const second = new LogRecord.LogRecord(1, first.time + 7, "paid", undefined, first.origin, 256, 0)
        const { entries } = yield* pushing([first, second])
        assert.deepStrictEqual(
          entries.map(({ metadata: { log_span_request: millis, order, uid } }) => ({ millis, order, uid })),
          [
            { millis: "35", order: "1", uid: first.uid },
            { millis: "42", order: "1", uid: second.uid }
          ]
        )
      }))

    it.effect("has the fields of objects one by one, and errors as texts", () =>
      Effect.gen(function*() {
        const snapshot = makeSnapshot()
        const error = snapshot.value(new Error("no stock"))
        const metadata = yield* metadataOf({ annotations: { user: { id: 7, name: { first: "A" } }, empty: {}, error } })
        const { error: text, ...rest } = metadata
        assert.deepStrictEqual(rest, { user_id: "7", user_name_first: "A", empty: "{}" })
        assert.match(text ?? "", /^Error: no stock\n {4}at /)
      }))

    it.effect("has names that Loki takes, each once", () =>
      Effect.gen(function*() {
        const annotations = {
          "http.route": 1,
          "http-route": 2,
          http_route: 3,
          "9lives": 4,
          "": 5,
          "\n": 6,
          "__name__": 7,
          "größe": 8,
          level: 9,
          uid: 10,
          service_name: 11,
          annotations_level: 12,
          "constructor": 13
        }
        const { metadata } = yield* pushing([record({ annotations })])
        const { uid, ...rest } = metadata
        assert.strictEqual(uid, record().uid)
        assert.deepStrictEqual(rest, {
          http_route: "1",
          annotations_http_route: "2",
          annotations_http_route_2: "3",
          _9lives: "4",
          _: "5",
          annotations__: "6",
          _name__: "7",
          gr__e: "8",
          annotations_level: "9",
          annotations_uid: "10",
          annotations_service_name: "11",
          annotations_annotations_level: "12",
          constructor: "13"
        })
      }))

    it.effect("is no more than Loki takes, and says how much is left out", () =>
      Effect.gen(function*() {
        const many = yield* metadataOf({
          annotations: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key${i}`, i]))
        })
        assert.strictEqual(Object.keys(many).length, 128)
        assert.deepInclude(many, { key126: "126", annotations_left_out: "73" })
        const full = yield* metadataOf({
          annotations: Object.fromEntries(Array.from({ length: 127 }, (_, i) => [`key${i}`, i]))
        })
        assert.notProperty(full, "annotations_left_out")
        const large = yield* metadataOf({
          annotations: { a: "é".repeat(30_000), b: "x".repeat(6000), c: "still" }
        })
        assert.deepStrictEqual([large["a"]?.length, large["b"], large["c"], large["annotations_left_out"]], [
          30_000,
          undefined,
          "still",
          "1"
        ])
      }))

    it.effect("is nothing where there is nothing to say, or it is turned off; then lines have all of it", () =>
      Effect.gen(function*() {
        const nothing = yield* pushing([record()], { uid: false })
        assert.include(nothing.received.body.toString(), `["1000000000000","{\\"message\\":\\"order placed\\"}"]`)
        const one = record({ annotations: { order: 1 }, fiberId: 3 })
        const off = yield* pushing([one], { metadata: false })
        assert.deepStrictEqual(off.metadata, {})
        assert.strictEqual(off.line, LogEncoder.json({ uid: true }).encode(one))
        const logfmt = yield* pushing([one], { metadata: false, uid: false, format: "logfmt" })
        assert.strictEqual(logfmt.line, LogEncoder.logfmt().encode(one))
      }))
  })

  describe("lines", () => {
    it.effect("are what was logged, in JSON or logfmt, or what an encoder makes of the record", () =>
      Effect.gen(function*() {
        const cause = makeSnapshot().cause(Cause.fail("no stock"))
        const batch = [
          record({ message: "a \"b\"\n", annotations: { order: 1 } }),
          record({ message: ["placed", { order: 1042 }], place: 1 }),
          record({ message: [], cause, place: 2 }),
          record({ message: [], place: 3 })
        ]
        const lines = (format: LokiSink.Options["format"]) =>
          Effect.map(pushing(batch, { format }), ({ entries }) => entries.map(({ line }) => line))
        assert.deepStrictEqual(yield* lines("json"), [
          `{"message":"a \\"b\\"\\n"}`,
          `{"message":["placed",{"order":1042}]}`,
          `{"message":[],"cause":"no stock"}`,
          `{"message":[]}`
        ])
        assert.deepStrictEqual(yield* lines("logfmt"), [
          `message="a \\"b\\"\\n"`,
          `message=placed message="{\\"order\\":1042}"`,
          `cause="no stock"`,
          `message=""`
        ])
        const encoder = LogEncoder.json({ annotations: "flat", time: "millis" })
        assert.deepStrictEqual(yield* lines(encoder), batch.map((one) => encoder.encode(one)))
      }))

    it.effect("of an encoder of the program that fails are markers, and counted", () =>
      Effect.gen(function*() {
        const format = LogEncoder.fromRenderer(({ message }) => {
          if (message === 1) throw new Error("no")
          return `line ${String(message)}`
        })
        const batch = [0, 1, 2].map((message) => record({ message, place: message }))
        const { entries, sink } = yield* pushing(batch, { format })
        assert.strictEqual(sink.marked?.(), 1)
        assert.deepStrictEqual([entries[0]?.line, entries[2]?.line], ["line 0", "line 2"])
        assert.include(entries[1]?.line, `"notEncoded":"threw Error: no"`)
      }))

    it.effect("of an encoder for people have as many lines as it writes", () =>
      Effect.gen(function*() {
        const format = LogEncoder.pretty()
        const cause = makeSnapshot().cause(Cause.fail(new Error("no stock")))
        const batch = [cause, undefined, cause].map((one, place) =>
          record({ cause: one, place, annotations: { place } })
        )
        const { entries } = yield* pushing(batch, { format })
        assert.include(entries[0]?.line, "\n")
        assert.deepStrictEqual(entries.map(({ line }) => line), batch.map((one) => format.encode(one)))
      }))

    it.effect("have as many bytes as the sink measures, so that a longer one costs no request", () =>
      Effect.gen(function*() {
        const one = record({ message: "é".repeat(100) })
        const { line, sink } = yield* pushing([one])
        assert.deepStrictEqual([sink.recordLimit?.maxBytes, sink.recordLimit?.sizeOf(one)], [
          256 * 1024,
          Buffer.byteLength(line)
        ])
        const short = yield* pushing([one], { maxLineBytes: 100, format: "logfmt" })
        assert.deepStrictEqual(
          [short.sink.recordLimit?.maxBytes, short.sink.recordLimit?.sizeOf(one)],
          [100, Buffer.byteLength(short.line)]
        )
      }))

    it.effect("are measured together, and are those of the batch that is sent all the same", () =>
      Effect.gen(function*() {
        const [first, second] = ["é", "ê"].map((letter) => [record({ message: letter.repeat(20) }), record()])
        assert.isDefined(first)
        assert.isDefined(second)
        const { far, line, sink } = yield* pushing(first, { maxLineBytes: 60 })
        const { allFit, sizeOf } = sink.recordLimit ?? {}
        const lines = () => entriesOf(far.received.at(-1)!).map((entry) => entry.line)
        for (
          const before of [
            () => assert.isTrue(allFit?.(first)),
            () => assert.isTrue(allFit?.(second)),
            () => assert.strictEqual(allFit?.(first) && sizeOf?.(record({ message: "other" })), 19)
          ]
        ) {
          before()
          yield* sink.write(first)
          assert.strictEqual(lines()[0], line)
        }
        assert.isFalse(allFit?.([record(), record({ message: "é".repeat(60) })]))
        const exact = yield* pushing(first, { maxLineBytes: Buffer.byteLength(line) })
        assert.isTrue(exact.sink.recordLimit?.allFit?.(first))
        const less = yield* pushing(first, { maxLineBytes: Buffer.byteLength(line) - 1 })
        assert.isFalse(less.sink.recordLimit?.allFit?.(first))
      }))
  })

  describe("times", () => {
    it.effect("tell equal lines of one millisecond apart, in their order", () =>
      Effect.gen(function*() {
        const batch = Array.from({ length: 1000 }, (_, place) => record({ time: 1_790_000_000_123, place }))
        const { entries } = yield* pushing(batch, { uid: false })
        assert.strictEqual(new Set(entries.map(({ line }) => line)).size, 1)
        assert.deepStrictEqual(entries.map(({ time }) => time), batch.map(({ timeNanos }) => timeNanos))
        assert.strictEqual(entries.at(-1)?.time, 1_790_000_000_123_000_999n)
      }))

    it.effect("are those of the record, whatever time it has", () =>
      Effect.gen(function*() {
        const { sink, far } = yield* pushing([record()])
        const timeOf = (time: number, place: number) =>
          Effect.map(sink.write([record({ time, place })]), () => entriesOf(far.received.at(-1)!)[0]?.time)
        for (const time of [0, 1, 999, 1.5, 4e12, 9_223_372_036_853]) {
          for (const place of [0, 7, 999_999]) {
            assert.strictEqual(yield* timeOf(time, place), record({ time, place }).timeNanos)
          }
        }
        for (const time of [Number.NaN, -1, 9_223_372_036_854, 1e300]) assert.strictEqual(yield* timeOf(time, 7), 0n)
      }))

    it.effect("are sorted within a stream, where the clock was set back", () =>
      Effect.gen(function*() {
        const parts = [record({ time: 5.5, place: 1 }), record({ time: 5.7 }), record({ time: -7 })]
        const { entries } = yield* pushing(parts)
        assert.deepStrictEqual(entries.map(({ time }) => time), [0n, 5_000_000n, 5_000_001n])
        const times = [5, 3, 3, 9, 1]
        const batch = times.map((time, i) => record({ message: i, time, place: i, level: i === 3 ? "Warn" : "Info" }))
        const { received, streams } = yield* pushing(batch)
        assert.deepStrictEqual(streams.map(texts), [[4, 1, 2, 0], [3]])
        assert.deepStrictEqual(texts(entriesOf(received)), [4, 1, 2, 0, 3])
      }))
  })

  describe("options that are wrong", () => {
    const sentence = (options: Partial<LokiSink.Options>): string => {
      try {
        void LokiSink.make({ url: "https://loki.example", labels, ...options })
        return "not refused"
      } catch (error) {
        return String(error)
      }
    }

    it("are labels that Loki does not take, or more than it takes", () => {
      assert.include(sentence({ labels: {} }), "labels must be an object of labels, at least one, each a text, got")
      assert.strictEqual(
        sentence({ labels: { "service.name": "orders" } }),
        "RangeError: LokiSink.make: labels must have the name of a label: 1 to 1024 letters, digits and _, no digit in front, no __, " +
          `got "service.name"`
      )
      for (const name of ["__a", "9a", "", "größe"]) assert.include(sentence({ labels: { [name]: "a" } }), "must have")
      assert.include(sentence({ labels: { pod: "" } }), "labels.pod must be a text of 1 to 2048 bytes, got")
      assert.include(sentence({ labels: { pod: "é".repeat(1025) } }), "labels.pod must be a text of 1 to 2048 bytes")
      assert.include(sentence({ levelLabel: "__level" }), "levelLabel must be the name of a label")
      assert.strictEqual(
        sentence({ labels: { level: "x" } }),
        `RangeError: LokiSink.make: levelLabel must be a name that labels do not have, or false, got "level"`
      )
      assert.strictEqual(sentence({ labels: { level: "x" }, levelLabel: false }), "not refused")
      const names = (count: number) => Array.from({ length: count }, (_, i) => `label${i}`)
      assert.strictEqual(sentence({ labelsFrom: names(13) }), "not refused")
      assert.strictEqual(
        sentence({ labelsFrom: names(14) }),
        "RangeError: LokiSink.make: labels must be at most 15, with levelLabel and labelsFrom, got 16"
      )
      assert.strictEqual(sentence({ labelsFrom: names(14), levelLabel: false }), "not refused")
    })

    it("are names of labels that are too long, and what no tenant is named", () => {
      const long = "a".repeat(1025)
      assert.include(sentence({ labels: { [long]: "a" } }), "labels must have the name of a label: 1 to 1024 letters")
      assert.include(sentence({ levelLabel: long }), "levelLabel must be the name of a label: 1 to 1024 letters")
      assert.include(sentence({ labelsFrom: ["a", long] }), "labelsFrom[1] must be a text of 1 to 1020 bytes, got")
      assert.strictEqual(sentence({ labels: { [long.slice(1)]: "a" }, labelsFrom: ["b".repeat(1020)] }), "not refused")
      for (const tenant of ["a b", "a|b", "größe", "", ".", "..", "a".repeat(151), "a/b"]) {
        assert.include(sentence({ tenant }), "tenant must be a tenant: 1 to 150 letters, digits and any of")
      }
      for (const tenant of ["a", "...", "it's-(a)_B.9*!", "a".repeat(150)]) {
        assert.strictEqual(sentence({ tenant }), "not refused")
      }
    })

    it("are a compression that Loki does not know", () => {
      // @ts-expect-error -- it is refused by its type as well
      assert.include(sentence({ compression: "zstd" }), `compression must be "none" or "gzip", got "zstd"`)
    })
  })

  it.effect("F9: a batch whose body is too long is sent in parts", () =>
    Effect.gen(function*() {
      const far = yield* loki()
      const sink = yield* LokiSink.make({
        url: far.url,
        labels,
        batchWindow: 0,
        maxBodyBytes: 1000,
        maxBatchBytes: 10_000
      })
      const { lane } = yield* makeLane(sink)
      for (let i = 0; i < 8; i++) lane.inlet.offer(record({ message: "x".repeat(200), place: i }), 2)
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 8)
      assert.isTrue(far.received.every(({ body }) => body.length <= 1000))
    }))

  it.effect("F9: a record whose line is too long is shortened, and given up where that does not help, without a request", () =>
    Effect.gen(function*() {
      const far = yield* loki()
      const laneOf = (maxLineBytes?: number) =>
        Effect.flatMap(
          LokiSink.make({ url: far.url, labels, maxLineBytes, batchWindow: 0 }),
          (sink) => Effect.map(makeLane(sink), ({ lane }) => lane)
        )
      const lane = yield* laneOf()
      lane.inlet.offer(record({ message: "x".repeat(400_000) }), 2)
      yield* lane.flush
      assert.deepInclude(lane.books(), { delivered: 1 })
      assert.strictEqual(far.received.length, 1)
      const strict = yield* laneOf(10)
      strict.inlet.offer(record({ message: "placed" }), 2)
      yield* strict.flush
      assert.strictEqual(strict.books().dropped.too_large, 1)
      assert.strictEqual(far.received.length, 1)
    }))
})
