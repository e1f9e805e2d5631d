/**
 * Ratios of a few percent, which runs in processes of their own do not show on a machine with
 * other work: all in one process, in turns of some tens of milliseconds.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import type { Session } from "../candidates/candidate.ts"
import { fastest, largerBuffer } from "../candidates/pino.ts"
import { positive } from "../options.ts"
import { median } from "../stats.ts"
import { type WorkloadName, workloadOf } from "../workload.ts"
import { type Kind, ours, pino, removeVersion, silent, versionOf } from "./contenders.ts"
import { beside, inBlocks, type Times } from "./turns.ts"

const usage = `npm run bench:blocks -- [options]

  --only W,S,R,O    these workloads (all four)
  --blocks N        blocks of each contender (150), after 40 that are not counted
  --events N        events of a block (4096)
  --before DIR      only ours and that of the sources of another checkout
`

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "W,S,R,O" },
    blocks: { type: "string" },
    events: { type: "string" },
    before: { type: "string" },
    help: { type: "boolean", short: "h", default: false }
  }
})

const warmUp = 40
const blocks = positive("blocks", values.blocks, 150, 1)
const events = positive("events", values.events, 4096, 512)

const scopes = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`part${i}`, "Info" as const]))

/**
 * "ours again" is ours once more: how far that is from 1 is how wrong a ratio may be. What runs
 * many instances of the same code is compiled for all of them, so that another version has only ours beside it.
 */
const kindsFor = async (workload: WorkloadName): Promise<Readonly<Record<string, Kind>>> =>
  values.before !== undefined
    ? { ours: {}, before: { version: await versionOf(values.before) } }
    : {
      "ours": {},
      "ours again": {},
      "50 scopes": { options: { scopes } },
      "a subscriber": { isWatched: true },
      "an event": { isInside: true },
      ...(workload === "W" && { "span events": { options: { spanEvents: true } } })
    }

const open = async (workload: WorkloadName, folder: string): Promise<ReadonlyMap<string, Session>> => {
  const contenders = new Map<string, Session>()
  for (const [name, kind] of Object.entries(await kindsFor(workload))) {
    contenders.set(name, await ours(workload, join(folder, `${name}.ndjson`), kind))
  }
  if (workload !== "W" || values.before !== undefined) return contenders
  contenders.set("nothing", silent())
  contenders.set("pino 2048", await pino(join(folder, "pino2048.ndjson"), fastest))
  contenders.set("pino 4096", await pino(join(folder, "pino4096.ndjson"), largerBuffer))
  return contenders
}

const report = (workload: WorkloadName, times: Times): void => {
  console.log(`\nWorkload ${workload}, ${blocks} blocks of ${events} events`)
  for (const [name, nanos] of times) {
    const net = !times.has("nothing") || name === "nothing"
      ? ""
      : `, net ${beside(times, name, "ours", "nothing").toFixed(3)}`
    const ratio = beside(times, name, "ours").toFixed(3)
    console.log(`${name.padEnd(12)} ${median(nanos).toFixed(0).padStart(7)} ns  ÷ ours ${ratio}${net}`)
  }
}

const measure = async (workload: WorkloadName): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "spillway-blocks-"))
  try {
    const contenders = await open(workload, folder)
    const times = await inBlocks(contenders, { blocks, warmUp, events })
    for (const [name, { close }] of contenders) {
      const lost = await close()
      if (lost > 0) throw new Error(`"${name}" lost ${lost} events of workload ${workload}: its figure does not count`)
    }
    report(workload, times)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    removeVersion()
  }
}

if (values.help) console.log(usage)
else for (const workload of values.only.split(",").map(workloadOf)) await measure(workload)
