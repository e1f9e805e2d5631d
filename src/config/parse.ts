import * as Duration from "effect/Duration"
import { path } from "../options/check.ts"
import { parseDuration } from "../options/duration.ts"
import { type Bound, bounds, parseBound } from "../options/level.ts"
import { type LevelsByName, parseLevels } from "../options/levels.ts"

/** How the text of a variable is read, and what the documentation says about it. */
export interface Parser<A> {
  readonly type: string
  readonly unit: string
  /** The value, or what was expected instead. */
  readonly parse: (text: string) => { readonly value: A } | { readonly expected: string }
}

export const oneOf = <A extends string>(...values: ReadonlyArray<A>): Parser<A> => ({
  type: values.map((value) => `\`${value}\``).join(", "),
  unit: "",
  parse(text) {
    const found = values.find((value) => value.toLowerCase() === text.trim().toLowerCase())
    return found === undefined ? { expected: `one of ${values.join(", ")}` } : { value: found }
  }
})

export const wholeNumber = (least: number, unit: string): Parser<number> => ({
  type: "whole number",
  unit,
  parse(text) {
    const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
    return Number.isSafeInteger(value) && value >= least
      ? { value }
      : { expected: `a whole number of at least ${least} (${unit})` }
  }
})

/** A part of a whole. */
export const share: Parser<number> = {
  type: "number",
  unit: "above 0, below 1",
  parse(text) {
    const value = /^\s*0?\.\d+\s*$/.test(text) ? Number(text) : Number.NaN
    return value > 0 ? { value } : { expected: "a number above 0 and below 1, like 0.25" }
  }
}

/** A length of time, as in code: without a unit a number of milliseconds. One with a fraction was surely meant in another unit. */
export const duration = (least: "zero" | "positive"): Parser<Duration.Duration> => ({
  type: "duration",
  unit: "with a unit: `5s`, `500 millis`; without one milliseconds",
  parse(text) {
    const trimmed = text.trim()
    const value = /^\d+$/.test(trimmed) ? Duration.millis(Number(trimmed)) : parseDuration(trimmed)
    const millis = value === undefined ? Number.NaN : Duration.toMillis(value)
    const bounded = Number.isFinite(millis) && (least === "zero" ? millis >= 0 : millis > 0)
    return value !== undefined && bounded
      ? { value }
      : {
        expected: `a duration ${
          least === "zero" ? "of at least" : "above"
        } 0 with a unit, like "5s" or "500 millis", or a whole number of milliseconds`
      }
  }
})

/** A level, or all, or none; in any case. */
export const level: Parser<Bound> = {
  type: bounds.map((bound) => `\`${bound}\``).join(", "),
  unit: "",
  parse(text) {
    const value = parseBound(text)
    return value === undefined ? { expected: `one of ${bounds.join(", ")}` } : { value }
  }
}

/** A level, and levels of scopes, in any case. */
export const levels: Parser<{ readonly level: Bound | undefined; readonly scopes: LevelsByName }> = {
  ...level,
  parse: parseLevels
}

export const flag: Parser<boolean> = {
  type: "boolean",
  unit: "",
  parse(text) {
    const value = text.trim().toLowerCase()
    if (["true", "1", "yes", "on"].includes(value)) return { value: true }
    return ["false", "0", "no", "off"].includes(value)
      ? { value: false }
      : { expected: "a boolean: true, false, 1, 0, yes, no, on or off" }
  }
}

export const filePath: Parser<string> = {
  type: "path",
  unit: "",
  parse(text) {
    const value = text.trim()
    return path.read(value) === undefined ? { expected: path.expected } : { value }
  }
}
