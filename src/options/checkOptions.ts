import { type Check, type Checks, type Problem, type Reading, readOne, type Rule } from "./check.ts"
import { didYouMean } from "./nearest.ts"
import { shown } from "./shown.ts"

/** Options that were checked: those that are there are set. */
export type Checked<Options> = { readonly [K in keyof Options]: Exclude<Options[K], undefined> }

/**
 * The options that are set, each read by its check: in one form where several are
 * allowed, and without those that are `undefined`.
 *
 * Throws a `RangeError` with a sentence for everything that is wrong, which names
 * the function, the option, its value and what was expected.
 */
export const checkOptions = <Options extends object>(
  where: string,
  checks: Checks<Options>,
  options: Options,
  rule?: Rule<Options>
): Checked<Options> => {
  const reading = readAll(checks, options, rule)
  if ("problems" in reading) throw refusal(where, reading.problems)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every key has the check of its type, which no type follows through a loop
  return reading.value as Checked<Options>
}

/** One argument of a function, read by its check like an option. */
export const checkArgument = (where: string, name: string, check: Check, value: unknown): void => {
  const reading = readOne(check, value)
  if ("problems" in reading) {
    throw refusal(where, reading.problems.map(({ at, text }) => ({ at: `.${name}${at}`, text })))
  }
}

/** Options inside of options. */
export const optionsOf = <Options extends object>(checks: Checks<Options>, rule?: Rule<Options>): Check => ({
  expected: `an object with the options ${Object.keys(checks).join(", ")}`,
  read: (value) => isOptions(value) ? readAll(checks, value, rule) : undefined
})

const readAll = <Options extends object>(
  checks: Checks<Options>,
  options: unknown,
  rule: Rule<Options> | undefined
): Reading => {
  if (!isOptions(options)) return { problems: [{ at: "", text: `takes an object of options, got ${shown(options)}` }] }
  const known = new Map<string, Check>(Object.entries(checks))
  const read: Record<string, unknown> = {}
  const problems: Array<Problem> = []
  for (const [key, value] of Object.entries(options)) {
    if (value !== undefined && !known.has(key)) problems.push({ at: "", text: unknownOption(key, known) })
  }
  for (const [key, check] of known) {
    const value: unknown = Reflect.get(options, key)
    if (value === undefined && check.required !== true) continue
    const reading = readOne(check, value)
    if ("value" in reading) read[key] = reading.value
    else problems.push(...reading.problems.map(({ at, text }) => ({ at: `.${key}${at}`, text })))
  }
  if (problems.length > 0) return { problems }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every key has the check of its type, which no type follows through a loop
  const problem = rule?.(read as Options)
  return problem === undefined ? { value: read } : { problems: [problem] }
}

const unknownOption = (key: string, known: ReadonlyMap<string, Check>): string => {
  const suggestion = didYouMean(key, known.keys())
  const name = shown(key)
  return `has no option ${name}${suggestion === "" ? `; it has ${[...known.keys()].join(", ")}` : suggestion}`
}

const refusal = (where: string, problems: ReadonlyArray<Problem>): RangeError =>
  new RangeError(
    problems.map(({ at, text }) => at === "" ? `${where} ${text}` : `${where}: ${at.replace(/^\./, "")} ${text}`).join(
      "\n"
    )
  )

/** An object that is no array, no function and no value of a class. */
const isOptions = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
