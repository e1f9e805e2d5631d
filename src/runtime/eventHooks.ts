import type { Capture } from "../capture/Capture.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { EventHooks } from "../events/OpenEvents.ts"
import { shown } from "../options/shown.ts"

/** Of so many kinds of events it is said, once, what they cannot say themselves. */
const mostSaid = 100

/** What a runtime does for its events. */
export const eventHooks = (capture: Capture, diagnostics: Diagnostics): EventHooks => {
  const said = new Set<string>()
  const once = (message: string): void => {
    if (said.size >= mostSaid || said.has(message)) return
    said.add(message)
    diagnostics.report("logging", message)
  }
  return {
    late: (name) =>
      once(
        `fields were added to the event ${shown(name)} after its end; they are in no record: ` +
          "have it wait for the fibers that add to it, or give these an event of their own"
      ),
    failed: (name, option) =>
      once(`"${option}" of the event ${shown(name)} failed; it is recorded as if without it: mend the function`),
    skipped: () => capture.skip(),
    rejected: capture.rejected,
    log: capture.log
  }
}
