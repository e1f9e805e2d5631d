/** What the presets send, within which limits, and what they make of what is answered. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it as test, layer } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { LogRecord, type LogSink } from "../../../src/index.ts"
import { durationOf } from "../../../src/options/duration.ts"
import * as HttpPresets from "../../../src/sinks/HttpPresets.ts"
import { type Collector, collector, refused, type Reply, said } from "../../servers/Collector.ts"
import { delivery } from "../../servers/delivery.ts"
import { sentenceOf } from "../../support/mistakes.ts"
import { credential, type Vendor, vendors } from "./vendors.ts"

const time = Date.parse("2026-01-02T03:04:05.678Z")

/** A record with all that one can have, and with annotations named like fields of the services. */
const rich = LogRecord.make({
  message: ["order placed", { total: 12.5 }],
  level: "Warn",
  time,
  seq: 7,
  runtimeId: "run",
  cause: [{ kind: "Fail", error: "no stock" }],
  annotations: {
    order: 1042,
    user: { name: "Ada" },
    service: "a service",
    ddsource: "a source",
    level: "gold",
    message: "a message",
    date: 1,
    dt: 2,
    _time: 3,
    timestamp: "2020-01-01T00:00:00Z",
    host: "db-1",
    eventType: "placed",
    _source: "shop"
  },
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331"
})

const withText = (length: number, seq = 0): LogRecord.LogRecord => LogRecord.make({ message: "x".repeat(length), seq })

const posting = (vendor: Vendor, options: HttpPresets.PresetOptions = {}) =>
  Effect.gen(function*() {
    const { judge, make, path, stored } = vendor
    const far = yield* collector({ contentType: "application/json", path, judge })
    far.always = stored
    return { far, sink: yield* make({ ...options, url: new URL(far.url).origin }) }
  })

const bodyOf = (far: Collector): string => far.received.at(-1)?.body.toString() ?? ""

const moved = {
  service: "a service",
  ddsource: "a source",
  level: "gold",
  message: "a message",
  date: 1,
  dt: 2,
  _time: 3,
  timestamp: "2020-01-01T00:00:00Z",
  host: "db-1",
  eventType: "placed",
  _source: "shop"
}

const common = {
  message: "order placed",
  data: { total: 12.5 },
  uid: rich.uid,
  trace_id: "0af7651916cd43dd8448eb211c80319c",
  span_id: "b7ad6b7169203331"
}

const annotations = { order: 1042, user: { name: "Ada" }, ...moved }

/** The annotations beside the fields of a line, those out of the way that have the name of one. */
const beside = (...taken: ReadonlyArray<string>) =>
  Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [taken.includes(name) ? `annotations.${name}` : name, value])
  )

/** What becomes of the record. */
const bodies: Readonly<Record<string, unknown>> = {
  "datadog": [{
    ...common,
    status: "warn",
    date: time,
    "error.stack": "no stock",
    ddsource: "nodejs",
    ddtags: "env:test,team:a",
    hostname: "web-1",
    ...beside("service", "ddsource", "message", "date", "timestamp", "host"),
    service: "orders"
  }],
  "splunk": {
    time: time / 1000,
    host: "web-1",
    index: "main",
    source: "orders",
    sourcetype: "_json",
    event: { ...common, cause: "no stock", ...beside("level", "message"), level: "warn" }
  },
  "new-relic": [{
    common: { attributes: { "service.name": "orders", port: 80, canary: true } },
    logs: [{
      message: common.message,
      data: common.data,
      uid: common.uid,
      "error.stack": "no stock",
      ...beside("level", "message", "timestamp", "eventType"),
      level: "warn",
      timestamp: time,
      "trace.id": common.trace_id,
      "span.id": common.span_id
    }]
  }],
  "better-stack": [{
    ...common,
    dt: "2026-01-02T03:04:05.678Z",
    cause: "no stock",
    ...beside("level", "message", "dt"),
    level: "warn"
  }],
  "axiom": [{
    ...common,
    _time: "2026-01-02T03:04:05.678Z",
    cause: "no stock",
    ...beside("level", "message", "_time", "_source"),
    level: "warn"
  }]
}

/** What a write ends with that is answered so: the tag of its reason, and what of it there is besides. */
const ending = (far: Collector, sink: LogSink.LogSink, status: number, body: string, size = 4) =>
  Effect.gen(function*() {
    far.next(refused(status, {}, body))
    const ended = yield* Effect.result(sink.write(Array.from({ length: size }, (_, seq) => withText(1, seq))))
    return ended._tag === "Success" ? "delivered" : ended.failure
  })

