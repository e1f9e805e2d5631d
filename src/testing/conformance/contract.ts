import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { LogRecord } from "../../LogRecord.ts"
import type { DurationInput, LogSink } from "../../LogSink.ts"
import type { NonConformance, Rule } from "./rules.ts"

/**
 * A record as the far end has it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Stored {
  /** What tells the record from all others: what `identify` gives of it. */
  readonly id: string
  /** All that the far end has of it. */
  readonly bytes: string
}

/**
 * How to have the far end answer its next write in each way that its protocol knows. Each
 * is an Effect that prepares the answer; writes after that one are stored again.
 *
 * @category options
 * @since 0.1.0
 */
export interface Answers<Far> {
  /**
   * Not now: nothing is stored.
   *
   * @default not tried
   */
  readonly unavailable?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * Not now, and not before 7 seconds have passed, said as a number.
   *
   * @default not tried
   */
  readonly busyForSevenSeconds?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * The same, said as the time that it will be then.
   *
   * @default not tried
   */
  readonly busyUntilInSevenSeconds?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * Not now, and the text given, which is no time or none to wait for, where it says for how
   * long: nothing is stored.
   *
   * @default not tried
   */
  readonly busyForNonsense?: ((far: Far, text: string) => Effect.Effect<void>) | undefined
  /**
   * The batch is refused for good: nothing is stored.
   *
   * @default not tried
   */
  readonly refused?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * The second record is refused, and it is said that it is that one; the others are stored.
   *
   * @default not tried
   */
  readonly secondRefused?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * The second record is refused, the third is to come again; the others are stored.
   *
   * @default not tried
   */
  readonly secondRefusedThirdAgain?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * Two records are refused, and it is not said which; the others are stored.
   *
   * @default not tried
   */
  readonly twoRefused?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * All is stored, and something is said about it.
   *
   * @default not tried
   */
  readonly warning?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * The batch is too large: nothing is stored.
   *
   * @default not tried
   */
  readonly tooLarge?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * Somebody must change something first: a wrong credential, say.
   *
   * @default not tried
   */
  readonly misconfigured?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * It is gone for good.
   *
   * @default not tried
   */
  readonly closed?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * All is stored, and the connection breaks before the answer.
   *
   * @default not tried
   */
  readonly acknowledgementLost?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * Some records at the head of the batch are stored, the sink can know how many, and then it
   * breaks: some are acknowledged, some bytes are on the disk.
   *
   * @default not tried
   */
  readonly headStored?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * The connection breaks before an answer, or in the middle of the request. Nothing is stored.
   *
   * @default not tried
   */
  readonly hangUp?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * All is stored, and the connection breaks in the middle of the answer that says so.
   *
   * @default not tried
   */
  readonly brokenAnswer?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * An answer that never comes. The Effect that it gives ends when the write has arrived.
   *
   * @default not tried
   */
  readonly silence?: ((far: Far) => Effect.Effect<Effect.Effect<void>>) | undefined
  /**
   * All is stored, and the answer comes byte by byte and does not end.
   *
   * @default not tried
   */
  readonly slow?: ((far: Far) => Effect.Effect<void>) | undefined
  /**
   * All is stored, and the answer comes as fast as it is read and does not end. The Effect
   * that it gives waits until the sink has ended it, and says how many bytes were taken.
   *
   * @default not tried
   */
  readonly endless?: ((far: Far) => Effect.Effect<Effect.Effect<number>>) | undefined
  /**
   * Sends the write elsewhere. The Effect that it gives says how many requests came there.
   *
   * @default not tried
   */
  readonly redirect?: ((far: Far) => Effect.Effect<Effect.Effect<number>>) | undefined
}

/**
 * Options of `cases`.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options<Far, R, D = R> {
  /** A new sink, and its far end with nothing in it. The scope of the case ends both. */
  readonly make: Effect.Effect<{ readonly sink: LogSink; readonly far: Far }, unknown, R | Scope.Scope>
  /** What the far end has stored, in the order in which it did. */
  readonly stored: (far: Far) => Effect.Effect<ReadonlyArray<Stored>>
  /**
   * The bytes of all writes that came to the far end, oldest first, whatever it answered.
   * Without it nothing is known of the bytes of a write that was not stored.
   *
   * @default none
   */
  readonly attempts?: ((far: Far) => Effect.Effect<ReadonlyArray<string>>) | undefined
  /**
   * How to have the far end answer: {@link Answers}.
   *
   * @default none but that all is stored
   */
  readonly answers?: Answers<Far> | undefined
  /**
   * What the far end knows a record by.
   *
   * @default its uid
   */
  readonly identify?: ((record: LogRecord) => string) | undefined
  /**
   * What the sink was given and must not show: credentials of URLs, tokens. Three characters
   * at least each.
   *
   * @default none
   */
  readonly secrets?: ReadonlyArray<string> | undefined
  /**
   * An empty folder for a spool, a new one at each call. Without it no restart is tried.
   *
   * @default none
   */
  readonly directory?: Effect.Effect<string, unknown, D | Scope.Scope> | undefined
  /**
   * How long a write may take that is answered, and a write to end that is interrupted.
   *
   * @default 2 s
   */
  readonly patience?: DurationInput | undefined
  /**
   * Whether the far end keeps the order of records.
   *
   * @default true
   */
  readonly ordered?: boolean | undefined
}

/**
 * One case of the suite.
 *
 * @category models
 * @since 0.1.0
 */
export interface Case<R> {
  readonly rule: Rule
  /** What is tried. */
  readonly name: string
  /** Fails with a {@link NonConformance} when the sink does not keep the rule. */
  readonly run: Effect.Effect<void, NonConformance, R>
}
