/** The tables of the network benchmark, as Markdown. */
import { tableOf } from "../../docs/table.ts"
import { medianMore, medianNanos, mostDropped, ratio, type Results } from "../results.ts"
import { spread } from "../stats.ts"
import type { WorkloadName } from "../workload.ts"
import { candidates, type Destination, keyOf } from "./plan.ts"

const titles: Readonly<Record<Destination, string>> = {
  otlp: "OTLP",
  http: "HTTP",
  loki: "Loki",
  elasticsearch: "Elasticsearch",
  serialise: "Serialising"
}

const missing = "–"

const whole = (value: number | undefined): string => value === undefined ? missing : Math.round(value).toString()

export const networkTable = (results: Results, destination: Destination, workload: WorkloadName): string => {
  const rows = candidates[destination].flatMap(({ beside, name, title }) => {
    const key = keyOf(destination, workload, name)
    const result = results.get(key)
    if (result === undefined) return []
    const times = ratio(results, key, keyOf(destination, workload, beside))
    const lost = mostDropped(result)
    return [[
      lost === 0 ? title : `${title} (${lost} not as they were logged)`,
      whole(medianNanos(result)),
      `±${Math.round(100 * spread(result.samples.map(({ nanos }) => nanos)))} %`,
      times === undefined ? missing : times.toFixed(2),
      whole(medianMore(result, "cpu")),
      whole(medianMore(result, "bytes")),
      whole(medianMore(result, "requests"))
    ]]
  })
  if (rows.length === 0) return ""
  const head = [
    `${titles[destination]}, workload ${workload}`,
    "ns per event",
    "spread",
    "× ours",
    "CPU ns",
    "bytes per event",
    "requests"
  ]
  return tableOf([head, ...rows])
}
