import { Effect, Tracer } from "effect"

/** An event of a span, as a tracer gets it. */
export interface SpanEvent {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Runs a program in a span and gives the events of its spans. */
export const spanEventsOf = <A, E, R>(
  program: Effect.Effect<A, E, R>,
  onEvent: (event: SpanEvent) => void = () => {}
): Effect.Effect<ReadonlyArray<SpanEvent>, E, R> =>
  Effect.suspend(() => {
    const events: Array<SpanEvent> = []
    const tracer = Tracer.make({
      span(options) {
        const span = new Tracer.NativeSpan(options)
        span.event = (name, _time, attributes = {}) => {
          events.push({ name, attributes })
          onEvent({ name, attributes })
        }
        return span
      }
    })
    return program.pipe(Effect.withSpan("span"), Effect.withTracer(tracer), Effect.as(events))
  })
