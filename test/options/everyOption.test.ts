/** Every option of every public module, and the mistakes that are made with options of its type. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Redacted, Schema } from "effect"
import { type Option, publicOptions } from "../../scratchpad/docs/options.ts"
import * as AccessLog from "../../src/AccessLog.ts"
import * as PinoLogger from "../../src/bridges/PinoLogger.ts"
import * as RequestLog from "../../src/bridges/RequestLog.ts"
import * as CommandLog from "../../src/CommandLog.ts"
import * as ErrorReports from "../../src/ErrorReports.ts"
import {
  ConsoleSink,
  DeadLetters,
  FileSink,
  LogEncoder,
  LogEvent,
  LogFields,
  Logging,
  LogLevels,
  LogRedactor,
  LogRoutes,
  LogSink,
  MemorySink,
  ProcessHooks,
  ScriptedSink,
  SinkConformance,
  WideEvent
} from "../../src/index.ts"
import { shown } from "../../src/options/shown.ts"
import * as RpcLog from "../../src/RpcLog.ts"
import * as ClickHouseSink from "../../src/sinks/ClickHouseSink.ts"
import * as ElasticsearchSink from "../../src/sinks/ElasticsearchSink.ts"
import * as HttpPresets from "../../src/sinks/HttpPresets.ts"
import * as HttpSink from "../../src/sinks/HttpSink.ts"
import * as LokiSink from "../../src/sinks/LokiSink.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"
import * as WorkLog from "../../src/WorkLog.ts"
import { sourcesOf } from "../docs/structure.ts"
import { givenTo, sentenceOf } from "../support/mistakes.ts"

type Given = Readonly<Record<string, unknown>>

interface Taker {
  /** The function, and the option that holds these options where they are inside of others. */
  readonly where: string
  readonly at?: string
  readonly take: (options: Given) => unknown
  /** Options that it cannot do without. */
  readonly needed?: Given
  /** Whether it takes them all as options that can be left out. */
  readonly partial?: true
}

/** What throws where an Effect fails before it waits for anything. Nothing can be opened there, whatever the options are. */
const openLetters = (options: Given): void => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is wrong about it is what is looked for
  const opened = Effect.scoped(DeadLetters.open(options as unknown as DeadLetters.Options))
  const failed = Effect.runSyncExit(Effect.flip(opened))
  if (Exit.isSuccess(failed) && failed.value.reason === "Options") throw new RangeError(failed.value.message)
}

const recordsOf = (options: Logging.RecordsOptions): unknown =>
  Effect.runSync(Effect.scoped(
    Effect.map(Logging.make({ sinks: [] }), (context) => Context.get(context, Logging.Logging).records(options))
  ))

const secret = Redacted.make("1234")

class Wrong extends Schema.TaggedError<Wrong>()("Wrong", {}) {}

const conformance = { make: Effect.void, stored: () => Effect.succeed([]) }

