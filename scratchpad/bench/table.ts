/** The tables on the terminal. */
import { medianMore, medianNanos, mostDropped, ratio, type Result, type Results } from "./results.ts"
import { net, netRatio, oursBeside } from "./service/net.ts"
import { spread } from "./stats.ts"
import type { Verdict } from "./targets.ts"
import type { WorkloadName } from "./workload.ts"

const missing = "–"

const whole = (value: number | undefined): string => value === undefined ? missing : Math.round(value).toString()

const times = (value: number | undefined): string => value === undefined ? missing : `${value.toFixed(2)}×`

const percent = (value: number): string => `±${Math.round(100 * value)} %`

const render = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  const lines = rows.map((row) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)).join(
      "  "
    )
  )
  return lines.join("\n")
}

const spreadOf = (result: Result): string => percent(spread(result.samples.map(({ nanos }) => nanos)))

export const fileTable = (results: Results, workload: WorkloadName): string => {
  const rows = [...results.values()].filter(({ entry }) => entry.group === workload)
  if (rows.length === 0) return ""
  const header = [
    `Workload ${workload} to a file`,
    "ns/event",
    "spread",
    "CPU ns",
    "× floor",
    "× ours",
    "bytes/line",
    "heap B/event",
    "dropped"
  ]
  const body = rows.map((result) => [
    result.entry.title,
    whole(medianNanos(result)),
    spreadOf(result),
    whole(medianMore(result, "cpu")),
    times(ratio(results, result.entry.key, `${workload}.floor`)),
    times(ratio(results, result.entry.key, `${workload}.spillway`)),
    whole(medianMore(result, "line")),
    whole(result.allocated),
    mostDropped(result) === 0 ? "0" : `${mostDropped(result)} (!)`
  ])
  return render([header, ...body])
}

/** Workload W, as a whole and less the service alone. */
export const serviceTable = (results: Results): string => {
  const rows = [...results.values()].filter(({ entry }) => entry.group === "W")
  if (rows.length === 0) return ""
  const header = [
    "Workload W, a service, to a file",
    "ns/event",
    "spread",
    "net",
    "× ours, net",
    "CPU ns",
    "heap B/event",
    "loop p99 ms",
    "bytes/line",
    "dropped"
  ]
  const body = rows.map((result) => {
    const { allocated, entry: { key } } = result
    const delay = medianMore(result, "loopP99")
    return [
      result.entry.title,
      whole(medianNanos(result)),
      spreadOf(result),
      whole(net(results, key)),
      times(netRatio(results, key, oursBeside(key))),
      whole(medianMore(result, "cpu")),
      whole(allocated),
      delay === undefined ? missing : (delay / 1e6).toFixed(1),
      whole(medianMore(result, "line")),
      mostDropped(result) === 0 ? "0" : `${mostDropped(result)} (!)`
    ]
  })
  return render([header, ...body])
}

export const callerTable = (results: Results): string => {
  const rows = [...results.values()].filter(({ entry }) => entry.group === "caller")
  if (rows.length === 0) return ""
  const body = rows.map((result) => [
    result.entry.title,
    whole(medianNanos(result)),
    spreadOf(result),
    times(ratio(results, result.entry.key, `${result.entry.workload}.callerNoop`)),
    mostDropped(result) === 0 ? "0" : `${mostDropped(result)} (!)`
  ])
  return render([["What the caller waits", "ns/event", "spread", "× no-op", "dropped"], ...body])
}

export const scenarioTable = (results: Results): string => {
  const rows = [...results.values()].filter(({ entry }) => entry.group === "scenario")
  if (rows.length === 0) return ""
  const names = (result: Result): string =>
    Object.keys(result.samples[0]?.more ?? {})
      .map((name) => `${name} ${figure(medianMore(result, name))}`)
      .join(", ")
  const body = rows.map((result) => [
    result.entry.title,
    whole(medianNanos(result)),
    spreadOf(result),
    mostDropped(result) === 0 ? "0" : `${mostDropped(result)} (!)`
  ])
  const table = render([["Scenarios", "ns", "spread", "dropped"], ...body]).split("\n")
  return table.map((line, i) => {
    const result = rows[i - 1]
    return result === undefined ? line : `${line}  ${names(result)}`.trimEnd()
  }).join("\n")
}

export const oddTable = (results: Results): string => {
  const rows = [...results.values()].filter(({ entry }) => entry.group === "odd")
  if (rows.length === 0) return ""
  const body = rows.map((result) => [
    result.entry.title,
    whole(medianNanos(result)),
    spreadOf(result),
    whole(medianMore(result, "bytes")),
    figure(medianMore(result, "perByte")),
    mostDropped(result) === 0 ? "0" : `${mostDropped(result)} (!)`
  ])
  return render([["Odd records to a file", "ns/event", "spread", "bytes/line", "ns/byte", "dropped"], ...body])
}

const figure = (value: number | undefined): string =>
  value === undefined ? missing : value >= 100 ? Math.round(value).toString() : value.toFixed(2)

const verdictOf = ({ dropped, met }: Verdict): string =>
  met ? "met" : dropped > 0 ? `does not count: ${dropped} dropped` : "NOT MET"

export const targetTable = (verdicts: ReadonlyArray<Verdict>): string => {
  if (verdicts.length === 0) return ""
  const body = verdicts.map((verdict) => {
    const { better, limit, title, unit } = verdict.target
    const show = (value: number): string => {
      if (unit === "records") return value.toFixed(0)
      if (unit === "×") return `${value.toFixed(2)}×`
      return unit === "ns" ? `${value.toFixed(0)} ns` : `${value.toFixed(1)} MiB`
    }
    return [title, `${better === "lower" ? "≤" : "≥"} ${show(limit)}`, show(verdict.measured), verdictOf(verdict)]
  })
  return render([["Targets", "wanted", "measured", ""], ...body])
}