/** What a collector of Splunk does that stops at an event: it has stored those before it. */
const stops = (event: number, status: number, code: number): Reply => ({ received, response, store }) => {
  store({ ...received, body: Buffer.from(received.body.toString().split("\n").slice(0, event).join("\n")) })
  response.writeHead(status).end(JSON.stringify({ text: "No", code, "invalid-event-number": event }))
}

const tagOf = (ended: LogSink.SinkError | "delivered"): string => ended === "delivered" ? ended : ended.reason._tag

const named = (name: string): Vendor => {
  const found = vendors.find((vendor) => vendor.name === name)
  assert.isDefined(found)
  return found
}

layer(NodeHttpClient.layerUndici)("the presets", (it) => {
  for (const vendor of vendors) {
    describe(`of ${vendor.name}`, () => {
      it.effect("writes a record in the form of the service, and no name twice", () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting(vendor)
          yield* sink.write([rich])
          const body = bodyOf(far)
          assert.deepStrictEqual(JSON.parse(body), bodies[vendor.name])
          const names = Array.from(
            body.matchAll(
              /"((?:annotations\.)?(?:service|ddsource|level|message|date|dt|_time|timestamp|host|eventType|_source))":/g
            )
          )
          const distinct = JSON.stringify(bodies[vendor.name]).matchAll(
            /"((?:annotations\.)?(?:service|ddsource|level|message|date|dt|_time|timestamp|host|eventType|_source))":/g
          )
          assert.strictEqual(names.length, Array.from(distinct).length)
        }))

      it.effect("compresses with gzip, and its lane has the name of the service", () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting(vendor)
          yield* sink.write([withText(5000), withText(5000, 1)])
          assert.strictEqual(far.received[0]?.headers["content-encoding"], "gzip")
          assert.strictEqual(sink.name, vendor.name)
        }))

      it.effect("has the options of its lane, another name, and headers of the program", () =>
        Effect.gen(function*() {
          const headers = { "x-source": "app" }
          const { far, sink } = yield* posting(vendor, { name: "far", capacity: 9, compression: "none", headers })
          yield* sink.write([withText(5000)])
          assert.deepStrictEqual([sink.name, sink.options.capacity], ["far", 9])
          assert.strictEqual(far.received[0]?.headers["x-source"], "app")
          assert.isUndefined(far.received[0]?.headers["content-encoding"])
        }))

      it.effect("has batches of no more records and bytes than the service takes, whatever its options say", () =>
        Effect.gen(function*() {
          const { sink } = yield* posting(vendor, { maxBatchSize: 20_000, maxBatchBytes: 100_000_000 })
          const { mostBytes = 100_000_000, mostItems = 20_000 } = vendor.rules
          assert.deepInclude(sink.options, { maxBatchSize: mostItems, maxBatchBytes: mostBytes })
        }))

      it.effect("measures a record as it is sent alone, which is shortened where the service would cut or refuse it", () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting(vendor)
          yield* sink.write([rich])
          assert.strictEqual(sink.recordLimit?.maxBytes, vendor.rules.mostItemBytes)
          assert.strictEqual(sink.recordLimit?.sizeOf(rich), far.received[0]?.body.length)
        }))

      it.effect("believes the statuses that all services have", () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting(vendor)
          const tags: Array<string> = []
          for (const status of [202, 400, 401, 403, 404, 408, 413, 429, 500, 503]) {
            tags.push(tagOf(yield* ending(far, sink, status, "")))
          }
          assert.deepStrictEqual(tags, [
            "delivered",
            "Rejected",
            "Misconfigured",
            "Misconfigured",
            "Misconfigured",
            "Unavailable",
            "TooLarge",
            "Unavailable",
            "Unavailable",
            "Unavailable"
          ])
        }))
    })
  }

  describe("too much at once", () => {
    for (const name of ["splunk", "new-relic"]) {
      it.effect(`${name}: is a matter of parts, before it costs a request`, () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting(named(name))
          const batch = Array.from({ length: 2 }, (_, seq) => withText(600_000, seq))
          assert.strictEqual(tagOf(yield* Effect.flip(sink.write(batch))), "TooLarge")
          assert.strictEqual(far.received.length, 0)
        }))
    }
  })

  describe("Splunk", () => {
    const codes: ReadonlyArray<readonly [code: number, tag: string]> = [
      [5, "Rejected"],
      [6, "Rejected"],
      [7, "Misconfigured"],
      [10, "Misconfigured"],
      [11, "Misconfigured"],
      [12, "Rejected"],
      [13, "Rejected"],
      [14, "Misconfigured"],
      [15, "Rejected"],
      [16, "Misconfigured"],
      [99, "Rejected"]
    ]
    for (const [code, tag] of codes) {
      it.effect(`400 with code ${code}: ${tag}`, () =>
        Effect.gen(function*() {
          const { far, sink } = yield* posting(named("splunk"))
          const ended = yield* ending(far, sink, 400, `{"text":"No", "code" : ${code}}`)
          assert.strictEqual(tagOf(ended), tag)
          if (ended === "delivered") return
          assert.strictEqual(ended.message, `127.0.0.1:${far.port} answered 400 with code ${code}`)
        }))
    }

    it.effect("other statuses are believed, whatever code there is", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* posting(named("splunk"))
        const tags: Array<string> = []
        for (const [status, code] of [[403, 4], [500, 8], [503, 9], [429, 26], [413, 27], [503, 6]] as const) {
          const ended = yield* ending(far, sink, status, `{"text":"No","code":${code}}`)
          tags.push(tagOf(ended))
          if (ended === "delivered") return
          assert.strictEqual(ended.message, `127.0.0.1:${far.port} answered ${status} with code ${code}`)
        }
        assert.deepStrictEqual(tags, [
          "Misconfigured",
          "Unavailable",
          "Unavailable",
          "Unavailable",
          "TooLarge",
          "Unavailable"
        ])
      }))

    it.effect("F12: busy in the middle of a batch, the events before the one that it names do not come again", () =>
      Effect.gen(function*() {
        const vendor = named("splunk")
        const { far, sink } = yield* posting(vendor)
        far.next(stops(2, 503, 9))
        const { books, errors, offer, settled } = yield* delivery(sink)
        offer(6)
        yield* settled
        assert.deepInclude(errors[0]?.reason, { _tag: "Unavailable", stored: 2, ambiguous: false })
        assert.strictEqual(books().delivered, 6)
        const uids = far.stored.flatMap(vendor.itemsOf).map(vendor.uidOf)
        assert.deepStrictEqual(uids, ["made0", "made1", "made2", "made3", "made4", "made5"])
      }))

    it.effect("the event that it names is refused, those before it are stored, those behind it come again", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* posting(named("splunk"))
        const ended = yield* ending(far, sink, 400, `{"text":"No","code":6,"invalid-event-number":1}`)
        assert.notStrictEqual(ended, "delivered")
        if (ended === "delivered") return
        assert.deepStrictEqual(ended.reason, {
          _tag: "PerRecord",
          refused: [{ record: 1, message: ended.message }],
          again: [2, 3]
        })
        const outside = yield* ending(far, sink, 400, `{"text":"No","code":6,"invalid-event-number":4}`)
        assert.strictEqual(tagOf(outside), "Rejected")
      }))

    it.effect("F12: through a lane, one record is lost and none is there twice", () =>
      Effect.gen(function*() {
        const vendor = named("splunk")
        const { far, sink } = yield* posting(vendor)
        far.next(stops(2, 400, 6))
        const { books, offer, settled } = yield* delivery(sink)
        offer(6)
        yield* settled
        assert.strictEqual(books().delivered, 5)
        assert.strictEqual(books().dropped.rejected_by_server, 1)
        const uids = far.stored.flatMap(vendor.itemsOf).map(vendor.uidOf)
        assert.strictEqual(new Set(uids).size, 5)
        assert.strictEqual(uids.length, 5)
      }))
  })

  describe("Axiom", () => {
    it.effect("F11: counts those that it has not taken, and sends none again", () =>
      Effect.gen(function*() {
        const vendor = named("axiom")
        const { far, sink } = yield* posting(vendor)
        // The list of failures may be longer than what is read of an answer.
        const failures = Array.from({ length: 1000 }, () => ({ error: `"failed":1 ${"x".repeat(100)}` }))
        far.next(said(200, JSON.stringify({ ingested: 3, failed: 2, failures })))
        const { books, errors, offer, settled } = yield* delivery(sink)
        offer(5)
        yield* settled
        assert.strictEqual(errors[0]?.message, `127.0.0.1:${far.port} refused 2 of 5 records`)
        assert.deepStrictEqual(errors[0]?.reason, { _tag: "Rejected", count: 2 })
        assert.strictEqual(books().delivered, 3)
        assert.strictEqual(books().dropped.rejected_by_server, 2)
        assert.strictEqual(far.received.length, 1)
      }))

    it.effect("counts those that it does not speak of, and no more than there are", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* posting(named("axiom"))
        const counts: Array<unknown> = []
        for (const [ingested, failed] of [[1, 0], [3, 2], [0, 0], [4, 1]]) {
          const ended = yield* ending(far, sink, 200, JSON.stringify({ ingested, failed }))
          counts.push(ended === "delivered" ? ended : ended.reason)
        }
        assert.deepStrictEqual(counts, [3, 2, 4, 1].map((count) => ({ _tag: "Rejected", count })))
      }))

    it.effect("has said that all is well, or nothing", () =>
      Effect.gen(function*() {
        const { far, sink } = yield* posting(named("axiom"))
        for (const body of [`{"ingested":4,"failed":0}`, "", "ok"]) {
          assert.strictEqual(yield* ending(far, sink, 200, body), "delivered")
        }
        assert.strictEqual(tagOf(yield* ending(far, sink, 430, "")), "Misconfigured")
        assert.strictEqual(tagOf(yield* ending(far, sink, 503, `{"failed":2}`)), "Unavailable")
      }))
  })
})

