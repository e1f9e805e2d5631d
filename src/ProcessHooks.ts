/**
 * The edges of the process: signals, crashes and exits. Opt in; the library
 * installs nothing by itself, takes no handler from the program and leaves none
 * behind.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { controls } from "./internal/controls.ts"
import * as LastResort from "./internal/lastResort.ts"
import * as ProcessEvents from "./internal/processEvents.ts"
import { Logging } from "./Logging.ts"

/**
 * Options of {@link layerWith}.
 *
 * **Details**
 *
 * - `lastResort`: where records go that no sink can write synchronously:
 *   `"stderr"`, or the path of a file that gets JSON lines; a relative one is that
 *   of the working directory when the layer is built. Defaults to `"stderr"`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  readonly lastResort?: "stderr" | (string & {}) | undefined
}

/**
 * Installs the hooks.
 *
 * **Details**
 *
 * Signals:
 *
 * - The first SIGINT or SIGTERM becomes the `reason` of the shutdown report.
 *   Whoever handles signals (`NodeRuntime.runMain`, say) ends the program. When
 *   nobody does, shutdown is run and the signal is raised again.
 * - The second moves the deadline of shutdown to now. What is left is written
 *   synchronously by the sinks that can.
 * - The third exits at once with 128 plus the number of the signal.
 * - SIGHUP has the file sinks open their files anew. It no longer ends the
 *   program.
 *
 * The end of the process (`process.exit`, an uncaught error, an unhandled
 * rejection, the natural end):
 *
 * - An error that ends the process becomes a record of level Fatal first.
 * - Everything queued is written synchronously, for at most 250 ms per sink: by
 *   those that can (file and console), for the others to `lastResort`. A batch that
 *   was being written is written again, so a line may be there twice. A file
 *   whose last write hangs is not written: its records are counted.
 * - What is logged after that goes to `lastResort` at once, counted as `closed`.
 *
 * The listeners of signals stay until shutdown has ended.
 *
 * **Gotchas**
 *
 * SIGKILL and a power cut cannot be hooked.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<never, never, Logging> =>
  Layer.effectDiscard(Effect.gen(function*() {
    const logging = yield* Logging
    const context = yield* Effect.context()
    const control = controls.get(logging)
    if (control === undefined) return
    const lastResort = LastResort.make(options.lastResort ?? "stderr")
    let count = 0
    const removeSignals = ProcessEvents.onSignals({
      onEnd(signal) {
        count++
        if (count === 1) {
          control.noteSignal(signal.name)
          if (signal.alone) Effect.runForkWith(context)(Effect.andThen(logging.shutdown, Effect.sync(signal.raise)))
        } else if (count === 2) {
          control.hurry()
        } else {
          signal.exit()
        }
      },
      onHangup: () => control.reopen()
    })
    const removeEnd = ProcessEvents.onEnd({
      onCrash: (error) => control.crash(error),
      onExit: () => control.rescue(lastResort)
    })
    control.onEnd(() => {
      removeSignals()
      removeEnd()
    })
  }))

/**
 * Installs the hooks of {@link layerWith} with its default options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, never, Logging> = layerWith({})
