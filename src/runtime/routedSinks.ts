import * as Effect from "effect/Effect"
import type { LogRecord } from "../LogRecord.ts"
import * as LogRoutes from "../LogRoutes.ts"
import * as LogSink from "../LogSink.ts"
import { didYouMean } from "../options/nearest.ts"
import { shown } from "../options/shown.ts"
import { isStandIn, type Settle } from "./acquireSinks.ts"

/** Has the lanes of sinks take only what routes lead to them. Dies for a route to a lane that there is not. */
export const routedBy = <E>(routes: ReadonlyArray<LogRoutes.Route> | undefined, settle: Settle<E>): Settle<E> =>
  routes === undefined || routes.length === 0
    ? settle
    : (sinks, diagnostics) =>
      Effect.flatMap(settle(sinks, diagnostics), (settled) => {
        const problem = unknownLane(routes, settled.sinks)
        if (problem !== undefined) return Effect.die(new RangeError(problem))
        const router = new Router(routes)
        return Effect.succeed({ ...settled, sinks: settled.sinks.map((sink) => router.routed(sink, settled.sinks)) })
      })

/** One that could not be acquired has another name: then nobody knows what names there are. */
const unknownLane = (
  routes: ReadonlyArray<LogRoutes.Route>,
  sinks: ReadonlyArray<LogSink.LogSink>
): string | undefined => {
  if (sinks.some(isStandIn)) return undefined
  const names = sinks.map(({ name }) => name)
  const problems = routes.flatMap(({ to }, i) =>
    to.flatMap((name, j) =>
      names.includes(name)
        ? []
        : [
          `Logging: routes[${i}].to[${j}] must be the name of a lane: ${names.map(shown).join(", ")}, got ${
            shown(name)
          }${didYouMean(name, names)}`
        ]
    )
  )
  return problems.length === 0 ? undefined : problems.join("\n")
}

type Filter = (record: LogRecord) => boolean

/** What the filters are made of that have the routes in them. */
const ownFilters = new WeakMap<Filter, { readonly route: Filter; readonly own: Filter | undefined }>()

const both = (route: Filter, own: Filter | undefined): Filter => {
  const filter: Filter = own === undefined ? (record) => route(record) : (record) => route(record) && own(record)
  ownFilters.set(filter, { route, own })
  return filter
}

/** Another filter in the place of one, whose routes stay. */
export const withOwnFilter = (before: Filter | undefined, own: Filter | undefined): Filter | undefined => {
  const route = before && ownFilters.get(before)?.route
  return route === undefined ? own : both(route, own)
}

/** The options of a sink as they were before it was routed. */
export const withoutRoutes = (options: LogSink.LogSink["options"]): LogSink.LogSink["options"] => {
  const { filter, ...others } = options
  return filter === undefined || !ownFilters.has(filter) ? options : { ...others, filter: ownFilters.get(filter)?.own }
}

/** Which route a record goes is found once for all lanes that it is offered to, one after the other. */
class Router {
  private readonly routes: ReadonlyArray<LogRoutes.Route>
  private readonly conditions: ReadonlyArray<(record: LogRecord) => boolean>
  private lastSeq = -1
  private lastRoute = -1

  constructor(routes: ReadonlyArray<LogRoutes.Route>) {
    this.routes = routes
    this.conditions = routes.map(({ when = {} }) => LogRoutes.conditionOf(when))
  }

  /** A sink that all routes lead to stays as it is. One that stands in for another takes what is for names that no lane has. */
  routed(sink: LogSink.LogSink, all: ReadonlyArray<LogSink.LogSink>): LogSink.LogSink {
    const known = new Set(all.map(({ name }) => name))
    const isTaken = this.routes.map(({ to }) =>
      to.includes(sink.name) || (isStandIn(sink) && to.some((name) => !known.has(name)))
    )
    if (!isTaken.includes(false)) return sink
    const { filter } = sink.options
    const leadsHere = (record: LogRecord): boolean => isTaken[this.routeOf(record)] ?? true
    return LogSink.withOptions(sink, { filter: both(leadsHere, filter) })
  }

  private routeOf(record: LogRecord): number {
    if (record.seq !== this.lastSeq) {
      this.lastRoute = this.conditions.findIndex((holds) => holds(record))
      this.lastSeq = record.seq
    }
    return this.lastRoute
  }
}