const takers: Readonly<Record<string, Taker>> = {
  "AccessLog.Options": {
    where: "AccessLog.layer",
    take: (options) => givenTo(AccessLog.layer, options)
  },
  "CommandLog.Options": {
    where: "CommandLog.record",
    take: (options) => givenTo(CommandLog.record, options)
  },
  "ErrorReports.Options": {
    where: "ErrorReports.layer",
    take: (options) => givenTo(ErrorReports.layer, options)
  },
  "JobOptions": {
    where: "WorkLog.job",
    take: (options) => givenTo((given: WorkLog.JobOptions) => WorkLog.job("report", given), options)
  },
  "RpcLog.Options": {
    where: "RpcLog.layer",
    take: (options) => givenTo(RpcLog.layer, options)
  },
  "AccessOptions": {
    where: "AccessLog.middleware",
    take: (options) => givenTo(AccessLog.middleware, options)
  },
  "Answers": {
    where: "SinkConformance.cases",
    at: "answers",
    take: (answers) => givenTo(SinkConformance.cases, { ...conformance, answers })
  },
  "AxiomOptions": {
    where: "HttpPresets.axiom",
    take: (options) => givenTo(HttpPresets.axiom, options),
    needed: { token: secret, dataset: "orders" }
  },
  "BetterStackOptions": {
    where: "HttpPresets.betterStack",
    take: (options) => givenTo(HttpPresets.betterStack, options),
    needed: { url: "https://logs.example", sourceToken: secret }
  },
  "Breaker": {
    where: "MemorySink.make",
    at: "breaker",
    take: (breaker) => givenTo(MemorySink.make, { breaker }),
    needed: { failures: 3, cooldown: "1s" }
  },
  "ChildOptions": { where: "PinoLogger.make", take: (options) => givenTo(PinoLogger.make, options) },
  "ClickHouseSink.Options": {
    where: "ClickHouseSink.make",
    take: (options) => givenTo(ClickHouseSink.make, options),
    needed: { url: "http://logs.example:8123", table: "logs" }
  },
  "Condition": {
    where: "LogRoutes.make",
    at: "routes[0].when",
    take: (when) => givenTo(LogRoutes.make, [{ when, to: [] }])
  },
  "ConsoleSink.Options": { where: "ConsoleSink.make", take: (options) => givenTo(ConsoleSink.make, options) },
  "DatadogOptions": {
    where: "HttpPresets.datadog",
    take: (options) => givenTo(HttpPresets.datadog, options),
    needed: { apiKey: secret }
  },
  "DeadLetters.Options": {
    where: "DeadLetters.open",
    take: openLetters,
    needed: { directory: "/dev/null/spool", lane: "a" }
  },
  "ElasticsearchSink.Options": {
    where: "ElasticsearchSink.make",
    take: (options) => givenTo(ElasticsearchSink.make, options),
    needed: { url: "https://search.example:9200" }
  },
  "FieldMap": {
    where: "MemorySink.make",
    at: "map",
    take: (map) => givenTo(MemorySink.make, { map })
  },
  "FileSink.Options": {
    where: "FileSink.make",
    take: (options) => givenTo(FileSink.make, options),
    needed: { path: "app.log" }
  },
  "HealthOptions": {
    where: "AccessLog.layer",
    at: "health",
    take: (health) => givenTo(AccessLog.layer, { health }),
    needed: { paths: ["/healthz"] }
  },
  "HttpSink.Options": {
    where: "HttpSink.make",
    take: (options) => givenTo(HttpSink.make, options),
    needed: { url: "https://logs.example/in" }
  },
  "JsonFields": {
    where: "LogEncoder.json",
    at: "fields",
    take: (fields) => givenTo(LogEncoder.json, { fields })
  },
  "JsonOptions": { where: "LogEncoder.json", take: (options) => givenTo(LogEncoder.json, options) },
  "LaneOptions": {
    where: `LogSink.withOptions("memory")`,
    take: (options) => givenTo(LogSink.withOptions, MemorySink.make(), options),
    partial: true
  },
  "Limits": {
    where: "Logging.layer",
    at: "limits",
    take: (limits) => givenTo(Logging.layer, { sinks: [], limits }),
    partial: true
  },
  "LogLevels.Options": { where: "LogLevels.make", take: (options) => givenTo(LogLevels.make, options) },
  "LogRedactor.Options": { where: "LogRedactor.make", take: (options) => givenTo(LogRedactor.make, options) },
  "LogSink.Options": {
    where: "LogSink.make",
    take: (options) => givenTo(LogSink.make, options),
    needed: { name: "archive", write: () => Effect.void }
  },
  "Logging.Options": {
    where: "Logging.layer",
    take: (options) => givenTo(Logging.layer, options),
    needed: { sinks: [] }
  },
  "LokiSink.Options": {
    where: "LokiSink.make",
    take: (options) => givenTo(LokiSink.make, options),
    needed: { url: "https://loki.example", labels: { service_name: "orders" } }
  },
  "ErrorOptions": {
    where: "LogEvent.error",
    take: (options) => givenTo((given: LogEvent.ErrorOptions<Wrong>) => LogEvent.error(Wrong, given), options)
  },
  "LogEvent.Options": {
    where: "LogEvent.make",
    take: (options) => givenTo((given: LogEvent.Options<{}>) => LogEvent.make("order.paid", given), options),
    needed: { fields: {} }
  },
  "LogFields.Options": {
    where: "LogFields.fromEnvironment",
    take: (options) => givenTo(LogFields.fromEnvironment, options)
  },
  "MemorySink.Options": { where: "MemorySink.make", take: (options) => givenTo(MemorySink.make, options) },
  "LogfmtOptions": { where: "LogEncoder.logfmt", take: (options) => givenTo(LogEncoder.logfmt, options) },
  "PrettyOptions": { where: "LogEncoder.pretty", take: (options) => givenTo(LogEncoder.pretty, options) },
  "NewRelicOptions": {
    where: "HttpPresets.newRelic",
    take: (options) => givenTo(HttpPresets.newRelic, options),
    needed: { licenseKey: secret }
  },
  "OtlpSink.Options": { where: "OtlpSink.make", take: (options) => givenTo(OtlpSink.make, options) },
  "Pace": {
    where: `LogSink.make("archive")`,
    at: "pace",
    take: (pace) => givenTo(LogSink.make, { name: "archive", write: () => Effect.void, pace }),
    needed: { slice: 10, full: 100 }
  },
  "PinoLogger.Options": { where: "PinoLogger.make", take: (options) => givenTo(PinoLogger.make, options) },
  "PresetOptions": {
    where: "HttpPresets.datadog",
    take: (options) => givenTo(HttpPresets.datadog, options),
    needed: { apiKey: secret }
  },
  "ProcessHooks.Options": {
    where: "ProcessHooks.layerWith",
    take: (options) => givenTo(ProcessHooks.layerWith, options)
  },
  "RecordLimit": {
    where: `LogSink.make("archive")`,
    at: "recordLimit",
    take: (recordLimit) => givenTo(LogSink.make, { name: "archive", write: () => Effect.void, recordLimit }),
    needed: { maxBytes: 1000, sizeOf: () => 1 }
  },
  "RecordsOptions": {
    where: "Logging.records",
    take: (options) => givenTo(recordsOf, options)
  },
  "RequestOptions": { where: "RequestLog.make", take: (options) => givenTo(RequestLog.make, options) },
  "ResourceOptions": {
    where: "OtlpSink.make",
    at: "resource",
    take: (resource) => givenTo(OtlpSink.make, { resource })
  },
  "Route": {
    where: "LogRoutes.make",
    at: "routes[0]",
    take: (route) => givenTo(LogRoutes.make, [route]),
    needed: { to: [] }
  },
  "RuntimeOptions": {
    where: "Logging.layerFromConfig",
    take: (options) => givenTo(Logging.layerFromConfig, options)
  },
  "ScopeOptions": {
    where: "OtlpSink.make",
    at: "scope",
    take: (scope) => givenTo(OtlpSink.make, { scope }),
    needed: { name: "orders" }
  },
  "ScriptedSink.Options": { where: "ScriptedSink.make", take: (options) => givenTo(ScriptedSink.make, options) },
  "SetLevelOptions": {
    where: "Logging.setLevel",
    take: (options) => givenTo(Logging.setLevel, "Debug", options)
  },
  "SinkConformance.Options": {
    where: "SinkConformance.cases",
    take: (options) => givenTo(SinkConformance.cases, options),
    needed: conformance
  },
  "SplunkOptions": {
    where: "HttpPresets.splunk",
    take: (options) => givenTo(HttpPresets.splunk, options),
    needed: { url: "https://logs.example:8088", token: secret }
  },
  "SpoolOptions": {
    where: "MemorySink.make",
    at: "spool",
    take: (spool) => givenTo(MemorySink.make, { spool }),
    needed: { directory: "spool", mode: "always" }
  },
  "WideEvent.Options": {
    where: "WideEvent.record",
    take: (options) => givenTo((given: WideEvent.Options) => WideEvent.record("checkout", given), options)
  }
}

