import { NodeHttpClient } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Config, ConfigProvider, Effect, Layer, type Scope } from "effect"
import type { HttpClient } from "effect/http"
import manifest from "../../package.json" with { type: "json" }
import { Logging, LogSink } from "../../src/index.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"
import { accepted, type Collector, collector, said } from "../servers/Collector.ts"
import { spanEventsOf } from "../support/tracing.ts"
import { attributesOf, logRecordsOf } from "./otlp/judge.ts"

type Make = (far: Collector) => Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient>

const environment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

/** What a collector has after a program logged to it, and what the runtime said on stderr. */
const exported = (
  make: Make,
  program: Effect.Effect<unknown> = Effect.logInfo("placed"),
  env: Record<string, string> = {},
  options: Logging.RuntimeOptions = {}
): Effect.Effect<
  { readonly far: Collector; readonly lines: ReadonlyArray<string>; readonly request: unknown; readonly stats: Logging.Stats },
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
      Effect.provide(Logging.layer({ diagnostics, ...options, sinks: [make(far)] })),
      Effect.provide(environment({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${far.port}`, ...env }))
    )
    const [received] = far.stored
    return { far, lines, stats, request: received && JSON.parse(received.body.toString()) }
  })

const fromCode: Make = (far) => OtlpSink.make({ url: far.url, format: "json" })
const fromVariables: Make = () => OtlpSink.fromEnvironment({ format: "json" })

/** The JSON of the resource, the scope and the records. */
const partsOf = (request: any) => {
  const [{ resource, scopeLogs: [{ scope }] }] = request.resourceLogs
  return { resource: Object.fromEntries(attributesOf(resource)), scope, records: logRecordsOf(request) as ReadonlyArray<any> }
}
