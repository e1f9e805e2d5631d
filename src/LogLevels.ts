/**
 * Levels as a value: what is logged, for all of a program, for a part of it (a
 * scope) and for one lane, for good or for a time.
 *
 * The service of a runtime has its levels in `level`, a `SubscriptionRef`: what is
 * set there is followed from the next log call on. The values are plain data that
 * nobody changes: they can be printed, compared with `Equal.equals`, written as
 * JSON and set again.
 *
 * **Example** (Levels of a scope and of those below another)
 *
 * ```ts
 * import { LogLevels } from "effect-spillway"
 *
 * const levels = LogLevels.parse("Info,billing=Debug,http.*=Warn")
 *
 * LogLevels.levelOf(levels, "billing") // => "Debug"
 * LogLevels.levelOf(levels, "http.server") // => "Warn"
 * LogLevels.levelOf(levels, "catalogue") // => "Info"
 *
 * LogLevels.format(LogLevels.set(levels, "Error", { scope: "http.*" })) // => "Info,billing=Debug,http.*=Error"
 * ```
 *
 * @since 0.1.0
 */
import * as Check from "./options/check.ts"
import { checkArgument, checkOptions, optionsOf } from "./options/checkOptions.ts"
import { type Bound, type BoundInput, boundOf } from "./options/level.ts"
import * as targets from "./options/levels.ts"
import { shown } from "./options/shown.ts"

/**
 * What a level is for: a scope (`"billing"`, or with all below it `"http.*"`), a
 * lane, or all when neither is named.
 *
 * @category models
 * @since 0.1.0
 */
export interface Target {
  /**
   * The name of a scope, or of one and all below it: `http.*` is `http`, `http.server`
   * and so on.
   *
   * @default none
   */
  readonly scope?: string | undefined
  /**
   * The name of a lane, as in `stats`.
   *
   * @default none
   */
  readonly lane?: string | undefined
}

/**
 * A level that counts until a moment and lies over what is set for good.
 *
 * @category models
 * @since 0.1.0
 */
export interface Temporary extends Target {
  readonly level: Bound
  /**
   * Milliseconds since 1970, by Effect's Clock as it stands when the level is set; without it the level stays until it
   * is taken away.
   */
  readonly until?: number | undefined
  /** Who has set it. */
  readonly by?: string | undefined
}

/**
 * The levels of a runtime.
 *
 * @category models
 * @since 0.1.0
 */
export interface Levels {
  /** The lowest level that is logged where no other is set. */
  readonly level: Bound
  /** Levels of scopes, by their names. */
  readonly scopes: Readonly<Record<string, Bound>>
  /** Levels of lanes, by their names. They go before that of the sink. */
  readonly lanes: Readonly<Record<string, Bound>>
  /** What lies over these for a time. Of several for one target the last counts. */
  readonly temporary: ReadonlyArray<Temporary>
}

/**
 * Options of {@link make}.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The lowest level that is logged where no other is set.
   *
   * @default "Info"
   */
  readonly level?: BoundInput | undefined
  /**
   * Levels of scopes, by their names.
   *
   * @default none
   */
  readonly scopes?: Readonly<Record<string, BoundInput>> | undefined
  /**
   * Levels of lanes, by their names.
   *
   * @default none
   */
  readonly lanes?: Readonly<Record<string, BoundInput>> | undefined
  /**
   * What lies over these for a time.
   *
   * @default none
   */
  readonly temporary?: ReadonlyArray<Temporary> | undefined
}

/**
 * Makes levels. Takes what was read from JSON as well, and throws a `RangeError`
 * that names everything in it that is not known or not what it must be.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Levels => {
  if (isMade(options)) return options
  const { lanes = {}, level = "Info", scopes = {}, temporary = [] } = checkOptions("LogLevels.make", checks, options)
  return frozen({ level: boundOf(level), scopes: bounded(scopes), lanes: bounded(lanes), temporary })
}

/**
 * Reads levels as the environment has them, `Info,billing=Debug,http.*=Warn`: a level,
 * and scopes with theirs. Without a level for all it is Info. Throws a `RangeError`
 * that says what was expected.
 *
 * @category constructors
 * @since 0.1.0
 */
export const parse = (text: string): Levels => {
  checkArgument("LogLevels.parse", "text", Check.text, text)
  const read = targets.parseLevels(text)
  if ("value" in read) return make(read.value)
  throw new RangeError(`LogLevels.parse: text must have ${read.expected}, got ${shown(text)}`)
}

/**
 * Writes levels as {@link parse} reads them, those that count now. The levels of lanes
 * are not in it: in the environment they have variables of their own.
 *
 * @category formatting
 * @since 0.1.0
 */
