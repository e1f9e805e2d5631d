/**
 * The edges of the process: signals, crashes and exits. Opt in; the library
 * installs nothing by itself, takes no handler from the program and leaves none
 * behind.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Logging } from "./Logging.ts"
import * as ProcessEvents from "./node/processEvents.ts"
import * as Check from "./options/check.ts"
import { checkOptions } from "./options/checkOptions.ts"
import { nearest } from "./options/nearest.ts"
import { shown } from "./options/shown.ts"
import * as LastResort from "./runtime/lastResort.ts"
import { RuntimeControl } from "./runtime/RuntimeControl.ts"

/**
 * Options of {@link layerWith}.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * Where records go that no sink can write synchronously: `"stderr"`, or the path of a
   * file that gets JSON lines; a relative one is that of the working directory when the
   * layer is built. A bare word like `"stdout"` is refused: a file of that name is `"./stdout"`.
   *
   * @default "stderr"
   */
  readonly lastResort?: "stderr" | (string & {}) | undefined
  /**
   * Whether SIGHUP, in a program that has no terminal, also has `LOGGING_LEVEL` and
   * `LOGGING_LEVEL_<SINK>` read again, through the `ConfigProvider` of the layer
   * (`Logging.layerFromConfig`). What they say is in the place of the levels for good; a bad
   * value, and what cannot be read in 10 s, is said on stderr, and the levels stay.
   *
   * @default false
   */
  readonly rereadLevels?: boolean | undefined
  /**
   * Whether SIGUSR2 sets the level Debug for all, and the next SIGUSR2 takes it away again.
   * Effect's calls follow where `lowestLevel` of the layer is Debug or below.
   *
   * @default false
   */
  readonly toggleDebug?: boolean | undefined
}

/** A path, but no name of a stream: a file of that name was hardly meant. */
const aFile = Check.satisfies(
  Check.path.expected,
  (value) => Check.path.read(value) !== undefined && !isStreamName(value),
  (value) => isStreamName(value) ? `${shown(value)}; a file of that name is ${shown(`./${value}`)}` : shown(value)
)

const isStreamName = (value: unknown): value is string =>
  typeof value === "string" && /^\w+$/.test(value) && nearest(value, ["stderr", "stdout"]) !== undefined

const checks: Check.Checks<Options> = {
  lastResort: Check.either(Check.words("stderr"), aFile),
  rereadLevels: Check.flag,
  toggleDebug: Check.flag
}

/**
 * Raised when there is no runtime to install hooks for: the service `Logging` in the
 * context was made by the program, a wrapped one say, and what `Logging.layer` provides
 * beside it is not there.
 *
 * @category errors
 * @since 0.1.0
 */
export class ProcessHooksError extends Data.TaggedError("ProcessHooksError") {
  override get message(): string {
    return "no process hooks were installed: the service Logging in the context is not one of Logging.layer; " +
      "provide a service that wraps it with Layer.provideMerge, so that the runtime itself stays in the context"
  }
}

/**
 * Installs the hooks.
 *
 * **Details**
 *
 * Signals:
 *
 * - The last SIGINT or SIGTERM before shutdown becomes the `reason` of its report.
 *   A program that listens to the signal (`NodeRuntime.runMain` does) decides what
 *   it means. When nobody does, shutdown is run and the signal is raised again, so
 *   that the process ends as it would have; with 128 plus the number of the signal
 *   where that does not end it, as in a container.
 * - The next one while shutdown runs moves its deadline to now. What is left is
 *   written synchronously by the sinks that can.
 * - The one after that exits at once with 128 plus the number of the signal.
 * - Shutdown begins when the finalizers of the program have run. Before that, a further
 *   signal only replaces the reason.
 * - A SIGINT within 100 ms of the last is the same Ctrl-C, which `npm` passes on.
 * - SIGHUP, in a program that has no terminal, has the file sinks open their files
 *   anew and does not end the program. In one that was started on a terminal it says
 *   that the terminal was closed: it is treated as the first SIGTERM is, unless
 *   the program listens to it.
 * - SIGHUP also has the levels read again, and SIGUSR2 sets the level Debug and takes it
 *   away again, where the options ask for that.
 *
 * The end of the process (`process.exit`, an uncaught error, an unhandled
 * rejection, the natural end):
 *
 * - An error that ends the process becomes a record of level Fatal first.
 * - Everything queued is written synchronously, for at most 250 ms per sink: by
 *   those that can (file and console), for the others to `lastResort`. A batch that
 *   was being written is written again, so a line may be there twice: first by the
 *   write that was under way, which is waited for. A file whose last write hangs is
 *   not written: its records are counted.
 * - What is logged after that goes to `lastResort` at once, counted as `closed`.
 *
 * The listeners stay until shutdown has ended; the process has one for each event,
 * however many runtimes it has.
 *
 * **Gotchas**
 *
 * SIGKILL and a power cut cannot be hooked.
 *
 * The hooks belong to the runtime that is in the context beside its service. A service
 * of the program in the place of that of `Logging.layer` has to be merged with it
 * (`Layer.provideMerge`); where there is none, the layer fails with a
 * {@link ProcessHooksError} instead of leaving the program without hooks.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<never, ProcessHooksError, Logging> => {
  const { lastResort: target = "stderr", rereadLevels = false, toggleDebug = false } = checkOptions(
    "ProcessHooks.layerWith",
    checks,
    options
  )
  return Layer.effectDiscard(Effect.gen(function*() {
    const logging = yield* Logging
    const context = yield* Effect.context()
    const control = yield* RuntimeControl
    if (control === undefined) return yield* new ProcessHooksError()
    const lastResort = LastResort.make(target)
    const run = Effect.runForkWith(context)
    /** How often the program was told to end while it does. */
    let hurried = 0
    let raises = false
    const remove = ProcessEvents.listen({
      onSignal(signal) {
        if (!control.isEnding) control.noteSignal(signal.name)
        // A terminal that is closed says so more than once, and is in no hurry.
        else if (signal.name !== "SIGHUP" && ++hurried === 1) control.hurry()
        else if (hurried > 1) signal.exit()
        if (!signal.alone || raises) return
        raises = true
        run(Effect.andThen(logging.shutdown, Effect.sync(signal.raise)))
      },
      onReopen() {
        control.reopen()
        if (rereadLevels) run(control.rereadLevels)
      },
      onUser2: toggleDebug ? () => run(control.toggleDebug) : undefined,
      onCrash: (error) => control.crash(error),
      onExit: () => control.rescue(lastResort)
    })
    control.onEnd(remove)
  }))
}

/**
 * Installs the hooks of {@link layerWith} with its default options.
 *
 * **Example** (Hearing signals for as long as the runtime lives)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Logging, MemorySink, ProcessHooks } from "effect-spillway"
 *
 * const LoggingLive = Logging.layer({ sinks: [MemorySink.make()] })
 *
 * const listeners = Effect.sync(() => process.listenerCount("SIGTERM"))
 *
 * const within = await Effect.runPromise(
 *   Effect.provide(listeners, ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive)))
 * )
 * within // => 1
 * process.listenerCount("SIGTERM") // => 0
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, ProcessHooksError, Logging> = layerWith({})
