/** One measured run, in a process of its own. Prints one line of JSON. */
import * as Effect from "effect/Effect"
import { writeSync } from "node:fs"
import type { Setup } from "./job.ts"
import { loadJob } from "./jobs.ts"
import { ordinaryProgram } from "./ordinary.ts"
import { workloadOf } from "./workload.ts"

const [id = "", workload = "S", events = "0", yieldEvery = "0", path = ""] = process.argv.slice(2)
const setup: Setup = { workload: workloadOf(workload), events: Number(events), yieldEvery: Number(yieldEvery), path }

await Effect.runPromise(ordinaryProgram)
const job = await loadJob(id)
const sample = await job.measure(setup)
writeSync(1, `${JSON.stringify(sample)}\n`)
// A scenario may leave a write behind that never returns.
process.exit(0)
