import type { DirectLogger } from "../../capture/directLogger.ts"
import { EventEmitter } from "../../node/EventEmitter.ts"
import { FailedMessage } from "../../record/FailedMessage.ts"
import type { Level } from "../../record/level.ts"
import { formatMessage } from "./formatMessage.ts"
import { labelOf, type LevelMapping, lowestOf, mapping, silent, valueOf } from "./levels.ts"
import { looksOf } from "./looks.ts"
import { bindingsOf, fieldsOf } from "./PinoFields.ts"
import type { ChildOptions } from "./pinoOptions.ts"
import { withPinoSymbols } from "./pinoSymbols.ts"
import type { Serialized, Serializers } from "./Serializers.ts"

/** Flushes what a logger logs to, and says when that is done. */
export type Flush = (done: (error?: Error) => void) => void

type Log = DirectLogger["info"]
type Given = ReadonlyArray<unknown>

/** What one logger has that another may have otherwise. */
interface Parts {
  readonly direct: DirectLogger
  readonly own: number
  readonly serialized: Serialized
  readonly prefix: string | undefined
  readonly bound: Readonly<Record<string, unknown>>
  readonly flush: Flush
}

/**
 * A logger as pino has them, over a direct logger. It is total, as the direct logger is: a
 * call of it, whatever it is given, throws nothing.
 *
 * Its level is a bound of its own (`own`, all levels as long as nobody sets one) above what
 * the levels of the runtime let through.
 */
export class PinoBridge extends EventEmitter {
  readonly version = "10.4.0"
  readonly levels: LevelMapping = mapping
  /** Told of every child; a program may set it. */
  onChild: (child: PinoBridge) => void = doNothing
  private direct: DirectLogger
  private own: number
  private readonly serialized: Serialized
  private readonly prefix: string | undefined
  private bound: Readonly<Record<string, unknown>>
  private readonly flushing: Flush

  constructor({ bound, direct, flush, own, prefix, serialized }: Parts) {
    super()
    this.direct = direct
    this.own = own
    this.serialized = serialized
    this.prefix = prefix
    this.bound = bound
    this.flushing = flush
  }

  trace(...given: Given): void {
    if (this.own <= 10) this.write(this.direct.trace, "Trace", given)
  }

  debug(...given: Given): void {
    if (this.own <= 20) this.write(this.direct.debug, "Debug", given)
  }

  info(...given: Given): void {
    if (this.own <= 30) this.write(this.direct.info, "Info", given)
  }

  warn(...given: Given): void {
    if (this.own <= 40) this.write(this.direct.warn, "Warn", given)
  }

  error(...given: Given): void {
    if (this.own <= 50) this.write(this.direct.error, "Error", given)
  }

  fatal(...given: Given): void {
    if (this.own <= 60) this.write(this.direct.fatal, "Fatal", given)
  }

  silent(..._given: Given): void {}

  private write(log: Log, level: Level, given: Given): void {
    try {
      const first = given[0]
      if (typeof first === "string" && given.length === 1 && this.prefix === undefined) log(first)
      else if (this.direct.isEnabled(level)) this.writeWhole(log, first, given)
    } catch {
      // What cannot be looked at is logged as it is: the snapshot has markers for that.
      log(given)
    }
  }

  private writeWhole(log: Log, first: unknown, given: Given): void {
    if (typeof first !== "object") {
      const skipped = first === undefined ? 1 : 0
      const message = this.prefixed(given[skipped])
      return log(formatMessage(message, given.slice(skipped + 1)) ?? "")
    }
    const said = fieldsOf(first, this.serialized)
    const own = given.length === 1 ? first === null ? null : undefined : this.prefixed(given[1])
    const message = formatMessage(own, given.slice(2))
    const shown = message === undefined ? said.message ?? "" : message
    log(said.error === undefined ? shown : new FailedMessage(shown, said.error.is), said.fields)
  }