export const format = (levels: Levels): string => {
  checkArgument("LogLevels.format", "levels", someLevels, levels)
  const { level, scopes } = current(levels)
  return [level, ...Object.entries(scopes).map(([name, own]) => `${name}=${own}`)].join(",")
}

/**
 * Sets a level for good: for all, a scope or a lane. What was set for a time for the
 * same ends with it.
 *
 * @category combinators
 * @since 0.1.0
 */
export const set = (levels: Levels, level: BoundInput, target: Target = {}): Levels => {
  checkArgument("LogLevels.set", "levels", someLevels, levels)
  checkArgument("LogLevels.set", "level", Check.levelOrBound, level)
  const { lane, scope } = checkOptions("LogLevels.set", targets.target, target, targets.oneTarget)
  const cleared = unset(levels, target)
  const bound = boundOf(level)
  if (scope !== undefined) return frozen({ ...cleared, scopes: { ...levels.scopes, [scope]: bound } })
  if (lane !== undefined) return frozen({ ...cleared, lanes: { ...levels.lanes, [lane]: bound } })
  return frozen({ ...cleared, level: bound })
}

/**
 * Takes the level of a scope or a lane away, and all that were set for it for a time: what
 * is above it counts. Without a scope or a lane only those for a time that are for all.
 *
 * @category combinators
 * @since 0.1.0
 */
export const unset = (levels: Levels, target: Target = {}): Levels => {
  checkArgument("LogLevels.unset", "levels", someLevels, levels)
  const { lane, scope } = checkOptions("LogLevels.unset", targets.target, target, targets.oneTarget)
  return frozen({
    level: levels.level,
    scopes: without(levels.scopes, scope),
    lanes: without(levels.lanes, lane),
    temporary: levels.temporary.filter((each) => each.scope !== scope || each.lane !== lane)
  })
}

/**
 * The levels that count now, with nothing that ends.
 *
 * @category getters
 * @since 0.1.0
 */
export const current = (levels: Levels): Levels => {
  checkArgument("LogLevels.current", "levels", someLevels, levels)
  let { level } = levels
  const scopes = new Map(Object.entries(levels.scopes))
  const lanes = new Map(Object.entries(levels.lanes))
  for (const each of levels.temporary) {
    if (each.scope !== undefined) scopes.set(each.scope, each.level)
    else if (each.lane !== undefined) lanes.set(each.lane, each.level)
    else level = each.level
  }
  return frozen({ level, scopes: Object.fromEntries(scopes), lanes: Object.fromEntries(lanes), temporary: [] })
}

/**
 * The level that counts now for what is logged in a scope: its own, else that of the
 * longest name it is below, else that for all.
 *
 * @category getters
 * @since 0.1.0
 */
export const levelOf = (levels: Levels, scope?: string): Bound => {
  checkArgument("LogLevels.levelOf", "levels", someLevels, levels)
  checkArgument("LogLevels.levelOf", "scope", anyScope, scope)
  const { level, scopes } = current(levels)
  return (scope === undefined ? undefined : targets.ofScope(scopes, scope)) ?? level
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = {
  level: Check.levelOrBound,
  scopes: targets.scopes,
  lanes: targets.lanes,
  temporary: Check.listOf(optionsOf<Temporary>(
    { level: Check.required(Check.levelOrBound), ...targets.target, until: Check.aNumber, by: Check.text },
    targets.oneTarget
  ))
}

const given = optionsOf(checks)

/** Levels that were made here: nobody can change them, and they need no look again, however many there are. */
const all = new WeakSet<object>()

const isMade = (value: unknown): value is Levels => typeof value === "object" && value !== null && all.has(value)

/**
 * What levels may be.
 *
 * @internal
 */
export const someLevels: Check.Check = {
  expected: "levels, from LogLevels.make",
  read: (value) => isMade(value) ? { value } : given.read(value)
}

const anyScope = Check.satisfies("a text", (value) => value === undefined || typeof value === "string")

const bounded = (levels: Readonly<Record<string, BoundInput>>): targets.LevelsByName =>
  Object.fromEntries(Object.entries(levels).map(([name, level]) => [name, boundOf(level)]))

const without = (levels: targets.LevelsByName, name: string | undefined): targets.LevelsByName =>
  Object.fromEntries(Object.entries(levels).filter(([each]) => each !== name))

const frozen = ({ lanes, level, scopes, temporary }: Levels): Levels => {
  const levels = Object.freeze({
    level,
    scopes: Object.freeze(scopes),
    lanes: Object.freeze(lanes),
    temporary: Object.freeze(temporary.map((each) => Object.freeze(each)))
  })
  all.add(levels)
  return levels
}
