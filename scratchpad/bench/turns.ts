/** All candidates take turns, so that what disturbs the machine disturbs them alike. */
import type { Sample } from "./job.ts"
import type { Entry } from "./plan.ts"

export const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

export const inTurns = async (
  entries: ReadonlyArray<Entry>,
  run: (entry: Entry) => Promise<Sample>
): Promise<ReadonlyMap<string, ReadonlyArray<Sample>>> => {
  const samples = new Map(entries.map(({ key }): [string, Array<Sample>] => [key, []]))
  const rounds = Math.max(...entries.map(({ rounds }) => rounds))
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      if (round >= entry.rounds) continue
      progress(`round ${round + 1} of ${rounds}: ${entry.key}`)
      samples.get(entry.key)?.push(await run(entry))
    }
  }
  progress("")
  return samples
}
