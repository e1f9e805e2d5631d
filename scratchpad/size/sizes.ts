import { Effect } from "effect"
import { bundled } from "./bundled.ts"

const alone = `
  import * as Logging from "effect-spillway/Logging"
  import * as ConsoleSink from "effect-spillway/sinks/ConsoleSink"`

const together = `import { ConsoleSink, Logging } from "effect-spillway"`

/** A program with only the console sink. */
const consoleProgram = (imports: string): string => `
  import * as Effect from "effect/Effect"
  ${imports}

  Effect.logInfo("order placed").pipe(
    Effect.provide(Logging.layer({ sinks: [ConsoleSink.make()] })),
    Effect.runPromise
  )`

/** What programs with only the console sink load, named as in `docs/programs.md`, and what they leave to the first lane with a spool. */
export const sizes = Effect.gen(function*() {
  const { later, loaded } = yield* bundled(consoleProgram(alone))
  const door = yield* bundled(consoleProgram(together))
  const single = yield* bundled(consoleProgram(alone), { splitting: false })
  return {
    alone: { what: "its modules imported one by one", files: loaded },
    together: { what: "both imported from `effect-spillway`, by esbuild", files: door.loaded },
    single: { what: "in a single file, with the code of the spool", files: single.loaded },
    later: { what: "loaded when the first lane with a spool is opened", files: later }
  }
})
