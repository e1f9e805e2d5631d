import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { shown } from "./shown.ts"

type Unit = "ns" | "us" | "µs" | "ms" | "s" | "sec" | "secs" | "m" | "min" | "mins" | "h" | "hr" | "hrs" | "d" | "w"

/**
 * A length of time: any `Duration.Input` of Effect, or a text with a shorter unit
 * (`"5s"`, `"500ms"`, `"5 secs"`). A number without a unit is one of milliseconds, here
 * and in the environment.
 *
 * @category models
 * @since 0.1.0
 */
export type DurationInput = Duration.Input | `${number}${Unit}` | `${number} ${Unit}`

const shortUnits: Readonly<Record<string, string>> = {
  ns: "nanos",
  nanosecond: "nanos",
  us: "micros",
  µs: "micros",
  microsecond: "micros",
  ms: "millis",
  msec: "millis",
  millisecond: "millis",
  s: "seconds",
  sec: "seconds",
  m: "minutes",
  min: "minutes",
  h: "hours",
  hr: "hours",
  d: "days",
  w: "weeks"
}

/** The length of time that a value says; nothing when it says none. */
export const parseDuration = (value: unknown): Duration.Duration | undefined => {
  if (typeof value === "string") return ofText(value.trim())
  if (Number.isNaN(value) || isOtherObject(value)) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Effect's reader takes any value, and answers with none for what is no duration
  return Option.getOrUndefined(Duration.fromInput(value as Duration.Input))
}

/** The length of time that was checked before. */
export const durationOf = (input: DurationInput): Duration.Duration => {
  const found = parseDuration(input)
  if (found === undefined) throw new RangeError(`expected a duration, got ${shown(input)}`)
  return found
}

const parts = new Set([
  "weeks",
  "days",
  "hours",
  "minutes",
  "seconds",
  "milliseconds",
  "microseconds",
  "nanoseconds"
])

/** An object that names no part of a duration: Effect would take it for none at all. */
const isOtherObject = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null || Duration.isDuration(value) || Array.isArray(value)) return false
  const keys = Object.keys(value)
  return keys.length === 0 || !keys.every((key) => parts.has(key))
}

const ofText = (text: string): Duration.Duration | undefined => {
  if (text === "Infinity") return Duration.infinity
  const [, amount, letters = ""] = /^(\d+(?:\.\d+)?) *([a-zµ]+)$/i.exec(text) ?? []
  if (amount === undefined) return undefined
  const unit = letters.toLowerCase()
  const effects = shortUnits[unit] ?? shortUnits[unit.replace(/s$/, "")] ?? unit
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any text may be asked about
  return Option.getOrUndefined(Duration.fromInput(`${amount} ${effects}` as Duration.Input))
}