/** What options of a type are mistaken for. The first that fits a type as it is written counts. */
const mistakes: ReadonlyArray<readonly [type: RegExp, values: ReadonlyArray<unknown>]> = [
  [/^LevelInput\b/, ["loud", 3, async () => {}]],
  [/^TrustedProxies\b/, [-1, 1.5, "private", {}]],
  [/=>/, [5, "f", async () => {}]],
  [/^number\b/, [-1, Number.NaN, "10", 1.5]],
  [/^DurationInput\b/, ["5 parsecs", -5, Number.NaN, {}]],
  [/^(?:Bound|Level)Input\b/, ["loud", 3]],
  [/^F \| /, ["fields", 3, []]],
  [/^boolean\b/, ["yes", 0]],
  [/^string\b|string & /, [5, ""]],
  [/^"|^LogEncoder\.Format|^Voice|^Format\b|^Compression\b/, ["nope", 5]],
  [/^LogEncoder\.LogEncoder\b/, ["nope", 5, {}]],
  [/^TrustedProxies\b/, [-1, 1.5, "private", {}]],
  [/^Readonly<Record|^Statuses\b|^Serializers\b/, ["nope", 5, []]],
  [/^Redacted\b/, [5, {}]],
  [/^ReadonlyArray|^Sources/, ["single", {}]],
  [
    /^(?:Auth|Breaker|Pace|RecordLimit|RecordMap|Condition|HealthOptions|ResourceOptions|ScopeOptions|SpoolOptions|JsonFields|LogRedactor\.Options|Given|Answers)\b/,
    [
      { nonsense: 1 },
      true,
      []
    ]
  ],
  [/^Cron\b/, ["0 4 * * *", {}]],
  [/^(?:Schedule|Effect|LogSink|Step)\b/, [5, {}]]
]

/** What is right for all that. */
const right: Readonly<Record<string, ReadonlyArray<unknown>>> = {
  "ChildOptions.msgPrefix": [""],
  "LogRedactor.Options.marker": [""],
  "ErrorOptions.why": ["f"],
  "ErrorOptions.fix": ["f"]
}

const all = publicOptions(sourcesOf("src"))

const mistakesWith = ({ name, type }: Option, of: string): ReadonlyArray<unknown> => {
  const found = mistakes.find(([written]) => written.test(type))
  assert.isDefined(found, `no mistake is known with a ${type}`)
  const fine = right[`${of}.${name}`] ?? []
  return [Symbol("nothing"), ...found[1].filter((value) => !fine.includes(value))]
}

/** How a sentence shows a value: of what is wrong inside of one, only the place is known. */
const isShown = (sentence: string, value: unknown): boolean =>
  (sentence.includes(" must be ") && sentence.endsWith(`, got ${shown(value)}`)) ||
  (sentence.includes(" must be ") && typeof value === "function" && sentence.includes(", got an async function; ")) ||
  sentence.includes(`has no option "nonsense"`)

describe("every option of the public modules", () => {
  it("has a function that takes it", () => {
    assert.deepStrictEqual(Object.keys(takers).toSorted(), all.map(({ name }) => name).toSorted())
  })

  for (const { name: of, options } of all) {
    const { at, needed = {}, partial, take, where } = takers[of] ?? { where: of, take: () => {} }
    const inside = at === undefined ? "" : `${at}.`
    const place = of === "LogSink.Options" ? `LogSink.make("archive")` : where

    for (const option of options) {
      it(`${of}.${option.name} is refused with its name, its value and what it must be`, () => {
        for (const value of mistakesWith(option, of)) {
          const sentence = sentenceOf(() => take({ ...needed, [option.name]: value }))
          const named = option.name === "name" && of === "LogSink.Options" && typeof value === "string"
            ? `LogSink.make(${shown(value)})`
            : option.name === "name" && of === "LogSink.Options"
            ? "LogSink.make"
            : place
          assert.isTrue(sentence.startsWith(`${named}: ${inside}${option.name} `), sentence)
          assert.isTrue(isShown(sentence, value), sentence)
        }
      })

      it(`${of}.${option.name} is taken as ${option.type}`, () => {
        const forms = [
          ...(option.isOptional || partial === true ? [undefined] : []),
          ...(option.type.startsWith("DurationInput") ? ["5s", "500 millis", "5 secs", 5] : []),
          ...(option.type.startsWith("BoundInput") ? ["warning", "WARN", "none"] : [])
        ]
        for (const value of forms) {
          assert.strictEqual(sentenceOf(() => take({ ...needed, [option.name]: value })), "not refused")
        }
      })
    }

    it(`${of} has none that nobody knows, and the nearest is named`, () => {
      for (const { name } of options) {
        const wrong = `${name}${name.at(-1)}`
        const sentence = sentenceOf(() => take({ ...needed, [wrong]: 1 }))
        const owner = at === undefined ? place : `${where}: ${at}`
        assert.strictEqual(sentence, `${owner} has no option "${wrong}"; did you mean "${name}"?`)
      }
    })
  }
})
