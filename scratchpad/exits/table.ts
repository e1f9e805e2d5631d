/** The matrix as a markdown table. */
import { type CandidateName, candidates } from "./candidate.ts"
import type { Cell } from "./runner.ts"

export const table = (cells: ReadonlyArray<Cell>): string => {
  const names = [...new Set(cells.map(({ candidate }) => candidate))]
  const events = [...new Set(cells.map(({ event }) => event))]
  const row = (first: string, rest: ReadonlyArray<string>): string => `| ${first} | ${rest.join(" | ")} |`
  return [
    row("event", names.map((name) => candidates[name])),
    row("---", names.map(() => "---:")),
    ...events.map((event) => row(event, names.map((name) => show(cellOf(cells, event, name)))))
  ].join("\n")
}

const cellOf = (cells: ReadonlyArray<Cell>, event: string, candidate: CandidateName): Cell | undefined =>
  cells.find((cell) => cell.event === event && cell.candidate === candidate)

const show = (cell: Cell | undefined): string => {
  if (cell === undefined) return "–"
  const notes = [
    ...(cell.repeated > 0 ? [`${cell.repeated} twice`] : []),
    ...(cell.broken > 0 ? [`${cell.broken} broken`] : [])
  ]
  return `${cell.kept}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`
}