describe("how long records wait on a spool", () => {
  const client = HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, new Response())))
  const hours: Readonly<Record<string, readonly [byDefault: number, most: number]>> = {
    "datadog": [17, 17],
    "splunk": [24, Infinity],
    "new-relic": [24, 47],
    "better-stack": [24, Infinity],
    "axiom": [24, Infinity]
  }
  for (const { make, name } of vendors) {
    test.effect(`${name}: no longer than its service takes them`, () =>
      Effect.gen(function*() {
        const url = "http://localhost"
        const waits: Array<number> = []
        for (const maxAge of [undefined, Infinity, "1 hour"] as const) {
          const { options } = yield* make({ url, spool: { directory: "spool", mode: "always", maxAge } })
          waits.push(Duration.toHours(durationOf(options.spool?.maxAge ?? 0)))
        }
        assert.deepStrictEqual(waits, [...hours[name] ?? [], 1])
        assert.isUndefined((yield* make({ url })).options.spool)
      }).pipe(Effect.provideService(HttpClient.HttpClient, client)))
  }
})

describe("where the presets post to", () => {
  const key = Redacted.make(credential)
  const places: ReadonlyArray<readonly [string, Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient>]> = [
    ["https://http-intake.logs.datadoghq.com/api/v2/logs", HttpPresets.datadog({ apiKey: key })],
    [
      "https://http-intake.logs.us5.datadoghq.com/api/v2/logs",
      HttpPresets.datadog({ apiKey: key, site: "us5.datadoghq.com" })
    ],
    ["https://agent.example/in", HttpPresets.datadog({ apiKey: key, url: "https://agent.example/in" })],
    ["https://log-api.newrelic.com/log/v1", HttpPresets.newRelic({ licenseKey: key })],
    ["https://log-api.eu.newrelic.com/log/v1", HttpPresets.newRelic({ licenseKey: key, region: "eu" })],
    [
      "https://s.example:8088/services/collector/event",
      HttpPresets.splunk({ token: key, url: "https://s.example:8088" })
    ],
    ["https://in.example/", HttpPresets.betterStack({ sourceToken: key, url: Redacted.make("https://in.example") })],
    ["https://api.axiom.co/v1/datasets/orders/ingest", HttpPresets.axiom({ token: key, dataset: "orders" })]
  ]
  for (const [place, made] of places) {
    test.effect(place, () =>
      Effect.gen(function*() {
        const asked: Array<string> = []
        const client = HttpClient.make((request) => {
          asked.push(request.url)
          return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 200 })))
        })
        const sink = yield* Effect.provideService(made, HttpClient.HttpClient, client)
        yield* sink.write([rich])
        assert.deepStrictEqual(asked, [place])
      }))
  }
})

describe("a credential that is wrong", () => {
  // As a program without types gives it.
  const given = (apiKey: unknown): string =>
    sentenceOf(() => Reflect.apply(HttpPresets.datadog, undefined, [{ apiKey }]))

  test("is not shown, and where it is a text is to be put into a Redacted", () => {
    assert.strictEqual(
      given("secret-1234"),
      "HttpPresets.datadog: apiKey must be a Redacted of a text that a header can hold, got a text; put it into Redacted.make"
    )
    for (const wrong of ["secret\n", "", 5]) {
      const sentence = given(Redacted.make(wrong))
      assert.include(sentence, "apiKey must be a Redacted of a text that a header can hold, got a Redacted")
      assert.notInclude(sentence, "secret")
    }
  })
})

describe("tags", () => {
  test("are refused that would be others", () => {
    const sentence = (tags: Readonly<Record<string, string>>): string =>
      sentenceOf(() => HttpPresets.datadog({ apiKey: Redacted.make(credential), tags }))
    assert.include(sentence({ env: "a,b" }), "tags must be an object of tags, each a text without blanks and commas")
    assert.include(sentence({ "a b": "c" }), "tags must be")
    assert.strictEqual(sentence({ env: "a:b" }), "not refused")
  })
})
