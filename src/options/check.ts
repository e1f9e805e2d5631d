/**
 * What an option may be. A check reads a value: it gives the value back, in one
 * form where several are allowed, or says what is wrong with it.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { isRecord } from "../record/plainData.ts"
import { parseDuration } from "./duration.ts"
import { parseBound, parseLevel } from "./level.ts"
import { shown } from "./shown.ts"

/** What is wrong, and where below the option: `.depth` or `[2]`, or nothing for the option itself. */
export interface Problem {
  readonly at: string
  /** What follows the name of the option, or of the function when there is none: `must be …, got …`. */
  readonly text: string
}

export type Reading = { readonly value: unknown } | { readonly problems: ReadonlyArray<Problem> }

export interface Check {
  /** What is expected, after “must be”. */
  readonly expected: string
  /** Reads a value that is given; nothing when it is not what is expected. */
  readonly read: (value: unknown) => Reading | undefined
  /** Whether it must be given. */
  readonly required?: true
  /** How a wrong value is shown, after “got”: its kind, and what to do about it. */
  readonly got?: ((value: unknown) => string) | undefined
}

/** A check for every option of an interface. One that is left out does not compile. */
export type Checks<Options> = {
  readonly [K in keyof Options]-?: {} extends Pick<Options, K> ? Check : Check & { readonly required: true }
}

/** What options must be together, asked when each alone is right. */
export type Rule<Options> = (options: Options) => Problem | undefined

export const required = (check: Check): Check & { readonly required: true } => ({ ...check, required: true })

/** A check of what a function says is so. */
export const satisfies = (
  expected: string,
  is: (value: unknown) => boolean,
  got?: (value: unknown) => string
): Check => ({
  expected,
  read: (value) => is(value) ? { value } : undefined,
  got
})

export const flag = satisfies("true or false", (value) => typeof value === "boolean")

/** Where an option is turned off by `false`. */
export const no = satisfies("false", (value) => value === false)

export const anything = satisfies("anything", () => true)

export const aNumber = satisfies("a number", (value) => typeof value === "number")

export const anObject = satisfies("an object", isRecord)

/** A text that may be empty. */
export const anyText = satisfies("a text", (value) => typeof value === "string")

export const text = satisfies("a text that is not blank", (value) => typeof value === "string" && value.trim() !== "")

/** A path. Control characters are refused: they come from files with foreign line ends, and make other files than those that were meant. */
export const path = satisfies(
  "a path that is not blank and has no control characters",
  (value) => typeof value === "string" && value.trim() !== "" && !controls.test(value)
)

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/

export const aFunction = satisfies("a function", (value) => typeof value === "function")

/** A function that is neither `async` nor a generator: those give something else than their body says. */
export const plainFunction = (expected: string, remedy: string): Check =>
  satisfies(
    expected,
    (value) => kindOf(value) === "Function",
    (value) => typeof value === "function" ? `${oddFunctions[kindOf(value)] ?? shown(value)}; ${remedy}` : shown(value)
  )

const oddFunctions: Readonly<Record<string, string>> = {
  AsyncFunction: "an async function",
  GeneratorFunction: "a generator function",
  AsyncGeneratorFunction: "an async generator function"
}

const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

/** A function whose work is done when it returns. */
export const aSyncFunction = plainFunction("a function that is not async", "nobody waits for what it returns")

/** A function whose work is done by the Effect it returns. */
export const effectful = plainFunction(
  "a function that returns an Effect",
  "wrap what it does in Effect.tryPromise, or make it with Effect.fn"
)

export const anEffect = satisfies("an Effect", Effect.isEffect)

