/// <reference types="node" />
/**
 * Keeps the records of a lane on disk: in order, across outages, restarts and
 * crashes.
 *
 * A record is safe from a crash of the process when `append` returns, and from a
 * power cut when it was synced. It is given again after a crash until its
 * acknowledgement reached the cursor: duplicates are possible, silent loss is
 * not. Damaged data is set aside and counted; it never stops a start.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { crc32 } from "node:zlib"
import { defaultSpoolBytes, fullSpool, roomForTwo, storeChecks } from "../contract/spoolChecks.ts"
import type { LogRecord } from "../LogRecord.ts"
import * as Check from "../options/check.ts"
import { type Bounds, boundsOf } from "./bounds.ts"
import { checkedStore } from "./checkedStore.ts"
import { flag } from "./disk/frame.ts"
import { notOpened, SpoolError } from "./disk/SpoolError.ts"
import type { TakenFrame } from "./FramesRead.ts"
import type { FrameStore } from "./FrameStore.ts"
import { laneDirectory } from "./log/directories.ts"
import { adoptInto, located, openStore } from "./openStore.ts"
import type { Most } from "./RecentFrames.ts"
import { frameOf } from "./RecordWriter.ts"
import type { AppendResult, Recovery } from "./results.ts"
import { type World, worldAround } from "./world.ts"

export type { AppendResult, Recovery } from "./results.ts"

/**
 * Options of {@link open}.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The folder of all lanes' spools. Made with mode 0700 when it is missing; refused when
   * it is a symbolic link or group or others can write to it. A relative path is that of
   * the working directory when the store is opened.
   */
  readonly directory: string
  /** The name of the lane, which names a directory below. */
  readonly lane: string
  /**
   * Most bytes of segments, with those adopted from dead processes; at least two segments.
   *
   * @default 256 MiB
   */
  readonly maxBytes?: number | undefined
  /**
   * Size of a segment, at least 4 KiB: the unit in which space is given back.
   *
   * @default 8 MiB
   */
  readonly segmentBytes?: number | undefined
  /**
   * What gives way when the spool is full: with `"sliding"` the oldest segment, with
   * `"dropping"` the new batch.
   *
   * @default "sliding"
   */
  readonly strategy?: "sliding" | "dropping" | undefined
  /**
   * `"always"` forces every batch to the disk before `append` returns; `"interval"` leaves
   * it to whoever calls `sync`; `"never"` leaves it to the operating system. Unless it is
   * `"never"`, what an earlier process left is forced to the disk when the spool is opened.
   *
   * @default "interval"
   */
  readonly fsync?: "never" | "interval" | "always" | undefined
  /**
   * Any text that says how the lane is configured. A batch that was appended under another
   * text has `sameConfig: false`.
   *
   * @default none
   */
  readonly config?: string | undefined
}