  private prefixed(message: unknown): unknown {
    if (this.prefix === undefined || message === undefined || message === null) return message
    if (looksOf(message) === "boundless") return [this.prefix, message]
    // oxlint-disable-next-line typescript/no-base-to-string -- as pino shows an object behind a prefix
    return this.prefix + String(message)
  }

  get level(): string {
    return labelOf(this.levelVal)
  }

  set level(level: string) {
    const before = this.levelVal
    const value = valueOf(level)
    if (value === undefined) {
      this.direct.warn(unknownLevel, { level })
      return
    }
    this.own = value
    try {
      this.emit("level-change", labelOf(value), value, labelOf(before), before, this)
    } catch {
      // A listener is the program's own.
    }
  }

  get levelVal(): number {
    return Math.max(this.own === silent ? silent : Math.max(this.own, 10), lowestOf(this.direct.isEnabled))
  }

  get msgPrefix(): string | undefined {
    return this.prefix
  }

  get serializers(): Serializers {
    return this.serialized.given
  }

  get [Symbol.for("pino.serializers")](): Serializers {
    return this.serialized.given
  }

  get [Symbol.toStringTag](): string {
    return "Pino"
  }

  isLevelEnabled(level: string): boolean {
    const value = valueOf(level)
    return value !== undefined && value >= this.levelVal
  }

  child(bindings: unknown, options?: ChildOptions): PinoBridge {
    try {
      return this.made(bindings, options ?? {})
    } catch {
      return this
    }
  }

  private made(bindings: unknown, options: ChildOptions): PinoBridge {
    const { level, msgPrefix, serializers } = options
    const serialized = serializers === undefined ? this.serialized : this.serialized.with(serializers)
    const bound = bindingsOf(bindings, serialized)
    const own = level === undefined ? this.own : valueOf(level)
    const child = new PinoBridge({
      direct: isEmpty(bound) ? this.direct : this.direct.with(bound),
      own: own ?? this.own,
      serialized,
      prefix: typeof msgPrefix === "string" ? (this.prefix ?? "") + msgPrefix : this.prefix,
      bound: isEmpty(bound) ? this.bound : { ...this.bound, ...bound },
      flush: this.flushing
    })
    child.onChild = this.onChild
    if (own === undefined) child.direct.warn(unknownLevel, { level })
    const refused = unsupported.filter((option) => Reflect.get(options, option) !== undefined)
    if (refused.length > 0) child.direct.warn(notFollowed, { options: refused })
    this.onChild(child)
    return child
  }

  /** Copies, as they are now, of what was bound; what JSON cannot say is left out. */
  bindings(): Record<string, unknown> {
    try {
      if (looksOf(this.bound) === "boundless") return { ...this.bound }
      const copy: Record<string, unknown> = JSON.parse(JSON.stringify(this.bound))
      return copy
    } catch {
      return { ...this.bound }
    }
  }

  setBindings(bindings: unknown): void {
    try {
      const bound = bindingsOf(bindings, this.serialized)
      this.direct = this.direct.with(bound)
      this.bound = { ...this.bound, ...bound }
    } catch {
      // It stays as it is.
    }
  }

  flush(done?: (error?: Error) => void): void {
    this.flushing(typeof done === "function" ? done : doNothing)
  }
}

// What pino would throw is said in the log: a program that logs goes on.
const unknownLevel = "a pino logger was given a level that there is not, and keeps its own; give it one of its levels"
const notFollowed = "a pino logger does not follow some options of a child; " +
  "say what is hidden by redact of the runtime, and how records look by the format of a sink"

const unsupported = ["redact", "formatters", "customLevels"]

const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0

const doNothing = (): void => {}

withPinoSymbols(PinoBridge.prototype, {
  "pino.stringify": () => (value: unknown) => JSON.stringify(value),
  "pino.chindings": (logger) => `,${JSON.stringify(logger.bindings()).slice(1, -1)}`
})
