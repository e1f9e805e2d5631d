/**
 * Workload W: a service. Some fibers of one Effect program, each of which handles one
 * request after the other: a span of the tracer around it, annotations of its own, a log
 * span, 3 to 8 lines, and a turn for the others after every second.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { causeOf, errorOf, type Fields, fieldsOf, type Kind, linesOf, mostLines } from "./mix.ts"

/** How one request logs. */
export interface RequestLog {
  readonly text: (i: number) => Effect.Effect<void>
  readonly numbers: (i: number) => Effect.Effect<void>
  readonly object: (i: number) => Effect.Effect<void>
  readonly error: (i: number, error: Error) => Effect.Effect<void>
  readonly warning: (i: number, cause: Cause.Cause<Error>) => Effect.Effect<void>
}

export interface Service {
  /** Called once for every request, with what its lines have in common. */
  readonly open: (fields: Fields) => RequestLog
  readonly tracer: boolean
  readonly logSpans: boolean
  /** Whether the fields of a request are annotations of its fiber too, as ours need them. */
  readonly annotations: boolean
}

export const fibers = 64
export const linesPerTurn = 2

const log = (to: RequestLog, kind: Kind, i: number): Effect.Effect<void> => {
  switch (kind) {
    case "text":
      return to.text(i)
    case "numbers":
      return to.numbers(i)
    case "object":
      return to.object(i)
    case "error":
      return to.error(i, errorOf(i))
    case "warning":
      return to.warning(i, causeOf(i))
  }
}

/** What is left to do, and for which request that is. */
export interface Traffic {
  next: number
  lines: number
}

const handle = (
  service: Service,
  request: number,
  lines: ReadonlyArray<Kind>,
  pause: Effect.Effect<void>
): Effect.Effect<void> => {
  const fields = fieldsOf(request)
  const work = Effect.gen(function*() {
    const to = service.open(fields)
    for (let line = 0; line < lines.length; line++) {
      yield* log(to, lines[line] ?? "text", request * mostLines + line)
      if (line % linesPerTurn === linesPerTurn - 1) yield* pause
    }
  })
  const spanned = service.logSpans ? Effect.withLogSpan(work, "request") : work
  const annotated = service.annotations ? Effect.annotateLogs(spanned, fields) : spanned
  return service.tracer ? Effect.withSpan(annotated, fields.route) : annotated
}

/** Handles requests until all lines are written. A fiber has its own pause, after every second line. */
export const serve = (
  service: Service,
  traffic: Traffic,
  pauseOf: (fiber: number) => Effect.Effect<void> = () => Effect.yieldNow
): Effect.Effect<void> => {
  const one = (fiber: number) =>
    Effect.gen(function*() {
      const pause = pauseOf(fiber)
      while (traffic.lines > 0) {
        const request = traffic.next++
        const lines = linesOf(request).slice(0, traffic.lines)
        traffic.lines -= lines.length
        yield* handle(service, request, lines, pause)
      }
    })
  return Effect.forEach(Array.from({ length: fibers }, (_, i) => i), one, { concurrency: "unbounded", discard: true })
}
