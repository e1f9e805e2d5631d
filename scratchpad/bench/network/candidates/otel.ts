/** OpenTelemetry's SDK with its exporter for OTLP in protobuf, and room for all events. */
import { SeverityNumber } from "@opentelemetry/api"
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto"
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base"
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordProcessor } from "@opentelemetry/sdk-logs"
import type { Job } from "../../job.ts"
import { boundLog, plainLoop, type WorkloadName } from "../../workload.ts"
import { networkJob } from "../networkJob.ts"

export interface OtelOptions {
  readonly maxExportBatchSize: number
  readonly compression?: "gzip"
}

const info = { severityNumber: SeverityNumber.INFO, severityText: "INFO" }

/** Its log call; annotations and what is logged are attributes. */
export const openOtel = (processor: LogRecordProcessor, workload: WorkloadName) => {
  const provider = new LoggerProvider({ processors: [processor] })
  const logger = provider.getLogger("bench")
  const log = boundLog(workload, (annotations) => ({ annotations: { ...annotations } }), {
    text: ({ annotations }, text) => logger.emit({ ...info, body: text, attributes: annotations }),
    textAndBody: ({ annotations }, text, body) =>
      logger.emit({ ...info, body: text, attributes: { ...annotations, ...body } })
  })
  return { provider, log }
}

export const otel = ({ compression, maxExportBatchSize }: OtelOptions): Job =>
  networkJob({
    closes: "delivered",
    open({ events, url, workload, yieldEvery }) {
      const exporter = new OTLPLogExporter({
        url: `${url}/v1/logs`,
        compression: compression === "gzip" ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE
      })
      const { log, provider } = openOtel(
        new BatchLogRecordProcessor({ exporter, maxQueueSize: events, maxExportBatchSize }),
        workload
      )
      return Promise.resolve({
        log: (events) => plainLoop(log, events, yieldEvery),
        async close() {
          await provider.forceFlush()
          await provider.shutdown()
          return 0
        }
      })
    }
  })
