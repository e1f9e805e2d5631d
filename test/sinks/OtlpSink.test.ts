import { NodeHttpClient } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, type Scope } from "effect"
import type { HttpClient } from "effect/http"
import manifest from "../../package.json" with { type: "json" }
import { Logging, LogSink } from "../../src/index.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"
import { accepted, type Collector, collector, said } from "../servers/Collector.ts"
import { attributesOf, logRecordsOf } from "../servers/otlp.ts"
import { spanEventsOf } from "../support/tracing.ts"

type Make = (far: Collector) => Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient>

const environment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

/** What a collector has after a program logged to it, and what the runtime said on stderr. */
const exported = (
  make: Make,
  program: Effect.Effect<unknown> = Effect.logInfo("placed"),
  env: Record<string, string> = {},
  options: Logging.RuntimeOptions = {}
): Effect.Effect<
  {
    readonly far: Collector
    readonly lines: ReadonlyArray<string>
    readonly request: unknown
    readonly stats: Logging.Stats
  },
  never,
  HttpClient.HttpClient | Scope.Scope
> =>
  Effect.gen(function*() {
    const far = yield* collector({ contentType: "application/json", path: "/v1/logs" })
    far.always = said(200, "{}")
    const lines: Array<string> = []
    const diagnostics = (line: string) => void lines.push(line)
    const stats = yield* Effect.gen(function*() {
      yield* program
      const { flush, stats } = yield* Logging.Logging
      yield* flush
      return yield* stats
    }).pipe(
      Effect.provide(Layer.provide(
        Logging.layer({ diagnostics, ...options, sinks: [make(far)] }),
        environment({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${far.port}`, ...env })
      ))
    )
    const [received] = far.stored
    return { far, lines, stats, request: received && JSON.parse(received.body.toString()) }
  })

const fromCode: Make = (far) => OtlpSink.make({ url: far.url, format: "json" })
const fromVariables = () => OtlpSink.fromEnvironment({ format: "json" })

/** The JSON of the resource, the scope and the records. */
const partsOf = (request: any) => {
  const [{ resource, scopeLogs: [{ scope }] }] = request.resourceLogs
  return {
    resource: Object.fromEntries(attributesOf(resource)),
    scope,
    records: logRecordsOf(request) as ReadonlyArray<any>
  }
}

layer(NodeHttpClient.layerUndici)("the sink for OpenTelemetry", (it) => {
  it.effect("says who it is, of which version, in every request", () =>
    Effect.gen(function*() {
      const { far, request } = yield* exported(fromCode)
      const { version } = manifest
      const { resource, scope } = partsOf(request)
      assert.deepStrictEqual(resource, {
        "service.name": "unknown_service:node",
        "telemetry.sdk.name": "effect-spillway",
        "telemetry.sdk.language": "nodejs",
        "telemetry.sdk.version": version
      })
      assert.deepStrictEqual(scope, { name: "effect-spillway", version })
      assert.strictEqual(
        far.received[0]?.headers["user-agent"],
        `effect-spillway-OTLP-Exporter-JavaScript/${version}`
      )
    }))

  it.effect("sends what options say of service and scope", () =>
    Effect.gen(function*() {
      const { request } = yield* exported((far) =>
        OtlpSink.make({
          url: far.url,
          format: "json",
          resource: {
            serviceName: "orders",
            serviceVersion: "1.4.2",
            attributes: { "service.name": "other", "telemetry.sdk.name": "own", "": 1, zone: "a" }
          },
          scope: { name: "orders-log" }
        })
      )
      const { resource, scope } = partsOf(request)
      assert.deepInclude(resource, {
        "service.name": "orders",
        "service.version": "1.4.2",
        "telemetry.sdk.name": "own",
        zone: "a"
      })
      assert.notProperty(resource, "")
      assert.deepStrictEqual(scope, { name: "orders-log" })
    }))

  it.effect("sends a record with its trace and span", () =>
    Effect.gen(function*() {
      const { request } = yield* exported(fromCode, Effect.withSpan(Effect.logWarning("placed"), "order"))
      const [record] = partsOf(request).records
      assert.match(record.traceId, /^[0-9a-f]{32}$/)
      assert.match(record.spanId, /^[0-9a-f]{16}$/)
      assert.strictEqual(record.flags, 1)
      assert.strictEqual(record.severityNumber, 13)
      assert.deepStrictEqual(record.body, { stringValue: "placed" })
    }))

  it.effect("flattens annotations, leaves out the uid and bounds attributes, where options say so", () =>
    Effect.gen(function*() {
      const { request } = yield* exported(
        (far) =>
          OtlpSink.make({
            url: far.url,
            format: "json",
            flatten: true,
            uid: false,
            maxAttributes: 3,
            maxAttributeLength: 2
          }),
        Effect.annotateLogs(Effect.logInfo("placed"), { user: { id: 7, name: "Ada" }, route: "/orders" })
      )
      const [record] = partsOf(request).records
      const names = [...attributesOf(record)].filter(([name]) => name !== "effect.fiberId")
      assert.deepStrictEqual(names, [["user.id", "7"], ["user.name", "Ad"]])
      assert.strictEqual(record.droppedAttributesCount, 1)
    }))

  it.effect("F11: counts the records of a partial success, and sends none of them again", () =>
    Effect.gen(function*() {
      const { far, lines, stats } = yield* exported(
        (far) => {
          far.next(said(200, `{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}`))
          return fromCode(far)
        },
        Effect.replicateEffect(Effect.logInfo("placed"), 5)
      )
      const lane = stats.lanes["otlp"]
      assert.strictEqual(lane?.delivered, 3)
      assert.strictEqual(lane?.dropped.rejected_by_server, 2)
      assert.strictEqual(far.received.length, 1)
      assert.include(lines.join("\n"), `${new URL(far.url).host} refused 2 of 5 records: too old`)
    }))

  it.effect("delivers what is taken with a warning, and says that", () =>
    Effect.gen(function*() {
      const { lines, stats } = yield* exported((far) => {
        far.next(said(200, `{"partialSuccess":{"errorMessage":"use another path"}}`))
        return fromCode(far)
      })
      assert.strictEqual(stats.lanes["otlp"]?.delivered, 1)
      assert.include(lines.join("\n"), "has taken all records and says: use another path")
    }))

  it.effect("splits what is too large before it is sent", () =>
    Effect.gen(function*() {
      const { far, stats } = yield* exported(
        (far) => OtlpSink.make({ url: far.url, format: "json", maxBodyBytes: 1500 }),
        Effect.replicateEffect(Effect.logInfo("placed"), 8)
      )
      assert.strictEqual(stats.lanes["otlp"]?.delivered, 8)
      assert.isAbove(far.received.length, 1)
      for (const { body } of far.received) assert.isAtMost(body.length, 1500)
    }))

  it.effect("takes from the environment what no option says", () =>
    Effect.gen(function*() {
      const { far, lines, request } = yield* exported(
        () =>
          OtlpSink.fromEnvironment({
            format: "json",
            headers: { "x-own": "code" },
            resource: { serviceVersion: "2", attributes: { zone: "code" } }
          }),
        Effect.logInfo("x".repeat(2000)),
        {
          OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
          OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
          OTEL_EXPORTER_OTLP_HEADERS: "x-own=variable",
          OTEL_SERVICE_NAME: "orders",
          OTEL_RESOURCE_ATTRIBUTES: "service.version=1,zone=variable,rack=7"
        }
      )
      const { resource } = partsOf(request)
      assert.deepInclude(resource, { "service.name": "orders", "service.version": "2", zone: "code", rack: "7" })
      assert.strictEqual(far.received[0]?.headers["content-encoding"], "gzip")
      assert.strictEqual(far.received[0]?.headers["x-own"], "code")
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("sends the headers of the environment, and prints none of them", () =>
    Effect.gen(function*() {
      const { far, lines } = yield* exported(
        (far) => {
          far.always = accepted
          return OtlpSink.fromEnvironment({ format: "json" })
        },
        Effect.logInfo("placed"),
        { OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20hunter2", OTEL_BLRP_SCHEDULE_DELAY: "soon" }
      )
      assert.strictEqual(far.received[0]?.headers["authorization"], "Bearer hunter2")
      assert.notInclude(lines.join("\n"), "hunter2")
    }))

  it.effect("says of a bad variable that it is ignored, and goes on", () =>
    Effect.gen(function*() {
      const { lines, stats } = yield* exported(fromVariables, Effect.logInfo("placed"), {
        OTEL_EXPORTER_OTLP_TIMEOUT: "soon",
        OTEL_EXPORTER_OTLP_COMPRESSION: "brotli"
      })
      assert.strictEqual(stats.lanes["otlp"]?.delivered, 1)
      const all = lines.join("\n")
      assert.include(all, "OTEL_EXPORTER_OTLP_TIMEOUT is ignored: expected a whole number of at least 0, got \"soon\"")
      assert.include(all, "OTEL_EXPORTER_OTLP_COMPRESSION is ignored: expected one of none, gzip, got \"brotli\"")
    }))

  it.effect("reads no environment that cannot be read, and goes on", () =>
    Effect.gen(function*() {
      const far = yield* collector({ contentType: "application/json", path: "/v1/logs" })
      const broken = ConfigProvider.make(() =>
        Effect.fail(new ConfigProvider.SourceError({ message: "no permission" }))
      )
      const sink = yield* Effect.provideService(
        OtlpSink.fromEnvironment({ url: far.url, format: "json" }),
        ConfigProvider.ConfigProvider,
        broken
      )
      assert.isTrue(LogSink.isLogSink(sink))
    }))

  it.effect.each([{ OTEL_SDK_DISABLED: "true" }, { OTEL_LOGS_EXPORTER: "none" }])(
    "is passed by where the environment disables it, whatever its level: %o",
    (env) =>
      Effect.gen(function*() {
        for (const make of [fromVariables, () => LogSink.withMinimumLevel(fromVariables(), "All")]) {
          const { far } = yield* exported(make, Effect.logError("placed"), env)
          assert.strictEqual(far.received.length, 0)
        }
      })
  )

  it.effect("log calls stay events of their spans where the environment disables it", () =>
    Effect.gen(function*() {
      const events = yield* spanEventsOf(
        exported(fromVariables, Effect.logInfo("placed"), { OTEL_LOGS_EXPORTER: "none" })
      )
      assert.deepStrictEqual(events.map(({ name }) => name), ["placed"])
    }))

  it.effect("F91: log calls are no events of their spans beside it, unless the program asks for that", () =>
    Effect.gen(function*() {
      const eventsWith = (options: Logging.RuntimeOptions) =>
        Effect.map(
          spanEventsOf(exported(fromCode, Effect.logInfo("placed"), {}, options)),
          (events) => events.map(({ name }) => name)
        )
      assert.deepStrictEqual(yield* eventsWith({}), [])
      assert.deepStrictEqual(yield* eventsWith({ spanEvents: true }), ["placed"])
      assert.deepStrictEqual(yield* eventsWith({ spanEvents: false }), [])
    }))
})
