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
import { join } from "node:path"
import { crc32 } from "node:zlib"
import type { LogRecord } from "../LogRecord.ts"
import type * as LogSink from "../LogSink.ts"
import { flag } from "./disk/frame.ts"
import { SpoolError } from "./disk/SpoolError.ts"
import { type AppendResult, FrameStore } from "./FrameStore.ts"
import { deadLettersDirectory, laneDirectory } from "./log/directories.ts"
import { leftText } from "./log/openLogs.ts"
import type { SpoolLog } from "./log/SpoolLog.ts"
import type { Kept } from "./log/TakenFrames.ts"
import { located, openStore, type World, worldAround } from "./openStore.ts"
import type { Held } from "./owner/OwnerLock.ts"
import { decodeFrame, encodeLetter, encodeRecords, type Verdict } from "./recordCodec.ts"
import { defaultSegmentBytes } from "./SpoolStore.ts"

/**
 * Why records were given up.
 *
 * **Details**
 *
 * - `reason`: a short name, `"Rejected"` or `"TooLarge"` say.
 * - `attempts`: how often they were sent.
 * - `message`: the last error. Cut to 1,024 bytes, and says so; never put a payload or a
 *   credential into it.
 * - `time`: when they were given up, in milliseconds since the epoch.
 *
 * @category models
 * @since 0.1.0
 */
export type DeathVerdict = Verdict

/**
 * Records that were given up together.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeadLetter extends Verdict {
  readonly _tag: "DeadLetter"
  readonly records: ReadonlyArray<LogRecord>
  /** Records that stood before these, or among them, and cannot be read. */
  readonly lost: number
}

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
   * Most bytes on disk; the oldest letters are dropped to make room, and counted by
   * `dropped`.
   *
   * @default 64 MiB
   */
  readonly maxBytes?: number | undefined
  /**
   * Size of a file, the unit in which space is given back.
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
 * `lane` is the lane they were opened for, and where `Logging` replays them.
 * `append` adds records given up together, now if no `time` is given. It says how
 * many older ones it dropped to make room; `dropped` says how many that were since
 * the letters were opened. No lane counts those, because it handed them over long
 * ago. For records of a letter that `next` gave and nobody has acknowledged it drops
 * none but refuses them: they are there still. `next`, `ack`, `checkpoint`, `sync`
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
    verdict: Omit<DeathVerdict, "time"> & { readonly time?: number | undefined }
  ) => AppendResult
  readonly next: () => DeadLetter | SpoolError | undefined
  readonly ack: (letter: DeadLetter) => void
  readonly checkpoint: () => SpoolError | undefined
  readonly sync: () => SpoolError | undefined
  readonly close: () => void
}

/**
 * Opens the dead letters of a lane, and makes a place for them when there is
 * none. Fails like the opening of a spool. Those of an owner that may still run
 * are left as they are, and named in a warning.
 *
 * @category constructors
 * @since 0.1.0
 */
export const open = (options: Options): Effect.Effect<DeadLetters, SpoolError> =>
  Effect.gen(function*() {
    const inPlace = yield* located(options)
    const world = yield* worldAround(pathOf(inPlace))
    const clock = yield* Clock.Clock
    const now = () => clock.currentTimeMillisUnsafe()
    const letters = yield* Effect.try({ try: () => openIn(world, inPlace, now), catch: errorOf })
    for (const held of letters.held) if (held.life === "unknown") yield* Effect.logWarning(leftText(held))
    return letters
  })

/**
 * Returns the `deadLetter` option of a sink that keeps what it gives up in a
 * store. Throws when the store does not take it; the lane then counts it as
 * dropped.
 *
 * **Example** (Keeping what a sink refuses, and sending it again)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { DeadLetters, Logging, ScriptedSink } from "effect-spillway"
 *
 * const program = Effect.gen(function*() {
 *   const letters = yield* Effect.acquireRelease(
 *     DeadLetters.open({ directory: "logs/spool", lane: "scripted" }),
 *     (letters) => Effect.sync(() => letters.close())
 *   )
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
export const into = (store: DeadLetters): (letters: ReadonlyArray<LogSink.DeadLetter>) => void => (letters) => {
  const [first] = letters
  if (first === undefined) return
  const { attempts, lastError = "", reason } = first
  const result = store.append(letters.map(({ record }) => record), {
    reason,
    attempts,
    message: lastError
  })
  if (result._tag === "Failed") throw result.error
  if (result._tag === "Refused") throw new RangeError(`the dead letters have no room for ${letters.length} records`)
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const defaultMaxBytes = 64 * 1024 * 1024

/** What stays the same when a record is shortened. */
const identityOf = ({ seq, time }: LogRecord): string => `${seq} ${time}`

const errorOf = (error: unknown): SpoolError =>
  error instanceof SpoolError
    ? error
    : new SpoolError({ reason: "Unavailable", path: "", message: "the dead letters could not be opened", cause: error })

const laneOf = ({ directory, lane }: Options): string => join(directory, laneDirectory(lane))
const pathOf = (options: Options): string => join(laneOf(options), deadLettersDirectory)

/** @internal */
export const openIn = (
  world: World,
  options: Options,
  now: () => number = Date.now
): DeadLetters & { readonly held: ReadonlyArray<Held> } => {
  const path = pathOf(options)
  const bounds = {
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    segmentBytes: options.segmentBytes ?? defaultSegmentBytes,
    strategy: "sliding",
    fsync: options.fsync ?? "interval"
  } as const
  const frames = new FrameStore(openStore(path, bounds, world, options.directory, laneOf(options)), bounds, path)
  const config = crc32(options.lane)
  let dropped = 0
  const out = new WeakMap<DeadLetter, { readonly log: SpoolLog; readonly kept: Kept }>()
  const identitiesOut = new Set<string>()
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
    append(records, verdict) {
      if (records.length === 0) return { _tag: "Appended", dropped: 0 }
      const text = `${encodeLetter({ ...verdict, time: verdict.time ?? now() })}\n${encodeRecords(records)}`
      const areThereStill = records.every((record) => identitiesOut.has(identityOf(record)))
      const header = { flags: flag.deadLetter, count: records.length, config }
      const result = frames.append(text, header, !areThereStill)
      dropped += result.dropped
      return result
    },
    next() {
      try {
        const taken = frames.take()
        if (taken === undefined) return frames.closed
        const { frame } = taken
        const { records, verdict } = frame === undefined
          ? { records: [], verdict: undefined }
          : decodeFrame(frame)
        const unreadable = frame === undefined ? 0 : frame.header.count - frame.skip - records.length
        const letter: DeadLetter = {
          _tag: "DeadLetter",
          records,
          lost: taken.lost + unreadable,
          ...(verdict ?? { reason: "unknown", attempts: 0, message: "", time: 0 })
        }
        out.set(letter, taken.keep(records.length))
        for (const record of records) identitiesOut.add(identityOf(record))
        return letter
      } catch (error) {
        return errorOf(error)
      }
    },
    ack(letter) {
      const taken = out.get(letter)
      taken?.log.settle(taken.kept)
      for (const record of letter.records) identitiesOut.delete(identityOf(record))
    },
    checkpoint: () => frames.checkpoint(),
    sync: () => frames.sync(),
    close: () => frames.close()
  }
}
