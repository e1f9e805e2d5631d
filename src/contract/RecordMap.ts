import type { LogRecord } from "../LogRecord.ts"
import * as Check from "../options/check.ts"
import { optionsOf } from "../options/checkOptions.ts"

/**
 * What a sink is given of annotations in another way than they were logged: fields
 * are left out, then renamed, then added. A field that is put in the place of another
 * one of its name counts.
 *
 * @category options
 * @since 0.1.0
 */
export interface FieldMap {
  /**
   * Names of fields that are left out.
   *
   * @default none
   */
  readonly drop?: ReadonlyArray<string> | undefined
  /**
   * New names of fields, by the names that they were logged with.
   *
   * @default none
   */
  readonly rename?: Readonly<Record<string, string>> | undefined
  /**
   * Fields that every record has. They are redacted and bounded like any others.
   *
   * @default none
   */
  readonly add?: Readonly<Record<string, unknown>> | undefined
}

/**
 * What a function says of a record for one sink: its message, its annotations, or both.
 * What is left out stays as it was logged.
 *
 * @category models
 * @since 0.1.0
 */
export interface MappedRecord {
  readonly message?: unknown
  readonly annotations?: Readonly<Record<string, unknown>> | undefined
}

/**
 * How a sink is given records: a {@link FieldMap}, or a function of the record.
 *
 * @category models
 * @since 0.1.0
 */
export type RecordMap = FieldMap | ((record: LogRecord) => MappedRecord)

const newNames = Check.satisfies(
  "an object of names that are not blank, by the names that they stand for",
  (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((name) => typeof name === "string" && name.trim() !== "")
)

const fieldMapChecks: Check.Checks<FieldMap> = { drop: Check.listOf(Check.text), rename: newNames, add: Check.anObject }

/** What the option `map` of a lane may be. */
export const recordMap = Check.either(optionsOf(fieldMapChecks), Check.aSyncFunction)