/**
 * A batch on its way out of a spool.
 *
 * **Details**
 *
 * - `records` keep the identity, the time and everything else they had. They can
 *   be none, when only a loss is reported.
 * - `lost`: records that stood before these, or among them, and cannot be read.
 * - `maybeSent`: the batch was appended while its delivery was uncertain.
 * - `recovered`: an earlier process appended it.
 * - `sameConfig`: it was appended under the `config` of this store.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpooledBatch {
  readonly _tag: "SpooledBatch"
  readonly records: ReadonlyArray<LogRecord>
  readonly lost: number
  readonly maybeSent: boolean
  readonly recovered: boolean
  readonly sameConfig: boolean
}

/**
 * An open spool. Nothing here throws or waits for anything but the disk.
 *
 * **Details**
 *
 * - `records`: appended and not acknowledged, including what was taken. It
 *   rises with `append`; it falls by `dropped` there, by `lost` in `next` and by
 *   the length of the batch, or of a part of it, in `ack` and `ackSome`.
 * - `bytes`: the size of all segments; at most `maxBytes`.
 * - `corruptBytes`: damaged bytes found so far. A damaged header hides how many
 *   records a frame held; the frames around it say so again, except at the very
 *   end after a crash, where only these bytes are left to count.
 * - `directory`: the directory this store appends to.
 * - `hasNeighbours`: whether others have directories of the lane, or may have
 *   them, as far as was seen when it was opened or last adopted something.
 * - `askNeighbours` asks which of them have died. What it gives takes over what
 *   those left, at once, and says how many `records` that are.
 * - `append` adds one batch, in one write. See {@link AppendResult}. Up to `keepBytes`
 *   of records, counted by `LogRecord.bytes`, stay in memory until the next
 *   `checkpoint`: taken before that, they need not be read. None by default.
 * - `takeLast` takes the batch that was appended last, without reading it.
 *   Only for when every other batch is taken.
 * - `next` takes the oldest batch that was not taken, nothing when there
 *   is none, or an error when it cannot be read now (too many open files, say):
 *   ask again later. Batches that follow each other are given as one, as long as it is no
 *   more than `most`; one that may have been sent stays as it was sent.
 * - `ack` says that a batch is settled. Batches may be settled in any order: the
 *   cursor also says which are settled behind one that is not. A second call for
 *   one batch does nothing.
 * - `ackSome` says that the records at these places of a batch are settled: they are not
 *   given again. Of a batch of which some cannot be read it takes no notice.
 * - `note` writes the cursor and leaves it to the system when it is on the disk: what is
 *   settled does not come again when the process ends in the next moment.
 * - `holds` says whether a batch that was taken and is not settled is on disk
 *   still: a full spool may have dropped it meanwhile.
 * - `checkpoint` writes the cursor and then removes settled segments. To be
 *   called by the owner, about once a second while batches are settled. On an
 *   error nothing is lost: more is given again after a crash.
 * - `sync` forces what was appended to the disk. When that fails the frames are
 *   written anew to another segment; an error says that this failed too, and
 *   that a power cut may lose them.
 * - `close` does all this a last time and gives the directory back.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpoolStore {
  readonly directory: string
  readonly recovery: Recovery
  readonly records: number
  readonly bytes: number
  readonly maxBytes: number
  readonly corruptBytes: number
  readonly hasNeighbours: boolean
  readonly askNeighbours: Effect.Effect<() => number>
  readonly append: (
    batch: ReadonlyArray<LogRecord>,
    options?: { readonly maybeSent?: boolean | undefined; readonly keepBytes?: number | undefined }
  ) => AppendResult
  readonly takeLast: (batch: ReadonlyArray<LogRecord>, options: { readonly maybeSent: boolean }) => SpooledBatch
  readonly next: (most?: Most) => SpooledBatch | SpoolError | undefined
  readonly ack: (batch: SpooledBatch) => void
  readonly ackSome: (batch: SpooledBatch, places: ReadonlyArray<number>) => void
  readonly note: () => void
  readonly holds: (batch: SpooledBatch) => boolean
  readonly checkpoint: () => SpoolError | undefined
  readonly sync: () => SpoolError | undefined
  readonly close: () => void
}

/**
 * Opens the spool of a lane, and makes it when there is none.
 *
 * **Details**
 *
 * When another process has the spool, or may have it, a directory of its own
 * below it is used, which the next start adopts if this process leaves records
 * in it. What may be another's is left as it is; `recovery.held` names it.
 *
 * Fails when an option is out of range, when the directory is not safe, or when
 * the operating system does not let it be opened: never because of what is in it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const open = (options: Options): Effect.Effect<SpoolStore, SpoolError> =>
  Effect.gen(function*() {
    const inPlace = yield* located(
      yield* checkedStore("SpoolStore.open", checks, options, roomForTwo(defaultSpoolBytes))
    )
    const world = yield* worldAround(pathOf(inPlace))
    return yield* Effect.try({ try: () => openIn(world, inPlace), catch: notOpened("the spool could not be opened") })
  })

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = {
  ...storeChecks,
  lane: Check.required(Check.text),
  strategy: fullSpool,
  config: Check.text
}

const pathOf = ({ directory, lane }: Options): string => join(directory, laneDirectory(lane))

/** @internal */
export const openIn = (world: World, options: Options): SpoolStore => {
  const path = pathOf(options)
  const bounds = boundsOf(options, defaultSpoolBytes)
  const frames = openStore(path, bounds, world, options.directory)
  return new Store(frames, path, bounds, options)
}

