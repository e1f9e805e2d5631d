import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HttpClient } from "effect/http"
import { publicOptions } from "../../scratchpad/docs/options.ts"
import type * as AccessLog from "../../src/AccessLog.ts"
import type * as PinoLogger from "../../src/bridges/PinoLogger.ts"
import type * as RequestLog from "../../src/bridges/RequestLog.ts"
import type * as CommandLog from "../../src/CommandLog.ts"
import type * as ErrorReports from "../../src/ErrorReports.ts"
import {
  ConsoleSink,
  type DeadLetters,
  FileSink,
  type LogEncoder,
  type LogEvent,
  type LogFields,
  Logging,
  type LogLevels,
  type LogRecord,
  type LogRedactor,
  type LogRoutes,
  type LogSink,
  MemorySink,
  type ProcessHooks,
  ScriptedSink,
  type SinkConformance,
  TestLogging,
  type WideEvent
} from "../../src/index.ts"
import type * as RpcLog from "../../src/RpcLog.ts"
import type * as ClickHouseSink from "../../src/sinks/ClickHouseSink.ts"
import * as ElasticsearchSink from "../../src/sinks/ElasticsearchSink.ts"
import type * as HttpPresets from "../../src/sinks/HttpPresets.ts"
import * as HttpSink from "../../src/sinks/HttpSink.ts"
import type * as LokiSink from "../../src/sinks/LokiSink.ts"
import type * as OtlpSink from "../../src/sinks/OtlpSink.ts"
import type * as WorkLog from "../../src/WorkLog.ts"
import { sourcesOf } from "./structure.ts"

/** The options that can be left out and that `undefined` is refused for, where `exactOptionalPropertyTypes` is set. */
type Refusing<O> = {
  [K in keyof O]-?: Pick<O, K> extends Required<Pick<O, K>> ? never
    : { [_ in K]: undefined } extends Pick<O, K> ? never
    : K
}[keyof O]

/** Compiles for options that take `undefined` wherever they can be left out. */
const takesUndefined = <O>(..._refusing: [Refusing<O>] extends [never] ? [] : [Refusing<O>]): boolean => true

type Argument<F extends (...args: never) => unknown, N extends keyof Parameters<F>> = NonNullable<Parameters<F>[N]>

/** Options by the names that the pages know them by: the parts that others take all optional, as those take them. */
const byName: { readonly [name: string]: boolean } = {
  "AccessLog.Options": takesUndefined<AccessLog.Options>(),
  "CommandLog.Options": takesUndefined<CommandLog.Options>(),
  "ErrorReports.Options": takesUndefined<ErrorReports.Options>(),
  "JobOptions": takesUndefined<WorkLog.JobOptions>(),
  "RpcLog.Options": takesUndefined<RpcLog.Options>(),
  "AccessOptions": takesUndefined<AccessLog.AccessOptions>(),
  "Answers": takesUndefined<SinkConformance.Answers<string>>(),
  "AxiomOptions": takesUndefined<HttpPresets.AxiomOptions>(),
  "BetterStackOptions": takesUndefined<HttpPresets.BetterStackOptions>(),
  "Breaker": takesUndefined<LogSink.Breaker>(),
  "ChildOptions": takesUndefined<PinoLogger.ChildOptions>(),
  "ClickHouseSink.Options": takesUndefined<ClickHouseSink.Options>(),
  "Condition": takesUndefined<LogRoutes.Condition>(),
  "ConsoleSink.Options": takesUndefined<ConsoleSink.Options>(),
  "DatadogOptions": takesUndefined<HttpPresets.DatadogOptions>(),
  "DeadLetters.Options": takesUndefined<DeadLetters.Options>(),
  "ElasticsearchSink.Options": takesUndefined<ElasticsearchSink.Options>(),
  "ErrorOptions": takesUndefined<LogEvent.ErrorOptions<Error>>(),
  "FieldMap": takesUndefined<LogSink.FieldMap>(),
  "FileSink.Options": takesUndefined<FileSink.Options>(),
  "HealthOptions": takesUndefined<AccessLog.HealthOptions>(),
  "HttpSink.Options": takesUndefined<HttpSink.Options>(),
  "JsonFields": takesUndefined<LogEncoder.JsonFields>(),
  "JsonOptions": takesUndefined<LogEncoder.JsonOptions>(),
  "LaneOptions": takesUndefined<Argument<typeof LogSink.withOptions, 1>>(),
  "Limits": takesUndefined<NonNullable<Logging.RuntimeOptions["limits"]>>(),
  "LogEvent.Options": takesUndefined<LogEvent.Options<{}>>(),
  "LogFields.Options": takesUndefined<LogFields.Options>(),
  "LogLevels.Options": takesUndefined<LogLevels.Options>(),
  "LogRedactor.Options": takesUndefined<LogRedactor.Options>(),
  "LogSink.Options": takesUndefined<LogSink.Options>(),
  "LogfmtOptions": takesUndefined<LogEncoder.LogfmtOptions>(),
  "Logging.Options": takesUndefined<Logging.Options<[]>>(),
  "LokiSink.Options": takesUndefined<LokiSink.Options>(),
  "MemorySink.Options": takesUndefined<MemorySink.Options>(),
  "NewRelicOptions": takesUndefined<HttpPresets.NewRelicOptions>(),
  "OtlpSink.Options": takesUndefined<OtlpSink.Options>(),
  "Pace": takesUndefined<LogSink.Pace>(),
  "PinoLogger.Options": takesUndefined<PinoLogger.Options>(),
  "PresetOptions": takesUndefined<HttpPresets.PresetOptions>(),
  "PrettyOptions": takesUndefined<LogEncoder.PrettyOptions>(),
  "ProcessHooks.Options": takesUndefined<ProcessHooks.Options>(),
  "RecordLimit": takesUndefined<LogSink.RecordLimit>(),
  "RecordsOptions": takesUndefined<Logging.RecordsOptions>(),
  "RequestOptions": takesUndefined<RequestLog.RequestOptions>(),
  "ResourceOptions": takesUndefined<OtlpSink.ResourceOptions>(),
  "Route": takesUndefined<LogRoutes.Route>(),
  "RuntimeOptions": takesUndefined<Logging.RuntimeOptions>(),
  "ScopeOptions": takesUndefined<OtlpSink.ScopeOptions>(),
  "ScriptedSink.Options": takesUndefined<ScriptedSink.Options>(),
  "SetLevelOptions": takesUndefined<Logging.SetLevelOptions>(),
  "SinkConformance.Options": takesUndefined<SinkConformance.Options<string, never>>(),
  "SplunkOptions": takesUndefined<HttpPresets.SplunkOptions>(),
  "SpoolOptions": takesUndefined<LogSink.SpoolOptions>(),
  "WideEvent.Options": takesUndefined<WideEvent.Options>()
}

