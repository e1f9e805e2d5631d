/**
 * Keeps records that a destination refused, with the reason, for somebody to
 * look at and to send again.
 *
 * Dead letters are frames like those of a spool, in a directory of their own:
 * bounded, the oldest dropped and counted when there is no room. `replay` of the
 * service `Logging` sends them again.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import { keepLetters } from "../contract/keepLetters.ts"
import { defaultLetterBytes, roomForTwo, storeChecks } from "../contract/spoolChecks.ts"
import type * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkArgument } from "../options/checkOptions.ts"
import { checkedStore } from "./checkedStore.ts"
import type { DeadLetterHeader } from "./deadLetterHeader.ts"
import type { SpoolError } from "./disk/SpoolError.ts"
import type { DeadLetterBatch, DeadLetters, Options } from "./letters.ts"

export type { DeadLetterHeader } from "./deadLetterHeader.ts"
export type { DeadLetterBatch, DeadLetters, Options } from "./letters.ts"

/**
 * Another name of {@link DeadLetterBatch}.
 *
 * @category models
 * @since 0.1.0
 */
export type DeadLetter = DeadLetterBatch

/**
 * Another name of {@link DeadLetterHeader}.
 *
 * @category models
 * @since 0.1.0
 */
export type DeathVerdict = DeadLetterHeader

/**
 * Opens the dead letters of a lane, and makes a place for them when there is
 * none. The scope closes them. Fails like the opening of a spool. Those of an owner
 * that may still run are left as they are, and named in a warning.
 *
 * **Gotchas**
 *
 * Their scope must end after the runtime that writes to them: what a lane gives up
 * at the end of its shutdown goes there too.
 *
 * @category constructors
 * @since 0.1.0
 */
export const open = (options: Options): Effect.Effect<DeadLetters, SpoolError, Scope.Scope> =>
  Effect.gen(function*() {
    const checked = yield* checkedStore("DeadLetters.open", checks, options, roomForTwo(defaultLetterBytes))
    const { openLetters } = yield* loadStore
    return yield* openLetters(checked)
  })

/**
 * Returns the `deadLetter` option of a sink that keeps what it gives up in a
 * store. What it returns throws when the store does not take a letter; the lane
 * then counts it as dropped.
 *
 * **Example** (Keeping what a sink refuses, and sending it again)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { DeadLetters, Logging, ScriptedSink } from "effect-spillway"
 *
 * const program = Effect.gen(function*() {
 *   const letters = yield* DeadLetters.open({ directory: "logs/spool", lane: "scripted" })
 *   const sink = ScriptedSink.make({
 *     script: [ScriptedSink.fail({ _tag: "Rejected" })],
 *     deadLetter: DeadLetters.into(letters)
 *   })
 *   return yield* Effect.gen(function*() {
 *     const { flush, replay } = yield* Logging.Logging
 *     yield* Effect.logInfo("invoice sent")
 *     yield* flush
 *     const kept = letters.records
 *     const { replayed } = yield* replay(letters)
 *     return { kept, replayed, left: letters.records }
 *   }).pipe(Effect.provide(Logging.layer({ sinks: [sink], diagnostics: () => {} })))
 * })
 *
 * const counts = await Effect.runPromise(Effect.scoped(program))
 * counts // => { kept: 1, replayed: 1, left: 0 }
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const into = (store: DeadLetters): (given: ReadonlyArray<LogSink.DeadLetter>) => void => {
  checkArgument("DeadLetters.into", "store", openStores, store)
  return (given) => keepLetters(store, given)
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** The code of the store, loaded for the first letters that are opened: most programs do without. */
const loadStore = Effect.promise(() => import("./openLetters.ts"))

const checks: Check.Checks<Options> = { ...storeChecks, lane: Check.required(Check.text) }

const openStores = Check.satisfies(
  "what DeadLetters.open gives",
  (value) => Predicate.hasProperty(value, "append"),
  Check.madeBy("open")
)
