import type { CauseReason } from "../record/CauseReason.ts"
import { type Level, levels, lowerCase } from "../record/level.ts"
import type { RecordOrigin } from "../record/RecordOrigin.ts"
import { causeText } from "./causeText.ts"
import { failuresOf } from "./failures.ts"
import { type Field, nameOf, namesOf } from "./jsonFields.ts"
import type { JsonOptions, LevelValues } from "./jsonOptions.ts"
import { LineEnd } from "./LineEnd.ts"
import { Timestamps } from "./Timestamps.ts"

const valuesOfLevels = {
  upper: { Trace: "TRACE", Debug: "DEBUG", Info: "INFO", Warn: "WARN", Error: "ERROR", Fatal: "FATAL" },
  lower: lowerCase,
  pino: { Trace: 10, Debug: 20, Info: 30, Warn: 40, Error: 50, Fatal: 60 },
  otel: { Trace: 1, Debug: 5, Info: 9, Warn: 13, Error: 17, Fatal: 21 }
} as const satisfies Record<string, LevelValues>

/** What a line of JSON consists of: the pieces of text between what differs from record to record. */
export class JsonShape {
  /** How a line begins, up to the message. */
  readonly start: string
  /** Whether the message is one text, with its objects behind {@link data}. */
  readonly isText: boolean
  /** What stands before the objects of a message; `undefined` leaves them out. */
  readonly data: string | undefined
  /** What stands before the uid; `undefined` leaves it out. */
  readonly uid: string | undefined
  /** What stands before the annotations; `undefined` leaves them out. */
  readonly annotations: string | undefined
  /** The names that no annotation may have, because it stands beside them. */
  readonly reserved: ReadonlySet<string> | undefined
  /** What a reserved name of an annotation is moved behind. */
  readonly moved: string
  /** What stands for the level, and begins the time. */
  private readonly levels: Readonly<Record<Level, string>>
  private readonly time: (time: number) => string
  private readonly cause: string | undefined
  private readonly causeOf: (reasons: ReadonlyArray<CauseReason>) => unknown
  private readonly spans: string | undefined
  private readonly fiberId: string | undefined
  private readonly traceId: string | undefined
  private readonly spanId: string | undefined
  /** What ends a line, as bytes. */
  readonly lineEnd: LineEnd

  constructor(options: JsonOptions = {}, reserved: Iterable<string> = []) {
    const { level = "upper", time = "iso" } = options
    const before = (field: Field): string | undefined => {
      const name = nameOf(field, options)
      return name === false ? undefined : `,${JSON.stringify(name)}:`
    }
    const isFlat = options.annotations === "flat"
    this.start = `{${before("message")?.slice(1)}`
    this.isText = options.message === "text"
    this.data = before("data")
    this.uid = options.uid === true ? before("uid") : undefined
    this.annotations = isFlat && before("annotations") !== undefined ? "" : before("annotations")
    this.reserved = isFlat ? new Set([...namesOf(options).values(), ...reserved]) : undefined
    this.moved = `${nameOf("annotations", options)}.`
    this.levels = levelPieces(typeof level === "string" ? valuesOfLevels[level] : level, before("level"))
    this.time = timePiece(time, before("timestamp"))
    this.cause = before("cause")
    this.causeOf = options.cause === "structured" ? failuresOf : causeText
    this.spans = before("spans")
    this.fiberId = before("fiberId")
    this.traceId = before("traceId")
    this.spanId = before("spanId")
    this.lineEnd = new LineEnd({
      spans: this.spans,
      fiberId: this.fiberId,
      traceId: this.traceId,
      spanId: this.spanId,
      next: this.start
    })
  }

  levelAndTime(level: Level, time: number): string {
    return this.levels[level] + this.time(time)
  }

  failure(reasons: ReadonlyArray<CauseReason> | undefined): string {
    return reasons === undefined || this.cause === undefined
      ? ""
      : this.cause + JSON.stringify(this.causeOf(reasons))
  }

  /** The log spans of a record. */
  spansOf({ spans }: RecordOrigin, time: number): string {
    if (this.spans === undefined) return ""
    return this.spans + (spans === undefined ? "{}" : JSON.stringify(spans.durations(time)))
  }

  /** What ends a line, and its break. */
  end({ fiberId, spanId, traceId }: RecordOrigin): string {
    let text = ""
    if (this.fiberId !== undefined) text += `${this.fiberId}"#${fiberId}"`
    if (this.traceId !== undefined && traceId !== undefined) text += this.traceId + JSON.stringify(traceId)
    if (this.spanId !== undefined && spanId !== undefined) text += this.spanId + JSON.stringify(spanId)
    return `${text}}\n`
  }
}

const levelPieces = (values: LevelValues, before: string | undefined): Readonly<Record<Level, string>> => {
  const pieces = { Trace: "", Debug: "", Info: "", Warn: "", Error: "", Fatal: "" }
  if (before !== undefined) { for (const level of levels) pieces[level] = before + JSON.stringify(values[level]) }
  return pieces
}

const timePiece = (
  time: NonNullable<JsonOptions["time"]>,
  before: string | undefined
): (time: number) => string => {
  if (before === undefined) return () => ""
  switch (time) {
    case "iso": {
      const timestamps = new Timestamps()
      return (millis) => `${before}"${timestamps.format(millis)}"`
    }
    case "millis":
      return (millis) => before + (Number.isFinite(millis) ? String(Math.floor(millis)) : "null")
    case "seconds":
      return (millis) => before + (Number.isFinite(millis) ? (Math.floor(millis) / 1000).toFixed(3) : "null")
  }
}
