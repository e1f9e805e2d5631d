/** Which lines survive the end of a program: every logger with every end, in real programs. `--help` lists the options. */
import { writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { candidateNames, isCandidateName } from "./candidate.ts"
import { events } from "./events.ts"
import { type Cell, runCell } from "./runner.ts"
import { table } from "./table.ts"

const usage = `npm run exits -- [options]

  --lines N     lines that each program logs, half of them right before its end (1000)
  --only NAME   only this column: ${candidateNames.join(", ")}
  --json FILE   write every figure as JSON
`

const atOnce = 2

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "1000" },
    only: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", short: "h", default: false }
  }
})

const runAll = async (lines: number): Promise<ReadonlyArray<Cell>> => {
  const names = values.only === undefined ? candidateNames : [values.only].filter(isCandidateName)
  if (names.length === 0) throw new Error(`--only ${values.only}: there is no such column`)
  const work = Object.keys(events).flatMap((event) => names.map((name) => [name, event] as const))
  const cells: Array<Cell> = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < work.length) {
      const at = next++
      const [name, event] = work[at]!
      cells[at] = await runCell(name, event, lines)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return cells
}

if (values.help) console.log(usage)
else {
  const lines = Number(values.lines)
  if (!Number.isSafeInteger(lines) || lines < 2) throw new RangeError("--lines must be a whole number of at least 2")
  const cells = await runAll(lines)
  console.log(`Lines kept of ${lines}, Node ${process.version}, ${process.platform}\n\n${table(cells)}`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(cells, null, 2)}\n`)
}
