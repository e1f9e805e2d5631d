import { Effect } from "effect"
import { type Ended, type Program, run, start } from "../process/program.ts"

/** A process that opens a spool; see the fixture. */
export const owner = (...args: ReadonlyArray<string>) => start("test/spool/fixtures/owner.ts", args)

export const kill = (program: Program): Effect.Effect<Ended> =>
  Effect.suspend(() => {
    program.send("SIGKILL")
    return program.end
  })

/** The command-line tool. */
export const tool = (...args: ReadonlyArray<string>): Effect.Effect<Ended> => run("src/cli/bin.ts", ["spool", ...args])
