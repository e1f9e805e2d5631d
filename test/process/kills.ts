import { Effect, FileSystem, type PlatformError, Random } from "effect"
import * as Program from "./program.ts"

/** What a number of kills came to. */
export interface Outcome {
  readonly kills: number
  /** Records that a program had been told are on disk. */
  readonly safe: number
  /** Those of them that were never delivered. */
  readonly missing: ReadonlyArray<number>
  /** Deliveries of records that had been delivered. */
  readonly duplicates: number
  /** Duplicates that no contract allows, in words. */
  readonly wrong: ReadonlyArray<string>
  /** Lines that a kill cut off. */
  readonly torn: number
}

const safeUpTo = (output: string): number => Number([...output.matchAll(/^safe (\d+)$/gm)].at(-1)?.[1] ?? 0)

/** What was delivered, one life of the program after the other. */
class Deliveries {
  readonly seen = new Set<number>()
  readonly wrong: Array<string> = []
  duplicates = 0
  torn = 0
  private whole = ""

  /** Goes through what one life has added to the file. Its own records begin with `first`. */
  add(content: string, first: number): void {
    if (!content.startsWith(this.whole)) this.wrong.push(`the life from ${first} on changed what was written before`)
    const end = content.lastIndexOf("\n") + 1
    const life: Array<number> = []
    for (const line of content.slice(this.whole.length, end).split("\n").slice(0, -1)) {
      const found = /^\{"message":(\d+),.*\}$/.exec(line)
      if (found === null) this.torn++
      else life.push(Number(found[1]))
    }
    this.whole = content.slice(0, end)
    this.judge(life, first)
  }

  // What comes again comes in its order, before what is new, and once in every life.
  private judge(life: ReadonlyArray<number>, first: number): void {
    const out = life.findIndex((n, i) => i > 0 && n <= (life[i - 1] ?? 0))
    if (out !== -1) this.wrong.push(`in the life from ${first} on ${life[out]} comes after ${life[out - 1]}`)
    for (const n of life) {
      if (this.seen.has(n)) this.duplicates++
      this.seen.add(n)
    }
  }
}

/** Kills a program that logs numbers behind a spool, again and again, at random moments, and lets its last life end. */
export const killRepeatedly = (
  kills: number
): Effect.Effect<Outcome, PlatformError.PlatformError, FileSystem.FileSystem> =>
  Effect.scoped(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped()
    const fixture = Program.fixture("spooling")
    const written = Effect.orElseSucceed(fs.readFileString(`${folder}/out.ndjson`), () => "")
    const deliveries = new Deliveries()
    const safe = new Set<number>()
    let first = 0
    for (let kill = 0; kill < kills; kill++) {
      const turns = yield* Random.nextIntBetween(1, 60)
      const until = yield* Effect.scoped(Effect.gen(function*() {
        const program = yield* Program.start(fixture, [folder, String(first), "0"])
        yield* program.until(new RegExp(`^safe ${first + 20 * turns}$`, "m"))
        program.send("SIGKILL")
        const { stderr, stdout } = yield* program.end
        return safeUpTo(stdout + stderr)
      }))
      for (let n = first; n < until; n++) safe.add(n)
      deliveries.add(yield* written, first)
      // What the killed process logged after its last word may or may not be there.
      first = until + 10_000
    }
    const last = yield* Program.run(fixture, [folder, String(first), "20"])
    for (let n = first; n < first + 20; n++) safe.add(n)
    deliveries.add(yield* written, first)
    const { duplicates, seen, torn, wrong } = deliveries
    if (last.code !== 0) wrong.push(`the last life ended with ${last.code}: ${last.stderr}`)
    const missing = [...safe].filter((n) => !seen.has(n))
    return { kills, safe: safe.size, missing, duplicates, wrong, torn }
  }))

/** An outcome for people to read. */
export const show = ({ duplicates, kills, safe, torn }: Outcome): string =>
  `${kills} kills: ${safe} safe records, none missing, ${duplicates} delivered twice, ${torn} lines torn`
