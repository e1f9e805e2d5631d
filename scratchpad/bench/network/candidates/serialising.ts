/** Requests of OTLP made from records that are there, and not sent: nanoseconds a record, the median of some passes. */
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer"
import type { LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs"
import * as Effect from "effect/Effect"
import * as Logging from "../../../../src/Logging.ts"
import type * as LogRecord from "../../../../src/LogRecord.ts"
import * as LogSink from "../../../../src/LogSink.ts"
import { JsonLogs } from "../../../../src/sinks/otlp/JsonLogs.ts"
import { ProtobufLogs } from "../../../../src/sinks/otlp/ProtobufLogs.ts"
import { resourceOf } from "../../../../src/sinks/otlp/resource.ts"
import { openLayer } from "../../candidates/effect.ts"
import { shutdownAndCount } from "../../candidates/spillway.ts"
import { startInstrument } from "../../instruments.ts"
import { collectGarbage, type Job, nanosSince } from "../../job.ts"
import { median } from "../../stats.ts"
import { plainLoop, type WorkloadName } from "../../workload.ts"
import { openOtel } from "./otel.ts"

const passes = 9
/** The batch of each of both by default. */
const batchSize = 512

const emitter = { resource: resourceOf({ serviceName: "bench" }), scope: { name: "bench", version: undefined } }
const mapping = { flatten: false, uid: true, mostAttributes: 128, mostText: Infinity }

type Serialise<A> = (batch: Array<A>) => { readonly length: number } | undefined

const job = <A>(
  recordsOf: (workload: WorkloadName, events: number) => Promise<Array<A>>,
  serialise: Serialise<A>
): Job => ({
  async measure({ events, workload }) {
    const records = await recordsOf(workload, events)
    if (records.length !== events) throw new Error(`${records.length} of ${events} records are there`)
    const batches: Array<Array<A>> = []
    for (let from = 0; from < events; from += batchSize) batches.push(records.slice(from, from + batchSize))
    const times: Array<number> = []
    let bytes = 0
    const pass = (): void => {
      const start = process.hrtime.bigint()
      bytes = 0
      for (const batch of batches) bytes += serialise(batch)?.length ?? Number.NaN
      times.push(nanosSince(start) / events)
    }
    pass()
    times.length = 0
    collectGarbage()
    const instrument = await startInstrument()
    for (let i = 0; i < passes; i++) pass()
    await instrument.stop()
    return { nanos: median(times), dropped: 0, more: { bytes: bytes / events } }
  }
})

const ourRecords = async (workload: WorkloadName, events: number): Promise<Array<LogRecord.LogRecord>> => {
  const records: Array<LogRecord.LogRecord> = []
  const sink = LogSink.make({
    name: "kept",
    // Room for all of them.
    capacity: events * 2,
    maxBytes: events * 4096,
    write: (batch) => Effect.sync(() => void records.push(...batch))
  })
  const session = await openLayer(Logging.layer({ sinks: [sink] }), { workload, yieldEvery: 0 }, shutdownAndCount)
  await session.log(events)
  await session.close()
  return records
}

const otelRecords = async (workload: WorkloadName, events: number): Promise<Array<ReadableLogRecord>> => {
  const records: Array<ReadableLogRecord> = []
  const processor: LogRecordProcessor = {
    onEmit: (record) => void records.push(record),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve()
  }
  const { log } = openOtel(processor, workload)
  await plainLoop(log, events, 0)
  return records
}

export const spillwayProtobuf = (): Job => {
  const logs = new ProtobufLogs(emitter, mapping)
  return job(ourRecords, (batch) => logs.encode(batch))
}

export const spillwayJson = (): Job => {
  const logs = new JsonLogs(emitter, mapping)
  return job(ourRecords, (batch) => logs.encode(batch))
}

export const otelProtobuf = (): Job => job(otelRecords, (batch) => ProtobufLogsSerializer.serializeRequest(batch))

export const otelJson = (): Job => job(otelRecords, (batch) => JsonLogsSerializer.serializeRequest(batch))
