/** What the network benchmark can measure. Loaded on demand, so that a process holds one logger only. */
import type { Job } from "../job.ts"

const spillway = () => import("./candidates/spillway.ts")
const effectOtlp = () => import("./candidates/effectOtlp.ts")
const otel = () => import("./candidates/otel.ts")
const winston = () => import("./candidates/winstonHttp.ts")
const pino = () => import("./candidates/pinoStreams.ts")
const serialising = () => import("./candidates/serialising.ts")

export const networkJobs: Readonly<Record<string, () => Promise<Job>>> = {
  otlpSpillway: async () => (await spillway()).otlp(),
  otlpSpillway512: async () => {
    const { smallBatches, otlp } = await spillway()
    return otlp(smallBatches)
  },
  otlpSpillwayDirect: async () => (await spillway()).otlpDirect,
  otlpSpillwayGzip: async () => (await spillway()).otlp({ compression: "gzip" }),
  otlpSpillwayJson: async () => (await spillway()).otlp({ format: "json" }),
  otlpOtel512: async () => (await otel()).otel({ maxExportBatchSize: 512 }),
  otlpOtel4096: async () => (await otel()).otel({ maxExportBatchSize: 4096 }),
  otlpOtelGzip: async () => (await otel()).otel({ maxExportBatchSize: 4096, compression: "gzip" }),
  otlpEffect: async () => (await effectOtlp()).effectOtlp("protobuf"),
  otlpEffectJson: async () => (await effectOtlp()).effectOtlp("json"),
  httpSpillway: async () => (await spillway()).http("ndjson"),
  httpSpillway512: async () => {
    const { http, smallBatches } = await spillway()
    return http("json-array", smallBatches)
  },
  httpSpillwayArray: async () => (await spillway()).http("json-array"),
  httpWinston500: async () => (await winston()).winstonHttp(500),
  httpWinston4000: async () => (await winston()).winstonHttp(4000),
  lokiSpillway: async () => (await spillway()).loki("gzip"),
  lokiSpillwayPlain: async () => (await spillway()).loki("none"),
  lokiPino: async () => (await pino()).loki("same"),
  lokiPinoWorker: async () => (await pino()).loki("worker"),
  elasticsearchSpillway: async () => (await spillway()).elasticsearch("gzip"),
  elasticsearchSpillwayPlain: async () => (await spillway()).elasticsearch("none"),
  elasticsearchPino: async () => (await pino()).elasticsearch("same"),
  elasticsearchPinoWorker: async () => (await pino()).elasticsearch("worker"),
  serialiseSpillway: async () => (await serialising()).spillwayProtobuf(),
  serialiseSpillwayJson: async () => (await serialising()).spillwayJson(),
  serialiseOtel: async () => (await serialising()).otelProtobuf(),
  serialiseOtelJson: async () => (await serialising()).otelJson()
}
