/// <reference types="node" />
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
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import { join } from "node:path"
import { crc32 } from "node:zlib"
import { keepLetters } from "../contract/keepLetters.ts"
import { roomForTwo, storeChecks } from "../contract/spoolChecks.ts"
import type { LogRecord } from "../LogRecord.ts"
import type * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkArgument } from "../options/checkOptions.ts"
import { boundsOf } from "./bounds.ts"
import { type DeadLetterHeader, encodeHeader } from "./deadLetterHeader.ts"
import { flag } from "./disk/frame.ts"
import { notOpened, SpoolError } from "./disk/SpoolError.ts"
import type { TakenFrame } from "./FrameStore.ts"
import { deadLettersDirectory, laneDirectory } from "./log/directories.ts"
import { heldText } from "./log/openLogs.ts"
import { checkedStore, located, openStore } from "./openStore.ts"
import type { Held } from "./owner/OwnerLock.ts"
import { frameOf } from "./RecordWriter.ts"
import type { AppendResult } from "./results.ts"
import { type World, worldAround } from "./world.ts"

export type { DeadLetterHeader } from "./deadLetterHeader.ts"

/**
 * Records that were given up together, and why: dead letters as they are kept.
 * `LogSink.DeadLetter` is one of them on its way here.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeadLetterBatch extends DeadLetterHeader {
  readonly _tag: "DeadLetter"
  readonly records: ReadonlyArray<LogRecord>
  /** Records that stood before these, or among them, and cannot be read. */
  readonly lost: number
}

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
 * Options of {@link open}.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The folder of all lanes' spools; the letters are in `dead-letters/` of the lane's
   * folder in it. A relative path is that of the working directory when they are opened.
   */
  readonly directory: string
  /** The lane whose records they are, and through which they are sent again. */
  readonly lane: string
  /**
   * Most bytes on disk, at least those of two files. The oldest letters are dropped to
   * make room, and counted by `dropped`.
   *
   * @default 64 MiB
   */
  readonly maxBytes?: number | undefined
  /**
   * Size of a file in bytes, at least 4 KiB: the unit in which space is given back.
   *
   * @default 8 MiB
   */
  readonly segmentBytes?: number | undefined
  /**
   * When letters are forced to the disk: with `"always"` before `append` returns, with
   * `"interval"` when somebody calls `sync`, with `"never"` when the system likes. A
   * power cut loses what was not.
   *
   * @default "interval"
   */
  readonly fsync?: "never" | "interval" | "always" | undefined
}

/**
 * The open dead letters of a lane. Nothing here throws.
 *
 * **Details**
 *
 * `lane` is the lane they were opened for, and where `Logging` sends them again.
 * `append` adds records given up together, now if no `time` is given. It says how
 * many older ones it dropped to make room; `dropped` says how many that were since
 * the dead letters were opened. No lane counts those, because it gave them up long
 * ago. For records that `next` gave and nobody has acknowledged it drops none but
 * refuses them: they are there still. `next`, `ack`, `checkpoint`, `sync`
 * and `close` are those of a spool: what is acknowledged is removed.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeadLetters {
  readonly lane: string
  readonly directory: string
  readonly records: number
  readonly bytes: number
  readonly dropped: number
  readonly append: (
    records: ReadonlyArray<LogRecord>,
    header: Omit<DeadLetterHeader, "time"> & { readonly time?: number | undefined }
  ) => AppendResult
  readonly next: () => DeadLetterBatch | SpoolError | undefined
  readonly ack: (batch: DeadLetterBatch) => void
  readonly checkpoint: () => SpoolError | undefined
  readonly sync: () => SpoolError | undefined
  readonly close: () => void
}

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
    const inPlace = yield* located(
      yield* checkedStore("DeadLetters.open", checks, options, roomForTwo(defaultMaxBytes))
    )
    const world = yield* worldAround(pathOf(inPlace))
    const clock = yield* Clock.Clock
    const now = () => clock.currentTimeMillisUnsafe()
    const store = yield* Effect.acquireRelease(
      Effect.try({
        try: () => openIn(world, inPlace, now),
        catch: notOpened("the dead letters could not be opened")
      }),
      (opened) => Effect.sync(() => opened.close())
    )
    for (const held of store.held) if (held.life === "unknown") yield* Effect.logWarning(heldText(held))
    return store
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

const defaultMaxBytes = 64 * 1024 * 1024

const openStores = Check.satisfies(
  "what DeadLetters.open gives",
  (value) => Predicate.hasProperty(value, "append"),
  Check.madeBy("open")
)

const checks: Check.Checks<Options> = { ...storeChecks, lane: Check.required(Check.text) }

/** What is said of records whose header cannot be read. */
const unknownHeader: DeadLetterHeader = { reason: "unknown", attempts: 0, message: "", time: 0 }

const laneOf = ({ directory, lane }: Options): string => join(directory, laneDirectory(lane))
const pathOf = (options: Options): string => join(laneOf(options), deadLettersDirectory)

/** @internal */
export const openIn = (
  world: World,
  options: Options,
  now: () => number = Date.now
): DeadLetters & { readonly held: ReadonlyArray<Held> } => {
  const path = pathOf(options)
  const bounds = boundsOf(options, defaultMaxBytes)
  const frames = openStore(path, bounds, world, options.directory, laneOf(options))
  const config = crc32(options.lane)
  let dropped = 0
  const taken = new WeakMap<DeadLetterBatch, TakenFrame>()
  const identitiesTaken = new Set<string>()
  return {
    held: frames.recovery.held,
    lane: options.lane,
    get directory() {
      return frames.directory
    },
    get records() {
      return frames.records
    },
    get bytes() {
      return frames.bytes
    },
    get dropped() {
      return dropped
    },
    append(records, header) {
      if (records.length === 0) return { _tag: "Appended", dropped: 0 }
      const frame = frameOf(records, `${encodeHeader({ ...header, time: header.time ?? now() })}\n`)
      const areThereStill = records.every((record) => identitiesTaken.has(record.uid))
      const result = frames.append(frame, { flags: flag.deadLetter, count: records.length, config }, !areThereStill)
      dropped += result.dropped
      return result
    },
    next() {
      const frame = frames.take()
      if (frame === undefined) return frames.closed
      if (frame instanceof SpoolError) return frame
      const { deadLetter = unknownHeader, lost, records } = frame
      const batch: DeadLetterBatch = { _tag: "DeadLetter", records, lost, ...deadLetter }
      taken.set(batch, frame)
      for (const record of records) identitiesTaken.add(record.uid)
      return batch
    },
    ack(batch) {
      taken.get(batch)?.settle()
      for (const record of batch.records) identitiesTaken.delete(record.uid)
    },
    checkpoint: () => frames.checkpoint(),
    sync: () => frames.sync(),
    close: () => frames.close()
  }
}
