import type { Level } from "../record/level.ts"

/**
 * Names of the fields of a JSON line. A field that is `false` is left out.
 *
 * @category options
 * @since 0.1.0
 */
export interface JsonFields {
  /**
   * What was logged. It cannot be left out.
   *
   * @default "message"
   */
  readonly message?: string | undefined
  /**
   * The objects that were logged, when `message` is `"text"`.
   *
   * @default "data"
   */
  readonly data?: string | false | undefined
  /**
   * The level.
   *
   * @default "level"
   */
  readonly level?: string | false | undefined
  /**
   * The time of the log call.
   *
   * @default "timestamp"
   */
  readonly timestamp?: string | false | undefined
  /**
   * The cause, in the records that have one.
   *
   * @default "cause"
   */
  readonly cause?: string | false | undefined
  /**
   * The annotations. When they are `"flat"`, what an annotation begins with that has
   * the name of another field.
   *
   * @default "annotations"
   */
  readonly annotations?: string | false | undefined
  /**
   * The milliseconds of each log span, by its label.
   *
   * @default "spans"
   */
  readonly spans?: string | false | undefined
  /**
   * The fiber, as `"#1"`.
   *
   * @default "fiberId"
   */
  readonly fiberId?: string | false | undefined
  /**
   * The trace, in records of a call inside a span.
   *
   * @default "traceId"
   */
  readonly traceId?: string | false | undefined
  /**
   * The span, in records of a call inside one.
   *
   * @default "spanId"
   */
  readonly spanId?: string | false | undefined
  /**
   * The uid, when `uid` is `true`.
   *
   * @default "uid"
   */
  readonly uid?: string | undefined
}

/**
 * The shape of a JSON line: options of `LogEncoder.json`.
 *
 * @category options
 * @since 0.1.0
 */
export interface JsonOptions {
  /**
   * Names of the fields: {@link JsonFields}, each with another name or `false` to leave
   * it out.
   *
   * @default none renamed
   */
  readonly fields?: JsonFields | undefined
  /**
   * The time: `"iso"` is a text in UTC, `"millis"` a whole number and `"seconds"` a
   * number with three decimals, both since 1970.
   *
   * @default "iso"
   */
  readonly time?: "iso" | "millis" | "seconds" | undefined
  /**
   * The level: `"upper"` and `"lower"` are texts, `"pino"` the numbers 10 to 60, `"otel"`
   * OpenTelemetry's severity numbers 1 to 21. Or an object that has a value for every
   * level, all of them texts or all of them numbers.
   *
   * @default "upper"
   */
  readonly level?: "upper" | "lower" | "pino" | "otel" | LevelValues | undefined
  /**
   * Annotations: `"nested"` in an object, or `"flat"` beside the other fields. A flat one
   * that has the name of another field is moved: `level` becomes `annotations.level`.
   *
   * @default "nested"
   */
  readonly annotations?: "nested" | "flat" | undefined
  /**
   * Causes: one `"text"`, or `"structured"` as a list of objects with `kind`, `type`,
   * `message`, `stack`, `fields`, `cause` and `errors`.
   *
   * @default "text"
   */
  readonly cause?: "text" | "structured" | undefined
  /**
   * The message: `"asLogged"`, which is a text, a number, an object or a list of them, or
   * always a `"text"`, with objects in the field `data`.
   *
   * @default "asLogged"
   */
  readonly message?: "asLogged" | "text" | undefined
  /**
   * Whether a line has the uid of its record, which no other record has.
   *
   * @default false
   */
  readonly uid?: boolean | undefined
}

/**
 * What stands for each level.
 *
 * @category models
 * @since 0.1.0
 */
export type LevelValues = Readonly<Record<Level, string>> | Readonly<Record<Level, number>>
