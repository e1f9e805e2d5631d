import type { CauseReason } from "./CauseReason.ts"
import { isRecord, PlainObject } from "./plainData.ts"

/** The fields of an {@link ErrorSnapshot}. */
export interface ErrorFields {
  readonly tag?: string | undefined
  readonly name?: string | undefined
  readonly message?: string | undefined
  readonly frames?: ReadonlyArray<string> | undefined
  readonly properties?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
  readonly errors?: ReadonlyArray<unknown> | undefined
}

const none: ReadonlyArray<string> = []
const noProperties: Readonly<Record<string, unknown>> = Object.freeze({})
/** The fields that every error may have; the others are its own. */
export const standardFields: ReadonlySet<string> = new Set(["_tag", "name", "message", "stack", "cause", "errors"])

/**
 * What an error was when it was logged: as a failure, a defect, a message, or
 * anywhere inside one.
 *
 * **Details**
 *
 * - `tag` is its `_tag`, and `name` its name.
 * - `frames` are the lines of its stack, from where it was made up to where
 *   Effect's own machinery begins, innermost first: `"at load (repo.ts:3:9)"`.
 * - `properties` are its other fields, redacted and bounded like all that is
 *   logged: those that its `toJSON` gives, if it has one. Effect's type ids and
 *   syntax trees are left out.
 * - `cause` is what it was caused by, and `errors` are those it gathers, mostly
 *   snapshots of errors again.
 *
 * As JSON it is one object: `_tag`, `name`, `message`, `stack`, its properties,
 * `cause` and `errors`.
 *
 * @category models
 * @since 0.1.0
 */
export class ErrorSnapshot {
  readonly tag: string | undefined
  readonly name: string | undefined
  readonly message: string | undefined
  readonly frames: ReadonlyArray<string>
  readonly properties: Readonly<Record<string, unknown>>
  readonly cause: unknown
  readonly errors: ReadonlyArray<unknown> | undefined

  constructor(fields: ErrorFields) {
    this.tag = fields.tag
    this.name = fields.name
    this.message = fields.message
    this.frames = fields.frames ?? none
    this.properties = fields.properties ?? noProperties
    this.cause = fields.cause
    this.errors = fields.errors
  }

  /** Its name and message, as they stand above a stack. */
  get title(): string {
    const { message, name, tag } = this
    const what = name ?? tag ?? "Error"
    return message === undefined || message === "" ? what : `${what}: ${message}`
  }

  toJSON(): Readonly<Record<string, unknown>> {
    const { cause, errors, frames, message, name, properties, tag } = this
    const out = new PlainObject()
    if (tag !== undefined) out["_tag"] = tag
    if (name !== undefined) out["name"] = name
    if (message !== undefined) out["message"] = message
    if (frames.length > 0) out["stack"] = `${this.title}\n${frameLines(frames)}`
    Object.assign(out, properties)
    if (cause !== undefined) out["cause"] = cause
    if (errors !== undefined) out["errors"] = errors
    return out
  }
}

/** A cause inside of what was logged. */
export class CauseSnapshot {
  readonly reasons: ReadonlyArray<CauseReason>

  constructor(reasons: ReadonlyArray<CauseReason>) {
    this.reasons = reasons
  }

  toJSON(): ReadonlyArray<CauseReason> {
    return this.reasons
  }
}

/** Frames as the lines of a stack. */
export const frameLines = (frames: ReadonlyArray<string>): string => frames.map(lineOf).join("\n")

const lineOf = (frame: string): string => frame.startsWith("at ") ? `    ${frame}` : frame

/** The frame that a line of a stack is. What is none, such as the code that is shown above a syntax error, is kept as it is. */
export const frameOf = (line: string): string => {
  const frame = line.trimStart()
  return frame.startsWith("at ") ? frame : line
}

/** An error from its JSON. */
export const errorOfJson = (json: unknown): unknown => {
  if (!isRecord(json)) return json
  const { _tag: tag, cause, errors, message, name, stack } = json
  const properties = new PlainObject()
  for (const key of Object.keys(json)) if (!isTaken(key, json[key])) properties[key] = json[key]
  const fields = {
    tag: textOf(tag),
    name: textOf(name),
    message: textOf(message),
    properties,
    cause,
    errors: Array.isArray(errors) ? errors : undefined
  }
  if (typeof stack !== "string") return new ErrorSnapshot(fields)
  const { title } = new ErrorSnapshot(fields)
  const lines = stack.startsWith(`${title}\n`) ? stack.slice(title.length + 1) : stack
  return new ErrorSnapshot({ ...fields, frames: lines.split("\n").map(frameOf) })
}

/** Whether a field of an error is kept in a place of its own. */
const isTaken = (key: string, value: unknown): boolean =>
  standardFields.has(key) &&
  (key === "cause" || (key === "errors" ? Array.isArray(value) : typeof value === "string"))

const textOf = (u: unknown): string | undefined => typeof u === "string" ? u : undefined
