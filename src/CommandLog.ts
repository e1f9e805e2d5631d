/**
 * One record for each command that a command-line program of `effect/cli` runs: which one, with which
 * arguments, how it ended, with which exit code and how long it took.
 *
 * **Example** (A command with a record)
 *
 * ```ts
 * import { NodeServices } from "@effect/platform-node"
 * import { Effect } from "effect"
 * import { Command, Flag } from "effect/cli"
 * import { Logging, TestLogging, WideEvent } from "effect-spillway"
 * import * as CommandLog from "effect-spillway/CommandLog"
 *
 * const importOrders = Command.make(
 *   "import",
 *   { file: Flag.String("file"), apiKey: Flag.Redacted("api-key") },
 *   () => WideEvent.count("rows", 3)
 * )
 *
 * const shop = Command.make("shop").pipe(Command.withSubcommands([importOrders]), CommandLog.record())
 *
 * const program = Effect.gen(function*() {
 *   yield* Command.runWith(shop, { version: "1.0.0" })(["import", "--file", "orders.csv", "--api-key", "s3cr3t"])
 *   const { records } = yield* TestLogging.TestLogging
 *   return (yield* records)[0]!
 * })
 *
 * const { annotations } = await program.pipe(
 *   Effect.provide([Logging.layerTest(), NodeServices.layer]),
 *   Effect.runPromise
 * )
 * annotations["cli.command"] // => "shop import"
 * annotations["cli.arguments"] // => { file: "orders.csv", apiKey: "<redacted>" }
 * annotations["process.exit.code"] // => 0
 * annotations["rows"] // => 3
 * ```
 *
 * @since 0.1.0
 */
import * as Command from "effect/cli/Command"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ErrorReporter from "effect/ErrorReporter"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { eventsElsewhere } from "./capture/eventsElsewhere.ts"
import { eventChecks, type EventOptions, type Options as CommonOptions, settledOptions } from "./events/eventOptions.ts"
import { open } from "./events/open.ts"
import { CurrentEvent } from "./events/OpenEvent.ts"
import * as Check from "./options/check.ts"
import { checkOptions } from "./options/checkOptions.ts"
import type { SaidFields } from "./record/EventMessage.ts"
import { calledOf, exitCodeOf } from "./serving/commandLine.ts"
import { reportersOf } from "./serving/reporting.ts"

/**
 * Options of the records of commands, besides those of every wide event.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends CommonOptions {
  /**
   * The name of the event, which is the message of its record and `event.name`.
   *
   * @default "command"
   */
  readonly name?: string | undefined
}

/**
 * Makes one record of each run of a command, which is a wide event ({@link module:WideEvent}). Put it around the outermost one:
 * it knows which subcommand was chosen.
 *
 * **Details**
 *
 * - `cli.command`: the name of the command and of its subcommands, as `shop orders import`.
 * - `cli.arguments`: what its flags and arguments were given, by the names that the handlers have. What is `Redacted`,
 *   and what is named like a secret, is hidden.
 * - `process.exit.code`: the code that the program ends with, as Effect's default teardown has it.
 *
 * A command line that cannot be parsed, and one that asks for help, runs no command, and has no record. Give the layer of
 * the log to the whole program, around `Command.run`.
 *
 * Throws a `RangeError` for an option that is not what it must be.
 *
 * @category recording
 * @since 0.1.0
 */
export const record = (options: Options = {}) => {
  const { name = "command", ...event } = checkOptions("CommandLog.record", checks, options)
  const settled = settledOptions(event)
  return <const Name extends string, Input, ContextInput, E, R>(
    command: Command.Command<Name, Input, ContextInput, E, R>
  ): Command.Command<Name, Input, ContextInput, E, R> =>
    Command.provide(command, (input: Input) => recorded(name, settled, command.name, input))
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = { ...eventChecks, name: Check.text }

/** The event of one run, which ends as the scope of its handler does. */
const recorded = (name: string, settled: EventOptions, command: string, input: unknown): Layer.Layer<never> =>
  Layer.effectContext(Effect.withFiber((fiber) => {
    const { given, path } = calledOf(command, input)
    let exitCode: number | undefined
    const own = (said: SaidFields): void => {
      said.say("cli.command", path.join(" "))
      said.say("cli.arguments", given)
      said.say("process.exit.code", exitCode)
    }
    const event = open({ name, text: name }, { ...settled, own }, fiber.context, fiber.id, eventsElsewhere())
    const inside = Context.make(CurrentEvent, event).pipe(
      Context.add(ErrorReporter.CurrentErrorReporters, reportersOf(fiber.context))
    )
    return Effect.acquireRelease(Effect.succeed(inside), (_, exit: Exit.Exit<unknown, unknown>) =>
      Effect.sync(() => {
        exitCode = exitCodeOf(exit)
        event.end(exit)
      }))
  }))
