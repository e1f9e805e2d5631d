/** CPU profiles of our own runs, and where their time goes. */
import { readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import type { Sample } from "./job.ts"
import type { Entry } from "./plan.ts"
import type { RunOptions } from "./runner.ts"

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

interface Profile {
  readonly nodes: ReadonlyArray<{ readonly id: number; readonly callFrame: CallFrame }>
  readonly samples: ReadonlyArray<number>
  readonly timeDeltas: ReadonlyArray<number>
}

const shown = 20

export const profile = async (
  entry: Entry,
  folder: string,
  run: (options: RunOptions) => Promise<Sample>
): Promise<string> => {
  const file = join(folder, `${entry.key}.cpuprofile`)
  await run({ profile: file })
  const value: unknown = JSON.parse(readFileSync(file, "utf8"))
  if (!isProfile(value)) throw new Error(`${file} is no CPU profile`)
  return [`${entry.title} (${entry.workload}): ${file}`, ...hottest(value)].join("\n")
}

const isProfile = (u: unknown): u is Profile =>
  typeof u === "object" && u !== null && "nodes" in u && "samples" in u && "timeDeltas" in u

const hottest = (profile: Profile): ReadonlyArray<string> => {
  const names = new Map(profile.nodes.map(({ callFrame, id }) => [id, nameOf(callFrame)]))
  const self = new Map<string, number>()
  let total = 0
  profile.samples.forEach((id, i) => {
    const name = names.get(id) ?? "?"
    if (name === "(idle)") return
    const time = profile.timeDeltas[i] ?? 0
    total += time
    self.set(name, (self.get(name) ?? 0) + time)
  })
  return [...self].toSorted((a, b) => b[1] - a[1]).slice(0, shown).map(([name, time]) =>
    `  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`
  )
}

const nameOf = ({ functionName, lineNumber, url }: CallFrame): string => {
  const name = functionName === "" ? "(anonymous)" : functionName
  if (!url.startsWith("file:")) return url === "" ? name : `${name}  ${url}:${lineNumber + 1}`
  return `${name}  ${relative(process.cwd(), fileURLToPath(url))}:${lineNumber + 1}`
}
