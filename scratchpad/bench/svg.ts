/** The picture: one bar per logger, the time of one event. */
import { medianNanos, mostDropped, ratio, type Result, type Results } from "./results.ts"

const width = 1000
const labelWidth = 270
const barWidth = 430
const barHeight = 22
const gap = 8
const panelTop = 58
const margin = 24

const titles = {
  S: "A message with three annotations, JSON lines to a file",
  O: "The same with an object of three fields, one of them an object"
}

const colorOf = (result: Result): string =>
  result.entry.job === "floor" ? "#9aa5b1" : result.entry.job === "spillway" ? "#0b7a75" : "#c9b79c"

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** Our direct logger is called otherwise, and LogTape's file sinks force bytes to the disk, which nobody else does. */
const notInPicture = new Set(["direct", "logtape", "logtapeNonBlocking"])

export const picture = (results: Results): string => {
  const panels = (["S", "O"] as const).map((workload) => ({
    workload,
    rows: [...results.values()]
      .filter(({ entry }) => entry.group === workload && !notInPicture.has(entry.job))
      .toSorted((a, b) => medianNanos(a) - medianNanos(b))
  })).filter(({ rows }) => rows.length > 0)
  let top = margin
  const parts: Array<string> = []
  for (const { rows, workload } of panels) {
    parts.push(panel(workload, rows, (key) => ratio(results, key, `${workload}.spillway`), top))
    top += panelTop + rows.length * (barHeight + gap) + margin
  }
  const height = top + 20
  const note = "Shorter is better. The floor is a logger that does nothing, plus writing as many lines. " +
    "Medians; one process per run, interleaved; everything written when the clock stops."
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Nanoseconds per log event">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    `<text x="${margin}" y="${height - 14}" font-size="11" fill="#52606d">${escape(note)}</text>`,
    "</svg>",
    ""
  ].join("\n")
}

/** How many times longer than ours a candidate takes. */
type Factor = (key: string) => number | undefined

const panel = (
  workload: keyof typeof titles,
  rows: ReadonlyArray<Result>,
  factorOf: Factor,
  top: number
): string => {
  const longest = Math.max(...rows.map(medianNanos))
  const bars = rows.map((result, i) => bar(result, factorOf, top + panelTop + i * (barHeight + gap), longest))
  return [
    `<text x="${margin}" y="${top + 20}" font-size="17" font-weight="600" fill="#1f2933">${titles[workload]}</text>`,
    `<text x="${margin}" y="${top + 40}" font-size="12" fill="#52606d">nanoseconds per event</text>`,
    ...bars
  ].join("\n")
}

const bar = (result: Result, factorOf: Factor, y: number, longest: number): string => {
  const nanos = medianNanos(result)
  const length = Math.max(2, (barWidth * nanos) / longest)
  const dropped = mostDropped(result)
  const isOurs = result.entry.job === "spillway"
  const times = isOurs ? undefined : factorOf(result.entry.key)
  const factor = times === undefined ? "" : ` (${times.toFixed(1)}×)`
  const loss = dropped === 0 ? "" : `, dropped up to ${dropped}`
  const weight = isOurs ? "700" : "400"
  const baseline = y + barHeight / 2 + 5
  const x = margin + labelWidth
  return [
    `<text x="${x - 10}" y="${baseline}" text-anchor="end" font-weight="${weight}" fill="#1f2933">${
      escape(result.entry.title)
    }</text>`,
    `<rect x="${x}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3" fill="${colorOf(result)}"/>`,
    `<text x="${(x + length + 8).toFixed(1)}" y="${baseline}" font-weight="${weight}" fill="#1f2933">${
      Math.round(nanos)
    }${factor}${loss}</text>`
  ].join("\n")
}
