/**
 * The edges of the process: signals. Opt in; the library installs nothing by
 * itself.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { controls } from "./internal/controls.ts"
import * as ProcessSignals from "./internal/processSignals.ts"
import { Logging } from "./Logging.ts"

/**
 * Notes which signal ends the program, and lets a second and a third one end it
 * sooner.
 *
 * **Details**
 *
 * - The first SIGINT or SIGTERM becomes the `reason` of the shutdown report.
 *   Whoever handles signals (`NodeRuntime.runMain`, say) ends the program. When
 *   nobody does, shutdown is run and the signal is raised again.
 * - The second moves the deadline of shutdown to now.
 * - The third exits at once with 128 plus the number of the signal.
 *
 * The listeners stay until shutdown has ended, and none is left behind.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<never, never, Logging> = Layer.effectDiscard(Effect.gen(function*() {
  const logging = yield* Logging
  const context = yield* Effect.context()
  const control = controls.get(logging)
  if (control === undefined) return
  let count = 0
  const remove = ProcessSignals.listen((signal) => {
    count++
    if (count === 1) {
      control.noteSignal(signal.name)
      if (signal.alone) Effect.runForkWith(context)(Effect.andThen(logging.shutdown, Effect.sync(signal.raise)))
    } else if (count === 2) {
      control.hurry()
    } else {
      signal.exit()
    }
  })
  control.onEnd(remove)
}))
