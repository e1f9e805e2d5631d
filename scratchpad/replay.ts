/**
 * Replays real log files through the runtime: every line becomes a record, the
 * records become JSON lines, and the books say whether all of them arrived.
 *
 *     npm run replay -- --out logs/replay.ndjson FILE...
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Argument from "effect/cli/Argument"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import { FileSink, Ledger, Logging, LogSink, ProcessHooks } from "../src/index.ts"
import { prepareOutput, requireReadable } from "./replay/files.ts"
import { laneName, longestPiece, maxBytesFor, type Options, replay, standardInput } from "./replay/replay.ts"

const wholeNumber = Schema.Int.check(Schema.isGreaterThan(0, { message: "Expected a whole number above 0" }))
const positive = Schema.Finite.check(Schema.isGreaterThan(0, { message: "Expected a number above 0" }))

const parameters = {
  files: Argument.String("file").pipe(
    Argument.withDescription("A log file, or - for standard input (the default)"),
    Argument.mapEffect(requireReadable),
    Argument.variadic()
  ),
  out: Flag.String("out").pipe(
    Flag.withDescription("Where the JSON lines go; what the file holds is replaced"),
    Flag.withDefault("logs/replay.ndjson")
  ),
  append: Flag.Boolean("append").pipe(
    Flag.withDescription("Keep what the output holds"),
    Flag.withDefault(false)
  ),
  rate: Flag.Finite("rate").pipe(
    Flag.withSchema(positive),
    Flag.withDescription("Lines per second; as fast as possible when absent"),
    Flag.optional
  ),
  loop: Flag.Int("loop").pipe(
    Flag.withSchema(wholeNumber),
    Flag.withDescription("How often the files are replayed"),
    Flag.withDefault(1)
  ),
  capacity: Flag.Int("capacity").pipe(
    Flag.withSchema(wholeNumber),
    Flag.withDescription("Most records the lane holds"),
    Flag.withDefault(LogSink.defaults.capacity)
  ),
  fullSpeed: Flag.Boolean("full-speed").pipe(
    Flag.withDescription("Do not wait for room in the lane: records are lost, and counted, when it is full"),
    Flag.withDefault(false)
  )
}

const loggingLayer = (options: Options & { readonly out: string }, report: Deferred.Deferred<Ledger.ShutdownReport>) =>
  ProcessHooks.layer.pipe(Layer.provideMerge(Logging.layer({
    sinks: [FileSink.make({
      path: options.out,
      name: laneName,
      required: true,
      capacity: options.capacity,
      maxBytes: options.maxBytes,
      retry: LogSink.exponentialRetry({ base: "100 millis", times: 3 })
    })],
    minimumLevel: "Info",
    // The lines are kept as they are: nothing is hidden and nothing is cut.
    redact: false,
    limits: { fieldBytes: 3 * longestPiece, recordBytes: 4 * longestPiece },
    onShutdown: (books) => Effect.andThen(Console.log(Ledger.format(books)), Deferred.succeed(report, books))
  })))

const run = Effect.fnUntraced(function*(input: {
  readonly files: ReadonlyArray<string>
  readonly out: string
  readonly append: boolean
  readonly rate: Option.Option<number>
  readonly loop: number
  readonly capacity: number
  readonly fullSpeed: boolean
}) {
  const files = input.files.length === 0 ? [standardInput] : input.files
  yield* checkInput(files, input.loop)
  yield* prepareOutput(input.out, files, input.append)
  const report = yield* Deferred.make<Ledger.ShutdownReport>()
  const options = {
    ...input,
    files,
    rate: Option.getOrUndefined(input.rate),
    rounds: input.loop,
    maxBytes: maxBytesFor(input.capacity)
  }
  const { bytes, lines } = yield* Effect.scoped(replay(options)).pipe(
    Effect.provide(loggingLayer(options, report)),
    Effect.mapError((error) => fail(error.message))
  )
  const books = yield* Deferred.await(report)
  const written = books.lanes[laneName]?.delivered ?? 0
  if (Ledger.lost(books) > 0 || written !== lines || !books.balanced) {
    const dropped = books.lanes[laneName]?.dropped
    const why = dropped === undefined ? "" : Ledger.reasons(dropped)
    return yield* fail(`LOST: ${lines - written} of ${lines} lines are not in ${input.out}${why}`)
  }
  yield* Console.log(`all ${lines} lines (${bytes} bytes) are in ${input.out}; nothing was lost`)
})

const checkInput = (files: ReadonlyArray<string>, rounds: number) =>
  Effect.gen(function*() {
    if (!files.includes(standardInput)) return
    if (rounds > 1) return yield* fail("standard input can be read once only: --loop needs files")
    const stdio = yield* Stdio.Stdio
    if (yield* stdio.stdinIsTerminal) {
      return yield* new CliError.ShowHelp({
        commandPath: ["replay"],
        errors: [new CliError.MissingArgument({ argument: "file" })]
      })
    }
  })

const fail = (message: string): CliError.UserError => new CliError.UserError({ cause: message, userMessage: message })

Command.make("replay", parameters, run).pipe(
  Command.withDescription("Replay log files through the logging runtime and check that nothing is lost"),
  Command.run({ version: "0.1.0" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
