import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { pathToFileURL } from "node:url"
import { describeDefect, describeError } from "../../diagnostics/describe.ts"
import * as LogEvent from "../../LogEvent.ts"
import { plural } from "../../record/text.ts"
import { withoutCredentials } from "../../rules/redact/withoutCredentials.ts"
import { ToolError } from "../ToolError.ts"

/** Prints the events that a module declares. */
export const printed = (module: string, format: "markdown" | "json-schema"): Effect.Effect<void, ToolError> =>
  Effect.gen(function*() {
    const catalogue = yield* catalogueIn(module)
    yield* Console.log(
      format === "markdown"
        ? LogEvent.toMarkdown(catalogue).trimEnd()
        : JSON.stringify(LogEvent.toJsonSchema(catalogue), null, 2)
    )
  })

/** Says what breaks between the events of a file and those of another or of a module. */
export const checked = (
  before: string,
  after: string | undefined,
  module: string | undefined
): Effect.Effect<void, ToolError, FileSystem.FileSystem> =>
  Effect.gen(function*() {
    const then = yield* documentIn(before)
    if (after !== undefined && module !== undefined) {
      return yield* failure("the events of now are given twice; leave out the second file, or --module")
    }
    const now = after !== undefined
      ? yield* documentIn(after)
      : module !== undefined
      ? LogEvent.toJsonSchema(yield* catalogueIn(module))
      : yield* failure("the events of now are not given; name a second file, or a module with --module")
    const changes = LogEvent.compare(then, now)
    for (const { sentence } of changes) yield* Console.log(sentence)
    if (changes.length === 0) return yield* Console.log("no change breaks who reads the events")
    return yield* new ToolError({
      exitCode: 1,
      message: `${changes.length} ${plural(changes.length, "change")} ${
        changes.length === 1 ? "breaks" : "break"
      } who reads the events; give what is new a name of its own`
    })
  })

/** The events that a module declares, and those that it loads. */
const catalogueIn = (path: string): Effect.Effect<LogEvent.Catalogue, ToolError> =>
  Effect.gen(function*() {
    yield* Effect.tryPromise({
      try: (): Promise<unknown> => import(pathToFileURL(path).href),
      catch: (error) => failure(`${JSON.stringify(path)} cannot be loaded: ${describeDefect(error)}; mend it`)
    })
    const [contradiction] = LogEvent.contradictions()
    if (contradiction !== undefined) return yield* failure(contradiction)
    const catalogue = LogEvent.catalogue()
    return catalogue.events.length === 0
      ? yield* failure(`${JSON.stringify(path)} declares no events; name the module that does, with LogEvent.make`)
      : catalogue
  })

const documentIn = (path: string): Effect.Effect<LogEvent.JsonSchema, ToolError, FileSystem.FileSystem> =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const text = yield* Effect.mapError(
      fs.readFileString(path),
      (error) => failure(`${JSON.stringify(path)} cannot be read: ${describeError(error)}; name one that can be`)
    )
    return yield* Effect.try({
      try: () => checkedDocument(JSON.parse(text)),
      catch: () =>
        failure(`${JSON.stringify(path)} is not what events print --format json-schema prints; print it anew`)
    })
  })

/** Refuses what is no document of events. */
const checkedDocument = (document: LogEvent.JsonSchema): LogEvent.JsonSchema => {
  LogEvent.compare(document, document)
  return document
}

const failure = (message: string): ToolError => new ToolError({ exitCode: 2, message: withoutCredentials(message) })
