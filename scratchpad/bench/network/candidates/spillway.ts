/**
 * Ours, with default options. Its queue has bounds, so the loop waits for room in it, as a program does that must not
 * lose what it logs faster than it can be sent.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Logging from "../../../../src/Logging.ts"
import type * as LogSink from "../../../../src/LogSink.ts"
import * as ElasticsearchSink from "../../../../src/sinks/ElasticsearchSink.ts"
import * as HttpSink from "../../../../src/sinks/HttpSink.ts"
import * as LokiSink from "../../../../src/sinks/LokiSink.ts"
import * as OtlpSink from "../../../../src/sinks/OtlpSink.ts"
import { directLog } from "../../candidates/direct.ts"
import { build, openLayer } from "../../candidates/effect.ts"
import { shutdownAndCount } from "../../candidates/spillway.ts"
import type { Job } from "../../job.ts"
import { plainLoop } from "../../workload.ts"
import { networkJob } from "../networkJob.ts"

type Sink = Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient>
type Compression = "none" | "gzip"

/** Whatever is left when it is closed is sent, on a busy machine too. */
const shutdownTimeout = "60 seconds"

const loggingTo = (sink: Sink): Layer.Layer<Logging.Logging> =>
  Layer.provide(Logging.layer({ sinks: [sink], shutdownTimeout }), NodeHttpClient.layerUndici)

const room = Effect.flatMap(Logging.Logging, (logging) => Effect.andThen(Effect.yieldNow, logging.room))

const job = (sinkOf: (url: string) => Sink): Job =>
  networkJob({
    closes: "delivered",
    open: (setup) => openLayer(loggingTo(sinkOf(setup.url)), setup, shutdownAndCount, room)
  })

type Options = Pick<OtlpSink.Options, "capacity" | "compression" | "format" | "maxBatchBytes" | "maxBatchSize">

/** Requests as small as those of others by default. */
export const smallBatches = { maxBatchSize: 512 }

const otlpSink = (url: string, options: Options = {}): Sink => OtlpSink.make({ url: `${url}/v1/logs`, ...options })

export const otlp = (options: Options = {}): Job => job((url) => otlpSink(url, options))

/** Called without Effect, as the others are that do not know it. */
export const otlpDirect: Job = networkJob({
  closes: "delivered",
  async open({ url, workload, yieldEvery }) {
    const { close, context } = await build(loggingTo(otlpSink(url)))
    const log = directLog(Context.get(context, Logging.Logging), workload)
    const run = Effect.runPromiseWith(context)
    return {
      log: (events) => plainLoop(log, events, yieldEvery, () => run(room)),
      close: () => run(Effect.tap(shutdownAndCount, close))
    }
  }
})

export const http = (format: "ndjson" | "json-array", options: Omit<Options, "format"> = {}): Job =>
  job((url) => HttpSink.make({ url: `${url}/in`, format, ...options }))

export const loki = (compression: Compression): Job =>
  job((url) => LokiSink.make({ url, labels: { service_name: "bench" }, compression }))

export const elasticsearch = (compression: Compression): Job =>
  job((url) => ElasticsearchSink.make({ url, compression }))
