/** One program of the matrix: logs half of its lines, a moment later the other half, and then the event happens. */
import { type Candidate, isCandidateName } from "./candidate.ts"
import { events } from "./events.ts"

const [, , name, event = "", path = "", count = "0"] = process.argv

const accepted = Number(count)
const moment = 20

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the modules of the folder have this one export
const load = async (file: string): Promise<Candidate> => (await import(file) as { readonly default: Candidate }).default

const happen = events[event]
if (!isCandidateName(name) || happen === undefined) throw new Error(`no program for ${name} and ${event}`)

const candidate = await load(`./candidates/${name}.ts`)
await candidate(path, async (log) => {
  for (let i = 0; i < accepted / 2; i++) log(`line ${i}`)
  await new Promise((resolve) => setTimeout(resolve, moment))
  for (let i = accepted / 2; i < accepted; i++) log(`line ${i}`)
  await happen()
})