export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  satisfies(
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`,
    (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
  )

/** Permissions of a file or a folder. */
export const permissions = satisfies(
  "permissions as a number like 0o640",
  (value) => typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0o7777
)

export const words = (...known: ReadonlyArray<string>): Check =>
  satisfies(
    known.map((word) => JSON.stringify(word)).join(", ").replace(/, ("[^"]*")$/, " or $1"),
    (value) => known.some((word) => word === value)
  )

export const level: Check = {
  expected: "a level: Trace, Debug, Info, Warn, Error or Fatal",
  read: (value) => given(parseLevel(value))
}

export const levelOrBound: Check = {
  expected: "All, a level (Trace, Debug, Info, Warn, Error, Fatal) or None",
  read: (value) => given(parseBound(value))
}

/** An object with values by names. */
export const objectOf = (expected: string, name: Check, item: Check): Check => ({
  expected,
  read(value) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
    const problems: Array<Problem> = []
    const entries = Object.entries(value).map(([key, given]: [string, unknown]) => {
      const [named, reading] = [readOne(name, key), readOne(item, given)]
      if ("problems" in named) problems.push(...named.problems)
      if ("problems" in reading) {
        problems.push(...reading.problems.map(({ at, text }) => ({ at: `[${shown(key)}]${at}`, text })))
      }
      return [key, "value" in reading ? reading.value : undefined]
    })
    return problems.length === 0 ? { value: Object.fromEntries(entries) } : { problems }
  }
})

/** A length of time. `"finite"` excludes `Infinity`, which elsewhere means that there is no bound. */
export const duration = (least: "zero" | "positive", most: "finite" | "any"): Check => ({
  expected: `a ${most === "finite" ? "finite " : ""}duration ${least === "zero" ? "of at least" : "above"} 0, ` +
    `like "5s", "500 millis" or a number of milliseconds`,
  read(value) {
    const found = parseDuration(value)
    if (found === undefined) return undefined
    const millis = Duration.toMillis(found)
    const bounded = (least === "zero" ? millis >= 0 : millis > 0) && (most === "any" || Number.isFinite(millis))
    return bounded ? { value: found } : undefined
  }
})

/** What any one of some checks takes. */
export const either = (...checks: ReadonlyArray<Check>): Check => ({
  expected: checks.map(({ expected }) => expected).join(", or "),
  got: checks.find(({ got }) => got !== undefined)?.got,
  read(value) {
    let problem: Reading | undefined
    for (const check of checks) {
      const reading = check.read(value)
      if (reading !== undefined && "value" in reading) return reading
      problem ??= reading
    }
    return problem
  }
})

/** An array of which each item is checked. */
export const listOf = (item: Check): Check => ({
  expected: `an array, each item ${item.expected}`,
  read(value) {
    if (!Array.isArray(value)) return undefined
    const read: Array<unknown> = []
    const problems: Array<Problem> = []
    value.forEach((one: unknown, i) => {
      const reading = readOne(item, one)
      if ("value" in reading) read.push(reading.value)
      else problems.push(...reading.problems.map(({ at, text }) => ({ at: `[${i}]${at}`, text })))
    })
    return problems.length === 0 ? { value: read } : { problems }
  }
})

/**
 * How a value is shown where a program may have forgotten to call what makes it, or has
 * given the module of these functions in place of what one of them makes.
 */
export const madeBy = (...functions: ReadonlyArray<string>) => (value: unknown): string => {
  if (typeof value === "function") return `${shown(value)}; call it`
  const found = functions.filter((name) => Predicate.hasProperty(value, name) && typeof value[name] === "function")
  return found.length === 0
    ? shown(value)
    : `a module; did you mean its ${found.map((name) => `${name}()`).join(", ").replace(/, (\S+)$/, " or $1")}?`
}

export const uncalled = madeBy("make")

const given = (value: unknown): Reading | undefined => value === undefined ? undefined : { value }

/** Reads a value, and says what is wrong with it. */
export const readOne = (check: Check, value: unknown): Reading =>
  check.read(value) ??
    { problems: [{ at: "", text: `must be ${check.expected}, got ${(check.got ?? shown)(value)}` }] }
