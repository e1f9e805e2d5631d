import * as Check from "../../options/check.ts"
import { type PinoLevel, pinoLevels } from "./levels.ts"
import type { Serializers } from "./Serializers.ts"

/**
 * Options of a child logger, those of pino. Of the others of pino, `redact`, `formatters` and `customLevels`
 * are not followed, which a record of level Warn says: what is hidden is the runtime's to say.
 *
 * @category options
 * @since 0.1.0
 */
export interface ChildOptions {
  /**
   * The lowest level that it logs, by pino's names. Nothing below the levels of the runtime
   * is logged.
   *
   * @default that of its parent
   */
  readonly level?: PinoLevel | "silent" | (string & {}) | undefined
  /**
   * What is logged of the fields of these names, in place of their values. An error under
   * `err` that goes through pino's own serializer stays the record's error.
   *
   * @default those of its parent
   */
  readonly serializers?: Serializers | undefined
  /**
   * What stands before all of its messages, behind the prefix of its parent.
   *
   * @default none
   */
  readonly msgPrefix?: string | undefined
}

/**
 * Options of a pino logger.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends ChildOptions {
  /**
   * Fields of all its records: pino's `base` and `name`.
   *
   * @default none
   */
  readonly bindings?: Readonly<Record<string, unknown>> | undefined
}

export const optionChecks: Check.Checks<Options> = {
  level: Check.words(...pinoLevels, "silent"),
  serializers: Check.satisfies(
    "an object of functions",
    (value) => Check.anObject.read(value) !== undefined && Object.values(Object(value)).every(isFunction)
  ),
  msgPrefix: Check.anyText,
  bindings: Check.anObject
}

const isFunction = (value: unknown): boolean => typeof value === "function"
