/** The picture: one bar per logger, the time of one event. */
import { medianNanos, mostDropped, ratio, type Results } from "./results.ts"
import { net, netRatio, oursBeside } from "./service/net.ts"

const width = 1000
const labelWidth = 270
const barWidth = 430
const barHeight = 22
const gap = 8
const panelTop = 58
const margin = 24

type Panel = { readonly title: string; readonly bars: ReadonlyArray<Bar> }

interface Bar {
  readonly title: string
  readonly nanos: number
  readonly role: "ours" | "floor" | "other"
  /** How many times as long as ours it takes. */
  readonly factor: number | undefined
  readonly dropped: number
}

const colors = { ours: "#0b7a75", floor: "#9aa5b1", other: "#c9b79c" }

/** Our direct logger is called otherwise, and LogTape's file sinks force bytes to the disk, which nobody else does. */
const notInPicture = new Set(["direct", "logtape", "logtapeNonBlocking"])

const serviceTitle = "What its log costs a service: spans, annotations, objects and errors (W, less the service alone)"

const fileTitles = {
  S: "A message with three annotations, JSON lines to a file (S)",
  O: "The same with an object of three fields, one of them an object (O)"
}

const servicePanel = (results: Results): Panel => ({
  title: serviceTitle,
  bars: ["serviceQuiet", "service", "servicePino", "servicePino4096"].flatMap((job) => {
    const key = `W.${job}`
    const result = results.get(key)
    const nanos = net(results, key)
    if (result === undefined || nanos === undefined) return []
    const ours = oursBeside(key)
    return {
      title: result.entry.title,
      nanos,
      role: job.startsWith("servicePino") ? "other" : "ours",
      factor: key === ours ? undefined : netRatio(results, key, ours),
      dropped: mostDropped(result)
    }
  })
})

const filePanel = (results: Results, workload: keyof typeof fileTitles): Panel => ({
  title: fileTitles[workload],
  bars: [...results.values()]
    .filter(({ entry: { group, job } }) => group === workload && !job.startsWith("spool") && !notInPicture.has(job))
    .map((result): Bar => {
      const { job, key, title } = result.entry
      const role = job === "spillway" ? "ours" : job === "floor" ? "floor" : "other"
      return {
        title,
        nanos: medianNanos(result),
        role,
        factor: role === "ours" ? undefined : ratio(results, key, `${workload}.spillway`),
        dropped: mostDropped(result)
      }
    })
    .toSorted((a, b) => a.nanos - b.nanos)
})

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

export const picture = (results: Results): string => {
  const panels = [servicePanel(results), filePanel(results, "S"), filePanel(results, "O")]
  let top = margin
  const parts: Array<string> = []
  for (const panel of panels.filter(({ bars }) => bars.length > 0)) {
    parts.push(drawn(panel, top))
    top += panelTop + panel.bars.length * (barHeight + gap) + margin
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

const drawn = ({ bars, title }: Panel, top: number): string => {
  const longest = Math.max(...bars.map(({ nanos }) => nanos))
  return [
    `<text x="${margin}" y="${top + 20}" font-size="17" font-weight="600" fill="#1f2933">${escape(title)}</text>`,
    `<text x="${margin}" y="${top + 40}" font-size="12" fill="#52606d">nanoseconds per event</text>`,
    ...bars.map((bar, i) => drawnBar(bar, top + panelTop + i * (barHeight + gap), longest))
  ].join("\n")
}

const drawnBar = ({ dropped, factor, nanos, role, title }: Bar, y: number, longest: number): string => {
  const length = Math.max(2, (barWidth * nanos) / longest)
  const times = factor === undefined ? "" : ` (${factor.toFixed(1)}×)`
  const loss = dropped === 0 ? "" : `, dropped up to ${dropped}`
  const weight = role === "ours" ? "700" : "400"
  const baseline = y + barHeight / 2 + 5
  const x = margin + labelWidth
  return [
    `<text x="${x - 10}" y="${baseline}" text-anchor="end" font-weight="${weight}" fill="#1f2933">${
      escape(title)
    }</text>`,
    `<rect x="${x}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3" fill="${colors[role]}"/>`,
    `<text x="${(x + length + 8).toFixed(1)}" y="${baseline}" font-weight="${weight}" fill="#1f2933">${
      Math.round(nanos)
    }${times}${loss}</text>`
  ].join("\n")
}