/** Those without a name. */
const nameless: ReadonlyArray<boolean> = [
  takesUndefined<Argument<typeof LogSink.exponentialRetry, 0>>(),
  takesUndefined<Extract<LogSink.Reason, { readonly _tag: "Unavailable" }>>(),
  takesUndefined<Extract<LogSink.Reason, { readonly _tag: "Rejected" }>>(),
  takesUndefined<Argument<typeof LogSink.unavailable, 1>>(),
  takesUndefined<Argument<typeof LogSink.rejected, 1>>(),
  takesUndefined<Extract<LogSink.Reason, { readonly _tag: "PerRecord" }>>(),
  takesUndefined<Argument<typeof LogSink.perRecord, 1>>(),
  takesUndefined<Argument<typeof LogSink.tooLarge, 1>>(),
  takesUndefined<Argument<typeof LogRecord.make, 0>>(),
  takesUndefined<ConstructorParameters<typeof LogRecord.ErrorSnapshot>[0]>(),
  takesUndefined<Argument<typeof Logging.layerTest, 0>>(),
  takesUndefined<Argument<typeof Logging.layerFromConfig, 0>>(),
  takesUndefined<Argument<Logging.Logging["Service"]["replay"], 1>>(),
  takesUndefined<Argument<DeadLetters.DeadLetters["append"], 1>>()
]

const all = publicOptions(sourcesOf("src"))

/** A client that nothing is posted with. */
const nobody = HttpClient.make(() => Effect.never)

/** Every option of these interfaces, as `undefined`. */
const noneOf = (...names: ReadonlyArray<string>): Record<string, undefined> => {
  const options = all.filter(({ name }) => names.includes(name)).flatMap(({ options }) => options)
  assert.isNotEmpty(options)
  return Object.fromEntries(options.map(({ name }) => [name, undefined]))
}

describe("an option that can be left out", () => {
  it("takes undefined, in every module", () => {
    assert.deepStrictEqual(Object.keys(byName).toSorted(), all.map(({ name }) => name).toSorted())
    assert.notInclude([...Object.values(byName), ...nameless], false)
  })

  it.effect("is left out when it is undefined, and a sink keeps its own default", () =>
    Effect.gen(function*() {
      const lane = noneOf("LaneOptions")
      const sinks = [
        [ConsoleSink.make({ ...lane, ...noneOf("ConsoleSink.Options") }), ConsoleSink.make()],
        [
          ElasticsearchSink.make({ ...lane, ...noneOf("ElasticsearchSink.Options"), url: "https://search.example" }),
          ElasticsearchSink.make({ url: "https://search.example" })
        ].map(Effect.provideService(HttpClient.HttpClient, nobody)),
        [
          FileSink.make({ ...lane, ...noneOf("FileSink.Options"), path: "/dev/null" }),
          FileSink.make({ path: "/dev/null" })
        ],
        [
          HttpSink.make({ ...lane, ...noneOf("HttpSink.Options"), url: "https://logs.example" }),
          HttpSink.make({ url: "https://logs.example" })
        ].map(Effect.provideService(HttpClient.HttpClient, nobody)),
        [MemorySink.make({ ...lane, ...noneOf("MemorySink.Options") }), MemorySink.make()].map(Effect.succeed),
        [ScriptedSink.make({ ...lane, ...noneOf("ScriptedSink.Options") }), ScriptedSink.make()].map(Effect.succeed)
      ]
      for (const pair of sinks) {
        const [given, expected] = yield* Effect.all(pair)
        assert.isDefined(expected)
        assert.deepStrictEqual([given?.name, given?.options], [expected.name, expected.options])
      }
    }))

  it.effect("is left out when it is undefined, and a runtime keeps its own default", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const deep = { a: { b: { c: "x".repeat(100_000) } }, password: "secret" }
      const logged = (options: object) =>
        Effect.andThen(
          Effect.provide(Effect.logInfo(deep), Logging.layer({ ...options, sinks: [memory] })),
          Effect.sync(() => memory.records.at(-1)?.message)
        )
      const expected = yield* logged({})
      assert.deepStrictEqual(
        yield* logged({
          ...noneOf("RuntimeOptions"),
          limits: noneOf("Limits"),
          redact: noneOf("LogRedactor.Options")
        }),
        expected
      )
      assert.deepStrictEqual(yield* logged(noneOf("RuntimeOptions")), expected)
      const tested = Effect.gen(function*() {
        yield* Effect.logTrace("traced")
        return (yield* (yield* TestLogging.TestLogging).records).length
      })
      assert.strictEqual(yield* Effect.provide(tested, Logging.layerTest({ minimumLevel: undefined })), 1)
    }))
})
