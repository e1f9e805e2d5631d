import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { pathToFileURL } from "node:url"
import { describeDefect } from "../../diagnostics/describe.ts"
import * as Logging from "../../Logging.ts"
import * as LoggingConfig from "../../LoggingConfig.ts"
import { isLogSink, type LogSink } from "../../LogSink.ts"
import { shown } from "../../options/shown.ts"
import { withoutCredentials } from "../../rules/redact/withoutCredentials.ts"
import { defaultSources } from "../../runtime/withEnvironment.ts"
import { ToolError } from "../ToolError.ts"

/** The layer of a log, which is given a client. What else it needs nobody has, and it says that itself. */
type LogLayer = Layer.Layer<never, unknown, HttpClient>
type Source = LogSink | Effect.Effect<LogSink, unknown, HttpClient>

const endpoints = ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]

/** The log that the environment says: that of `Logging.layerFromConfig`, and where a collector is named, that too. */
export const configured: LogLayer = Layer.unwrap(
  Effect.gen(function*() {
    const named = yield* Effect.forEach(endpoints, (name) => Config.withDefault(Config.String(name), ""))
    if (named.every((endpoint) => endpoint.trim() === "")) return Logging.layerFromConfig()
    // Loaded so, it stays a file of its own in the package.
    const OtlpSink = yield* Effect.promise(() => import("../../sinks/OtlpSink.ts"))
    return Logging.layerFromConfig({
      sinks: [...defaultSources(yield* LoggingConfig.load), OtlpSink.fromEnvironment()]
    })
  })
)

const names = ["default", "LoggingLive", "sinks"]

/** The layer that a module exports, or one of the sinks that it exports. */
export const layerIn = (path: string): Effect.Effect<LogLayer, ToolError> =>
  Effect.gen(function*() {
    const exports = yield* Effect.tryPromise({
      try: (): Promise<Readonly<Record<string, unknown>>> => import(pathToFileURL(path).href),
      catch: (error) => failure(`${JSON.stringify(path)} cannot be loaded: ${describeDefect(error)}; mend it`)
    })
    const [first, ...others] = names.filter((name) => name in exports)
    if (first === undefined) {
      return yield* failure(
        `${JSON.stringify(path)} exports none of ${names.join(", ")}; export the layer of the log, or its sinks`
      )
    }
    const layer = [first, ...others].map((name) => layerOf(exports[name])).find((layer) => layer !== undefined)
    return layer ?? (yield* failure(
      `${first} of ${
        JSON.stringify(path)
      } must be the layer of the log, or an array of its sinks and of Effects of them, ` +
        `got ${kindOf(exports[first])}; mend what is exported`
    ))
  })

/** A text may be a secret. */
const kindOf = (u: unknown): string => typeof u === "string" ? "a text" : shown(u)

const layerOf = (exported: unknown): LogLayer | undefined => {
  if (isLogLayer(exported)) return exported
  const sinks: unknown = isSource(exported) ? [exported] : exported
  return areSources(sinks) ? Logging.layerFromConfig({ sinks }) : undefined
}

const failure = (message: string): ToolError => new ToolError({ exitCode: 2, message: withoutCredentials(message) })

const isLogLayer = (u: unknown): u is LogLayer => Layer.isLayer(u)

const isSource = (u: unknown): u is Source => isLogSink(u) || Effect.isEffect(u)

const areSources = (u: unknown): u is ReadonlyArray<Source> => Array.isArray(u) && u.length > 0 && u.every(isSource)
