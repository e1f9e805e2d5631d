import { Deferred, Effect, Fiber, type Scope, Stream } from "effect"
import type { Logging, LogRecord } from "../../src/index.ts"
import { settle } from "./lanes.ts"

const textOf = ({ message }: LogRecord.LogRecord): string =>
  typeof message === "string" ? message : JSON.stringify(message)

/** Somebody who watches the records of a runtime, and keeps what the stream shows. */
export interface Watcher {
  readonly seen: ReadonlyArray<Logging.LiveRecord>
  /** What was seen, as texts: messages, and how many were missed. */
  readonly told: () => ReadonlyArray<string>
  readonly records: () => ReadonlyArray<LogRecord.LogRecord>
  /** Goes on, once it has stopped to look at its first element. */
  readonly goOn: Effect.Effect<void>
  /** Waits for the end of the stream. */
  readonly ended: Effect.Effect<void>
  readonly stop: Effect.Effect<void>
  readonly hasEnded: () => boolean
}

/** Begins to watch. One that is slow does not go on from its first element before it is told to. */
export const watch = (
  { records }: Logging.Logging["Service"],
  options?: Logging.RecordsOptions,
  pace: "fast" | "slow" = "fast"
): Effect.Effect<Watcher, never, Scope.Scope> =>
  Effect.gen(function*() {
    const seen: Array<Logging.LiveRecord> = []
    const gate = yield* Deferred.make<void>()
    if (pace === "fast") yield* Deferred.succeed(gate, undefined)
    const fiber = yield* Effect.forkScoped(
      Stream.runForEach(records(options), (element) => {
        seen.push(element)
        return Deferred.await(gate)
      }),
      { startImmediately: true }
    )
    return {
      seen,
      told: () => seen.map((element) => element._tag === "Record" ? textOf(element.record) : `${element.count} missed`),
      records: () => seen.flatMap((element) => element._tag === "Record" ? [element.record] : []),
      goOn: Effect.andThen(Deferred.succeed(gate, undefined), settle),
      ended: Effect.asVoid(Fiber.join(fiber)),
      stop: Effect.asVoid(Fiber.interrupt(fiber)),
      hasEnded: () => fiber.pollUnsafe() !== undefined
    }
  })
