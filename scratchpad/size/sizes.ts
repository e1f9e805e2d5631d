import { Effect } from "effect"
import { built } from "../package/built.ts"
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
  const { folder: library } = yield* built
  const published = yield* bundled(consoleProgram(alone), { library })
  const records = yield* bundled(`export { isLogRecord } from "effect-spillway/LogRecord"`, { library })
  const sinks = yield* bundled(`export { make } from "effect-spillway/LogSink"`, { library })
  return {
    alone: { what: "its modules imported one by one", files: loaded },
    together: { what: "both imported from `effect-spillway`, by esbuild", files: door.loaded },
    single: { what: "in a single file, with the code of the spool", files: single.loaded },
    published: { what: "its modules imported one by one, as the package has them", files: published.loaded },
    records: { what: "of `LogRecord` alone a guard, as the package has it", files: records.loaded },
    sinks: { what: "of `LogSink` alone what makes a sink, as the package has it", files: sinks.loaded },
    later: { what: "loaded when the first lane with a spool is opened", files: later }
  }
}).pipe(Effect.scoped)
