import * as Effect from "effect/Effect"
import type { Filter, Inlet } from "../lane/Inlet.ts"
import type { LogRecord } from "../LogRecord.ts"
import * as LogRoutes from "../LogRoutes.ts"
import type { LogSink } from "../LogSink.ts"
import { didYouMean } from "../options/nearest.ts"
import { shown } from "../options/shown.ts"
import { isStandIn, type Settle } from "./acquireSinks.ts"
import type { Lanes } from "./Lanes.ts"
import type { Member } from "./Member.ts"

/** Dies for a route to a lane that a program does not begin with. */
export const demandLanes = <E>(routes: ReadonlyArray<LogRoutes.Route>, settle: Settle<E>): Settle<E> =>
  routes.length === 0
    ? settle
    : (sinks, diagnostics) =>
      Effect.tap(settle(sinks, diagnostics), (settled) => {
        const problem = unknownLane(routes, settled.sinks)
        return problem === undefined ? Effect.void : Effect.die(new RangeError(problem))
      })

/** One that could not be acquired has another name: then nobody knows what names there are. */
const unknownLane = (
  routes: ReadonlyArray<LogRoutes.Route>,
  sinks: ReadonlyArray<LogSink>
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

/** Which lanes records go to, by the routes that count now. Which route a record goes is found once for all lanes that it is offered to. */
export class Routing {
  private readonly lanes: Lanes
  private finder: Finder

  constructor(lanes: Lanes, routes: ReadonlyArray<LogRoutes.Route>) {
    this.lanes = lanes
    this.finder = new Finder(LogRoutes.make(routes))
  }

  get routes(): ReadonlyArray<LogRoutes.Route> {
    return this.finder.routes
  }

  /** Others count from now on, for whoever asks what lanes take. */
  become(routes: ReadonlyArray<LogRoutes.Route>): void {
    this.finder = new Finder(routes)
  }

  /** What a lane takes: its own filter of what routes lead to it. A lane that all routes lead to has only the former. */
  readonly filterOf = (inlet: Inlet): Filter | undefined => {
    const { finder, lanes } = this
    const { filter: own } = inlet
    const member = lanes.members.find(({ lane }) => lane.inlet === inlet)
    if (finder.routes.length === 0 || member === undefined) return own
    const isTaken = this.takenBy(member)
    if (!isTaken.includes(false)) return own
    const leadsHere: Filter = (record) => isTaken[finder.of(record)] ?? true
    return own === undefined ? leadsHere : (record) => leadsHere(record) && own(record)
  }

  /**
   * Which of the routes lead to a lane. What stands in for a sink that could not be acquired takes what is for names
   * that no lane has; a lane that came later, and of which no route knows, all that is logged.
   */
  private takenBy({ came, lane: { name } }: Member): ReadonlyArray<boolean> {
    const { routes } = this.finder
    const known = new Set(this.lanes.members.filter(({ role }) => role === "sink").map(({ lane }) => lane.name))
    const named = routes.map(({ to }) => to.includes(name))
    if (came === "later" && !named.includes(true)) return routes.map(() => true)
    return came === "standIn"
      ? routes.map(({ to }, i) => named[i] === true || to.some((each) => !known.has(each)))
      : named
  }
}

class Finder {
  readonly routes: ReadonlyArray<LogRoutes.Route>
  private readonly conditions: ReadonlyArray<Filter>
  private lastSeq = -1
  private lastRoute = -1

  constructor(routes: ReadonlyArray<LogRoutes.Route>) {
    this.routes = routes
    this.conditions = routes.map(({ when = {} }) => LogRoutes.conditionOf(when))
  }

  of(record: LogRecord): number {
    if (record.seq !== this.lastSeq) {
      this.lastRoute = this.conditions.findIndex((holds) => holds(record))
      this.lastSeq = record.seq
    }
    return this.lastRoute
  }
}
