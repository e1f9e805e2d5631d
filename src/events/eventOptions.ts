import type * as Exit from "effect/Exit"
import * as Check from "../options/check.ts"
import { type LevelInput, parseLevel } from "../options/level.ts"
import { unawaited } from "../options/unawaited.ts"
import type { SaidFields } from "../record/EventMessage.ts"
import type { Level } from "../record/level.ts"
import type { Fields } from "./EventFields.ts"
import type { Outcome } from "./outcome.ts"

/**
 * What is known of an event when it ends.
 *
 * @category models
 * @since 0.1.0
 */
export interface Summary {
  readonly name: string
  readonly outcome: Outcome
  readonly durationMillis: number
  /** The exit that ended it; none where it was ended by an outcome, by shutdown or by nobody. */
  readonly exit: Exit.Exit<unknown, unknown> | undefined
  /** What was added, as copied: secrets are not hidden yet. */
  readonly fields: Fields
  /** How many lines of each level were logged inside; a level without any is left out. */
  readonly lines: Readonly<Partial<Record<Level, number>>>
}

/**
 * Options of an event.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The level of its record: one, or what a function says of how it ended. Of a function
   * that throws or gives no level, the default counts.
   *
   * @default Info for a success; Error for a failure, a timeout and a defect; Warn for the rest
   */
  readonly level?: LevelInput | ((summary: Summary) => LevelInput) | undefined
  /**
   * Whether it becomes a record, asked when it ends: all failures, say, and what is slow.
   * What does not is `filtered` in the books of the runtime. A function that throws keeps it.
   *
   * @default all are kept
   */
  readonly when?: ((summary: Summary) => boolean) | undefined
  /**
   * Fields at most, counters and timers among them. What is over is left out, and
   * counted as `event.omitted`. `limits.keys` of the runtime bounds them with the annotations.
   *
   * @default 80 fields
   */
  readonly maxFields?: number | undefined
  /**
   * Bytes of all fields at most, as records are counted. What is over is left out, and
   * counted as `event.omitted`.
   *
   * @default 64 KiB
   */
  readonly maxBytes?: number | undefined
  /**
   * How many of the lines that are logged inside are part of the record: the last ones, as
   * `event.log`. How many there were before is `event.log_omitted`. All are counted.
   *
   * @default 0 lines
   */
  readonly keepLines?: number | undefined
}

/** What each option may be. */
export const eventChecks: Check.Checks<Options> = {
  level: Check.either(Check.level, Check.aSyncFunction),
  when: Check.aSyncFunction,
  maxFields: Check.wholeNumber(0),
  maxBytes: Check.wholeNumber(0),
  keepLines: Check.wholeNumber(0, 1000)
}

/** Options of an event that were checked. What is known of its end is put together for those that ask for it. */
export interface EventOptions {
  readonly level: ((summary: () => Summary, outcome: Outcome) => Level | undefined) | undefined
  readonly when: ((summary: () => Summary) => boolean) | undefined
  readonly maxFields: number
  readonly maxBytes: number
  readonly keepLines: number
  /** What the part of the library says that has opened it, when it ends, whoever ends it; total. */
  readonly own?: ((said: SaidFields, outcome: Outcome) => void) | undefined
  /** Whether somebody who is there as long as its work ends it for certain: a scope, say. */
  readonly isHeld?: boolean | undefined
}

/** Options with their defaults. */
export const settledOptions = ({ keepLines, level, maxBytes, maxFields, when }: Options): EventOptions => ({
  level: level === undefined
    ? undefined
    : typeof level === "function"
    ? (summary) => parseLevel(unawaited(level(summary())))
    : () => parseLevel(level),
  when: when && ((summary) => when(summary())),
  maxFields: maxFields ?? 80,
  maxBytes: maxBytes ?? 64 * 1024,
  keepLines: keepLines ?? 0
})
