/** The targets of the project for what is sent over HTTP. */
import { type Target, timesFaster } from "../targets.ts"
import type { WorkloadName } from "../workload.ts"
import { type Destination, keyOf } from "./plan.ts"

/** Of those that have several modes the faster one counts, so each must be met. */
const faster: ReadonlyArray<
  readonly [destination: Destination, title: string, ours: string, theirs: ReadonlyArray<string>, limit: number]
> = [
  ["otlp", "OTLP against the SDK of OpenTelemetry", "spillway", ["otel512", "otel4096"], 3],
  ["otlp", "OTLP against Effect's OtlpLogger, protobuf", "spillway", ["effect"], 25],
  ["http", "HTTP against winston", "spillwayArray", ["winston500", "winston4000"], 5],
  ["loki", "Loki against pino-loki, neither compressed", "spillwayPlain", ["pino", "pinoWorker"], 3],
  ["elasticsearch", "Elasticsearch against pino-elasticsearch, neither compressed", "spillwayPlain", [
    "pino",
    "pinoWorker"
  ], 3]
]

const workloads: ReadonlyArray<WorkloadName> = ["S", "O"]

const serialised: Target = {
  key: "serialise.S.spillway.itself",
  title: "S: a record as protobuf",
  needs: [keyOf("serialise", "S", "spillway")],
  compute: ([sample]) => sample?.nanos ?? Number.NaN,
  better: "lower",
  limit: 400,
  unit: "ns"
}

export const networkTargets: ReadonlyArray<Target> = [
  ...workloads.flatMap((workload) =>
    faster.flatMap(([destination, title, ours, all, limit]) =>
      all.map((theirs) =>
        timesFaster(
          `${workload}: ${title}${all.length > 1 ? ` (${theirs})` : ""}`,
          keyOf(destination, workload, ours),
          keyOf(destination, workload, theirs),
          limit
        )
      )
    )
  ),
  serialised
]
