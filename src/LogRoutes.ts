/**
 * Which lanes get a record: by its scope, its level, its annotations, the log span
 * it was logged in, or what a function says of it.
 *
 * Routes are an ordered list, and the first one that holds for a record decides. They come
 * before the level and the filter of a lane, which hold still: a record is in a
 * lane when its route leads there and the lane takes it. A record that no route
 * holds for goes to all lanes, as without routes.
 *
 * **Example** (An audit of its own, errors to two lanes, the rest to one)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, LogRoutes, MemorySink } from "effect-spillway"
 *
 * const [console, audit, alerts] = ["console", "audit", "alerts"].map((name) => MemorySink.make({ name }))
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [console!, audit!, alerts!],
 *   routes: LogRoutes.make([
 *     { when: { annotation: { audit: true } }, to: ["audit"] },
 *     { when: { level: "Error" }, to: ["console", "alerts"] },
 *     { to: ["console"] }
 *   ])
 * })
 *
 * const program = Effect.andThen(
 *   Effect.annotateLogs(Effect.logError("account closed"), "audit", true),
 *   Effect.andThen(Effect.logError("no answer"), Effect.logInfo("ready"))
 * )
 *
 * await Effect.runPromise(Effect.provide(program, LoggingLive))
 *
 * audit!.records.map(({ message }) => message) // => ["account closed"]
 * alerts!.records.map(({ message }) => message) // => ["no answer"]
 * console!.records.map(({ message }) => message) // => ["no answer", "ready"]
 * ```
 *
 * @since 0.1.0
 */
import { isLogRecord, type LogRecord, severityOf } from "./LogRecord.ts"
import * as Check from "./options/check.ts"
import { checkArgument, checkOptions, optionsOf } from "./options/checkOptions.ts"
import { type BoundInput, boundOf } from "./options/level.ts"
import { unawaited } from "./options/unawaited.ts"
import { isInScope } from "./record/scope.ts"

/**
 * What must be so of a record, all of it. Without any it holds for every record.
 *
 * @category options
 * @since 0.1.0
 */
export interface Condition {
  /**
   * The annotation `scope` of the record; `"http.*"` is `http` and every scope that begins
   * with `http.`.
   *
   * @default any
   */
  readonly scope?: string | undefined
  /**
   * The lowest level.
   *
   * @default "All"
   */
  readonly level?: BoundInput | undefined
  /**
   * Annotations that the record has, with these values.
   *
   * @default any
   */
  readonly annotation?: Readonly<Record<string, string | number | boolean>> | undefined
  /**
   * The label of a log span (`Effect.withLogSpan`) that the record was logged in.
   *
   * @default any
   */
  readonly span?: string | undefined
  /**
   * Whether a function says so. It runs in the log call and must be fast; where it throws, the
   * route does not hold.
   *
   * @default none
   */
  readonly is?: ((record: LogRecord) => boolean) | undefined
}

/**
 * Where records go that a condition holds for.
 *
 * @category options
 * @since 0.1.0
 */
export interface Route {
  /**
   * Which records: {@link Condition}.
   *
   * @default all
   */
  readonly when?: Condition | undefined
  /** The names of lanes, as in `stats`. With none the record goes nowhere, and the books have it among the filtered ones. */
  readonly to: ReadonlyArray<string>
}

/**
 * Checks routes and gives them as an immutable value. Throws a `RangeError` for an
 * option that is not known or not what it must be. Which lanes there are only the
 * layer knows, which fails for names of none.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (routes: ReadonlyArray<Route>): ReadonlyArray<Route> =>
  frozen(checkOptions("LogRoutes.make", { routes: Check.required(routeList) }, { routes }).routes)

/**
 * Returns the lanes that the first route names which holds for a record, or
 * `undefined` when none does: then it goes to all. Throws a `RangeError` for what are no routes or no record.
 *
 * **Example** (Testing routes without a runtime)
 *
 * ```ts
 * import { LogRecord, LogRoutes } from "effect-spillway"
 *
 * const routes = LogRoutes.make([{ when: { scope: "http.*", level: "Warn" }, to: ["alerts"] }])
 *
 * const record = LogRecord.make({ message: "slow", level: "Error", annotations: { scope: "http.server" } })
 *
 * LogRoutes.lanesOf(routes, record) // => ["alerts"]
 * LogRoutes.lanesOf(routes, LogRecord.make({ message: "ready" })) // => undefined
 * ```
 *
 * @category routing
 * @since 0.1.0
 */
export const lanesOf = (routes: ReadonlyArray<Route>, record: LogRecord): ReadonlyArray<string> | undefined => {
  checkArgument("LogRoutes.lanesOf", "routes", routeList, routes)
  checkArgument("LogRoutes.lanesOf", "record", aRecord, record)
  return routes.find(({ when = {} }) => conditionOf(when)(record))?.to
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** Routes that were checked, as a value that nobody changes. */
const frozen = (routes: ReadonlyArray<Route>): ReadonlyArray<Route> =>
  Object.freeze(
    routes.map(({ to, when }) =>
      Object.freeze({ ...(when !== undefined && { when: frozenCondition(when) }), to: Object.freeze([...to]) })
    )
  )

const frozenCondition = ({ annotation, ...others }: Condition): Condition =>
  Object.freeze(annotation === undefined ? others : { ...others, annotation: Object.freeze({ ...annotation }) })

const aRecord = Check.satisfies("a record", isLogRecord)

type Predicate = (record: LogRecord) => boolean

/**
 * A condition as one function, that asks for no more than the condition does.
 *
 * @internal
 */
export const conditionOf = ({ annotation = {}, is, level, scope, span }: Condition): Predicate => {
  const tests: Array<Predicate> = []
  if (level !== undefined) {
    const least = severityOf(boundOf(level))
    tests.push((record) => severityOf(record.level) >= least)
  }
  if (scope !== undefined) tests.push(({ annotations }) => isInScope(annotations["scope"], scope))
  if (span !== undefined) tests.push(({ origin }) => origin.spans?.labels.includes(span) === true)
  for (const [key, value] of Object.entries(annotation)) tests.push(({ annotations }) => annotations[key] === value)
  if (is !== undefined) tests.push(total(is))
  return (record) => tests.every((test) => test(record))
}

const total = (is: Predicate): Predicate => (record) => {
  try {
    return unawaited(is(record))
  } catch {
    return false
  }
}

const annotations = Check.satisfies(
  "an object of texts, numbers or booleans by the names of annotations",
  (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((one) => ["string", "number", "boolean"].includes(typeof one))
)

const conditionChecks: Check.Checks<Condition> = {
  scope: Check.text,
  level: Check.levelOrBound,
  annotation: annotations,
  span: Check.text,
  is: Check.aSyncFunction
}

const routeChecks: Check.Checks<Route> = {
  when: optionsOf(conditionChecks),
  to: Check.required(Check.listOf(Check.text))
}

/**
 * What routes may be.
 *
 * @internal
 */
export const routeList = Check.listOf(optionsOf(routeChecks))
