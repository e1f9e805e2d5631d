import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import type { Capture } from "../capture/Capture.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { RuntimeControl } from "./RuntimeControl.ts"

type AnyLogger = Logger.Logger<unknown, unknown>

/**
 * Says at the end of a runtime that not one record was offered to it, where the
 * layers that it is a part of show why: they give the program other loggers, or leave
 * it with Effect's own, which it has used meanwhile. A program that logs nothing is
 * told nothing.
 */
export const tellUnheard = ({ capture, control, diagnostics, logger, replaced }: {
  readonly capture: Capture
  readonly control: RuntimeControl
  readonly diagnostics: Diagnostics
  readonly logger: AnyLogger
  /** The loggers that the program had before. */
  readonly replaced: ReadonlySet<AnyLogger>
}): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function*() {
    const memoMap = Option.getOrUndefined(yield* Effect.serviceOption(Layer.CurrentMemoMap))
    const layers = layersBeingBuilt(memoMap)
    endEarlyWatch()
    // The layer of the runtime itself is one of them.
    if (layers.length < 2) return
    const wasUsed = watchUse(replaced)
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        const isUsed = wasUsed() || (memoMap !== undefined && loggedIn.has(memoMap))
        if (capture.books().offered > 0) return
        const contexts = layers.map(contextOf).filter((context) => context !== undefined)
          .filter((context) => Context.get(context, RuntimeControl) === control)
        if (contexts.some((context) => !Context.get(context, Logger.CurrentLoggers).has(logger))) {
          diagnostics.announce(
            "not one record was offered to the runtime, because a layer that is built beside it or on it puts other " +
              "loggers in its place: leave that layer out, or build it first and set mergeWithExisting"
          )
        } else if (isUsed && contexts.length > 1) {
          diagnostics.announce(
            "not one record was offered to the runtime, but the program has logged with Effect's own loggers: " +
              "Layer.merge gives a layer nothing of the other; provide the runtime to it with Layer.provide"
          )
        }
      })
    )
  })

/** What Effect keeps of the layers that are built with this one: those that it is a part of are not done yet. */
const layersBeingBuilt = (memoMap: Layer.MemoMap | undefined): ReadonlyArray<unknown> =>
  memoMap !== undefined && "map" in memoMap && memoMap.map instanceof Map
    ? Array.from(memoMap.map.values()).filter((layer: unknown) => contextOf(layer) === undefined)
    : []

const contextOf = (layer: unknown): Context.Context<never> | undefined => {
  const deferred = Predicate.hasProperty(layer, "deferred") ? layer.deferred : undefined
  const exit = Predicate.hasProperty(deferred, "effect") ? deferred.effect : undefined
  return Exit.isExit(exit) && Exit.isSuccess(exit) && Context.isContext(exit.value) ? exit.value : undefined
}

/** What runtimes have among Effect's own loggers. */
const watches = new WeakSet<AnyLogger>()

/** The layers that are built together of which one has logged with Effect's own loggers, before the runtime was there. */
const loggedIn = new WeakSet<Layer.MemoMap>()

const earlyWatch = Logger.make(({ fiber }) => {
  const memoMap = Context.getOption(fiber.context, Layer.CurrentMemoMap)
  if (Option.isSome(memoMap)) loggedIn.add(memoMap.value)
})
watches.add(earlyWatch)

const loggersOfEffect: ReadonlySet<AnyLogger> = Context.get(Context.empty(), Logger.CurrentLoggers)

/**
 * A call of `Logging.layer`. From then on until its runtime is built it is noted which
 * layers log with Effect's own loggers: those beside it may be built before.
 */
export const noteCall = (): object => {
  if (loggersOfEffect instanceof Set) loggersOfEffect.add(earlyWatch)
  return {}
}

const endEarlyWatch = (): void => {
  if (loggersOfEffect instanceof Set) loggersOfEffect.delete(earlyWatch)
}

/** Loggers of a program without what a runtime has among them, which is not to be kept. */
export const withoutWatches = (loggers: ReadonlySet<AnyLogger>): ReadonlySet<AnyLogger> =>
  new Set([...loggers].filter((logger) => !watches.has(logger)))

/** Notes whether anything is logged with Effect's own loggers until it is asked. */
const watchUse = (loggers: ReadonlySet<AnyLogger>): () => boolean => {
  let isUsed = false
  if (!(loggers instanceof Set) || !loggers.has(Logger.defaultLogger)) return () => false
  const watch = Logger.make(() => {
    isUsed = true
    loggers.delete(watch)
  })
  watches.add(watch)
  loggers.add(watch)
  return () => {
    loggers.delete(watch)
    return isUsed
  }
}
