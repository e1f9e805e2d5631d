import { sequenceOf } from "./actions.ts"
import { report } from "./report.ts"
import { run, type Summary } from "./run.ts"

/** What many sequences came to. */
export interface Found extends Summary {
  readonly sequences: number
  /** The report of the first failure. */
  readonly failure: string | undefined
}

export const nothingFound: Found = {
  sequences: 0,
  actions: 0,
  offered: 0,
  duplicates: 0,
  crashes: 0,
  failure: undefined
}

/** Tries the sequences of some seeds, one after the other, and ends at the first failure. */
export const search = (first: number, count: number, before: Found = nothingFound): Found => {
  let found = before
  for (let seed = first; seed < first + count && found.failure === undefined; seed++) {
    const sequence = sequenceOf(seed)
    const result = run(sequence)
    if ("violation" in result) return { ...found, failure: report(sequence, result) }
    found = {
      sequences: found.sequences + 1,
      actions: found.actions + result.actions,
      offered: found.offered + result.offered,
      duplicates: found.duplicates + result.duplicates,
      crashes: found.crashes + result.crashes,
      failure: undefined
    }
  }
  return found
}

/** How many first seeds there are to choose from. */
export const seeds = 2 ** 31

/** Sequences found, for people to read. */
export const show = ({ actions, crashes, duplicates, offered, sequences }: Found): string =>
  `${sequences} sequences of ${actions} actions: ${offered} records, ${crashes} crashes, ${duplicates} delivered twice`