class Store implements SpoolStore {
  readonly recovery: Recovery
  hasNeighbours: boolean
  private readonly frames: FrameStore
  private readonly path: string
  private readonly bounds: Bounds
  private readonly sliding: boolean
  private readonly config: number
  private readonly taken = new WeakMap<SpooledBatch, TakenFrame>()

  constructor(frames: FrameStore, path: string, bounds: Bounds, { config, lane, strategy }: Options) {
    this.frames = frames
    this.path = path
    this.bounds = bounds
    this.sliding = (strategy ?? "sliding") === "sliding"
    this.config = crc32(config ?? lane)
    this.recovery = frames.recovery
    this.hasNeighbours = frames.recovery.held.length > 0
  }

  readonly askNeighbours: SpoolStore["askNeighbours"] = Effect.suspend(() =>
    Effect.map(worldAround(this.path), (world) => () => {
      if (this.frames.closed !== undefined) return 0
      const { records } = this
      this.hasNeighbours = adoptInto(this.frames, this.path, this.bounds, world).length > 0
      return this.records - records
    })
  )

  get directory(): string {
    return this.frames.directory
  }

  get records(): number {
    return this.frames.records
  }

  get bytes(): number {
    return this.frames.bytes
  }

  get maxBytes(): number {
    return this.bounds.maxBytes
  }

  get corruptBytes(): number {
    return this.frames.corruptBytes
  }

  readonly append: SpoolStore["append"] = (batch, options) => {
    if (batch.length === 0) return { _tag: "Appended", dropped: 0 }
    const flags = options?.maybeSent === true ? flag.maybeSent : 0
    const header = { flags, count: batch.length, config: this.config }
    const mostBytes = options?.keepBytes ?? 0
    const keep = mostBytes > 0 ? { records: batch, mostBytes } : undefined
    return this.frames.append(frameOf(batch), header, this.sliding, keep)
  }

  readonly takeLast: SpoolStore["takeLast"] = (records, { maybeSent }) => {
    const batch: SpooledBatch = {
      _tag: "SpooledBatch",
      records,
      lost: 0,
      maybeSent,
      recovered: false,
      sameConfig: true
    }
    this.taken.set(batch, this.frames.takeLast(records.length))
    return batch
  }

  readonly next: SpoolStore["next"] = (most) => {
    const taken = this.frames.take(most)
    if (taken === undefined || taken instanceof SpoolError) return taken
    const { header, lost, records, recovered } = taken
    const batch: SpooledBatch = {
      _tag: "SpooledBatch",
      records,
      lost,
      maybeSent: header !== undefined && (header.flags & flag.maybeSent) !== 0,
      recovered,
      sameConfig: header?.config === this.config
    }
    this.taken.set(batch, taken)
    return batch
  }

  readonly ack: SpoolStore["ack"] = (batch) => this.taken.get(batch)?.settle()

  readonly ackSome: SpoolStore["ackSome"] = (batch, places) => this.taken.get(batch)?.settleSome(places)

  readonly note = (): void => this.frames.note()

  readonly holds: SpoolStore["holds"] = (batch) => this.taken.get(batch)?.isOnDisk() === true

  readonly checkpoint = (): SpoolError | undefined => this.frames.checkpoint()

  readonly sync = (): SpoolError | undefined => this.frames.sync()

  readonly close = (): void => this.frames.close()
}
