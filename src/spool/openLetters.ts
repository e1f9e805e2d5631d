/// <reference types="node" />
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { join } from "node:path"
import { crc32 } from "node:zlib"
import { defaultLetterBytes } from "../contract/spoolChecks.ts"
import { boundsOf } from "./bounds.ts"
import { type DeadLetterHeader, encodeHeader } from "./deadLetterHeader.ts"
import { flag } from "./disk/frame.ts"
import { notOpened, SpoolError } from "./disk/SpoolError.ts"
import type { TakenFrame } from "./FramesRead.ts"
import type { DeadLetterBatch, DeadLetters, Options } from "./letters.ts"
import { deadLettersDirectory, laneDirectory } from "./log/directories.ts"
import { heldText } from "./log/openLogs.ts"
import { located, openStore } from "./openStore.ts"
import type { Held } from "./owner/OwnerLock.ts"
import { frameOf } from "./RecordWriter.ts"
import { type World, worldAround } from "./world.ts"

/** Opens the dead letters of a lane with checked options, and tells of what may be another process's there. */
export const openLetters = (options: Options): Effect.Effect<DeadLetters, SpoolError, Scope.Scope> =>
  Effect.gen(function*() {
    const inPlace = yield* located(options)
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

/** Opens them in a world. Throws a `SpoolError`. */
export const openIn = (
  world: World,
  options: Options,
  now: () => number = Date.now
): DeadLetters & { readonly held: ReadonlyArray<Held> } => {
  const path = pathOf(options)
  const bounds = boundsOf(options, defaultLetterBytes)
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

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** What is said of records whose header cannot be read. */
const unknownHeader: DeadLetterHeader = { reason: "unknown", attempts: 0, message: "", time: 0 }

const laneOf = ({ directory, lane }: Options): string => join(directory, laneDirectory(lane))
const pathOf = (options: Options): string => join(laneOf(options), deadLettersDirectory)
