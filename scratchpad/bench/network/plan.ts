/** What one run of the network benchmark measures. */
import { type Entry, only } from "../plan.ts"
import type { WorkloadName } from "../workload.ts"
import type { NetworkOptions } from "./options.ts"

export const destinations = ["otlp", "http", "loki", "elasticsearch", "serialise"] as const

export type Destination = (typeof destinations)[number]

export interface Candidate {
  /** The second part of its job, and the third of its key. */
  readonly name: string
  readonly title: string
  /** Which of ours sends the same way, by its name. */
  readonly beside: string
}

export const candidates: Readonly<Record<Destination, ReadonlyArray<Candidate>>> = {
  otlp: [
    { name: "spillway", title: "Spillway", beside: "spillway" },
    { name: "spillway512", title: "Spillway, batches of 512", beside: "spillway" },
    { name: "spillwayDirect", title: "Spillway, direct logger", beside: "spillway" },
    { name: "otel512", title: "OpenTelemetry SDK, batches of 512", beside: "spillway" },
    { name: "otel4096", title: "OpenTelemetry SDK, batches of 4096", beside: "spillway" },
    { name: "effect", title: "Effect OtlpLogger, protobuf", beside: "spillway" },
    { name: "spillwayJson", title: "Spillway, JSON", beside: "spillwayJson" },
    { name: "effectJson", title: "Effect OtlpLogger, JSON", beside: "spillwayJson" },
    { name: "spillwayGzip", title: "Spillway, gzip", beside: "spillwayGzip" },
    { name: "otelGzip", title: "OpenTelemetry SDK, batches of 4096, gzip", beside: "spillwayGzip" }
  ],
  http: [
    { name: "spillway", title: "Spillway, JSON lines", beside: "spillway" },
    { name: "spillwayArray", title: "Spillway, JSON array", beside: "spillwayArray" },
    { name: "spillway512", title: "Spillway, JSON array, batches of 512", beside: "spillwayArray" },
    { name: "winston500", title: "winston, batches of 500", beside: "spillwayArray" },
    { name: "winston4000", title: "winston, batches of 4000", beside: "spillwayArray" }
  ],
  loki: [
    { name: "spillway", title: "Spillway, gzip", beside: "spillwayPlain" },
    { name: "spillwayPlain", title: "Spillway, not compressed", beside: "spillwayPlain" },
    { name: "pino", title: "pino-loki", beside: "spillwayPlain" },
    { name: "pinoWorker", title: "pino-loki in a worker", beside: "spillwayPlain" }
  ],
  elasticsearch: [
    { name: "spillway", title: "Spillway, gzip", beside: "spillwayPlain" },
    { name: "spillwayPlain", title: "Spillway, not compressed", beside: "spillwayPlain" },
    { name: "pino", title: "pino-elasticsearch", beside: "spillwayPlain" },
    { name: "pinoWorker", title: "pino-elasticsearch in a worker", beside: "spillwayPlain" }
  ],
  serialise: [
    { name: "spillway", title: "Spillway, protobuf", beside: "spillway" },
    { name: "otel", title: "OpenTelemetry, protobuf", beside: "spillway" },
    { name: "spillwayJson", title: "Spillway, JSON", beside: "spillwayJson" },
    { name: "otelJson", title: "OpenTelemetry, JSON", beside: "spillwayJson" }
  ]
}

/** The two of the targets, and one in which every event has a number. */
export const networkWorkloads: ReadonlyArray<WorkloadName> = ["S", "O", "T"]

/** What loses nothing where a smaller batch loses nothing. */
const notInQuick = new Set(["spillway4096", "otel4096", "winston4000", "spillwayArray"])

/** So that no queue grows for want of a turn in which something is sent. */
const eventsPerTurn = 1000

export const keyOf = (destination: Destination, workload: WorkloadName, name: string): string =>
  `${destination}.${workload}.${name}`

const jobOf = (destination: Destination, name: string): string =>
  `${destination}${name.charAt(0).toUpperCase()}${name.slice(1)}`

export const networkPlan = ({ events, only: words, quick, rounds }: NetworkOptions): ReadonlyArray<Entry> => {
  // In a daily run it is seen that nothing is lost, of what can be.
  const sending = quick ? destinations.filter((destination) => destination !== "serialise") : destinations
  const workloads = quick ? networkWorkloads.filter((workload) => workload === "T") : networkWorkloads
  const all = sending.flatMap((destination) =>
    workloads.flatMap((workload) =>
      candidates[destination].filter(({ name }) => !quick || !notInQuick.has(name)).map(({ name, title }): Entry => ({
        key: keyOf(destination, workload, name),
        title,
        job: jobOf(destination, name),
        workload,
        events,
        yieldEvery: eventsPerTurn,
        adaptive: false,
        rounds,
        file: "unchecked",
        group: "network"
      }))
    )
  )
  return only(words, all)
}
