import { Effect } from "effect"
import { Logging, TestLogging } from "../../src/index.ts"
import { eventName } from "../../src/record/EventMessage.ts"
import { plain } from "./capture.ts"

/** The annotations of all events that were recorded so far, with their level, as plain data. */
export const events = Effect.gen(function*() {
  const { records } = yield* TestLogging.TestLogging
  return (yield* records).filter(({ annotations }) => eventName in annotations)
})

/** What is said of an event besides how long it took. */
export const said = (annotations: Readonly<Record<string, unknown>>): unknown => {
  const { "event.duration_ms": _, ...rest } = annotations
  return plain(rest)
}

/** All that a program records as events, as plain data. */
export const recorded = <A, E>(program: Effect.Effect<A, E, TestLogging.TestLogging | Logging.Logging>) =>
  Effect.andThen(Effect.exit(program), Effect.map(events, (all) => all.map(({ annotations }) => said(annotations))))
    .pipe(
      Effect.provide(Logging.layerTest())
    )
