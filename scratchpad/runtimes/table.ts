/** The table of what holds on which runtime, and how it is compared with the one on the page. */
import { tableOf } from "../docs/table.ts"

/** What was found of one row on one runtime. */
export type Found = "yes" | "no"

export interface Row {
  readonly group: string
  readonly what: string
  /** In the order of the columns. */
  readonly found: ReadonlyArray<Found>
}

export interface Table {
  /** The name of each runtime, with its version. */
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<Row>
}

/** The page that shows it, between two marks. */
export const page = "docs/runtimes.md"
const marks = /(?<=<!-- runtimes -->\n\n)[^]*(?=\n\n<!-- \/runtimes -->)/

export const toMarkdown = ({ columns, rows }: Table): string =>
  tableOf([
    ["", "What holds", ...columns],
    ...rows.map(({ found, group, what }, i) => [rows[i - 1]?.group === group ? "" : group, what, ...found])
  ])

/** The table in the text of the page; fails where there is none. */
export const tableIn = (text: string): Table => {
  const lines = marks.exec(text)?.[0].split("\n") ?? []
  const [head, , ...body] = lines.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
  if (head === undefined) throw new Error(`${page} has no table between its marks`)
  let last = ""
  return {
    columns: head.slice(2),
    rows: body.map(([group = "", what = "", ...found]) => {
      last = group === "" ? last : group
      return { group: last, what, found: found.map((cell) => (cell === "yes" ? "yes" : "no")) }
    })
  }
}

/** The text of the page with another table. */
export const withTable = (text: string, table: Table): string => {
  if (!marks.test(text)) throw new Error(`${page} has no marks for the table`)
  return text.replace(marks, () => toMarkdown(table))
}

/** Where what was found is not what the page says, and where Node itself does not hold. */
export const differences = (found: Table, shown: Table): ReadonlyArray<string> => {
  const said = new Map(shown.rows.map((row) => [row.what, row]))
  const names = new Set(found.rows.map(({ what }) => what))
  return [
    ...(found.columns.join() === shown.columns.join()
      ? []
      : [`${page} is about ${shown.columns.join(", ")}, tried were ${found.columns.join(", ")}`]),
    ...shown.rows.filter(({ what }) => !names.has(what)).map(({ what }) => `${what}: is on the page, and not tried`),
    ...found.rows.flatMap((row) => {
      const expected = said.get(row.what)
      if (expected === undefined) return [`${row.what}: is not on the page`]
      return row.found.flatMap((cell, i) =>
        cell === expected.found[i]
          ? []
          : [`${row.what}: ${cell} on ${found.columns[i]}, the page says ${expected.found[i]}`]
      )
    }),
    ...found.rows.filter((row) => row.found[0] !== "yes").map(({ what }) => `${what}: does not hold on Node`)
  ]
}
