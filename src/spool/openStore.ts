/// <reference types="node" />
import * as Effect from "effect/Effect"
import { isAbsolute } from "node:path"
import { absolutePath } from "../node/absolutePath.ts"
import { type Files, nodeFiles, secureDirectory } from "./disk/files.ts"
import { SpoolError, unavailable } from "./disk/SpoolError.ts"
import type { FrameStore } from "./FrameStore.ts"
import type { LogOptions } from "./log/LogSegments.ts"
import { adopt, directoriesOf, type Logs, openLogs } from "./log/openLogs.ts"
import { type Identity, identityIn } from "./owner/owner.ts"
import type { Held } from "./owner/OwnerLock.ts"

/** The part of the world a store stands on, replaced in tests. */
export interface World {
  readonly files: Files
  readonly identity: Identity
}

/** The world as it is now, for whoever opens the store of a directory next. */
export const worldAround = (path: string): Effect.Effect<World> =>
  Effect.suspend(() =>
    Effect.map(identityIn(directoriesOf(nodeFiles, path)), (identity) => ({ files: nodeFiles, identity }))
  )

/** Options whose directory stays where it is when the program goes to another folder. */
export const located = <O extends { readonly directory: string }>(options: O): Effect.Effect<O, SpoolError> =>
  Effect.suspend(() => {
    const directory = absolutePath(options.directory)
    if (isAbsolute(directory)) return Effect.succeed({ ...options, directory })
    const message = `the spool directory ${directory} is nowhere, because the working directory was removed: ` +
      "an absolute path does without it"
    return Effect.fail(new SpoolError({ reason: "Unavailable", path: directory, code: "ENOENT", message }))
  })

export interface Bounds {
  readonly maxBytes: number
  readonly segmentBytes: number
  readonly strategy: "sliding" | "dropping"
  readonly fsync: "never" | "interval" | "always"
}

const leastSegment = 4096

export const checkBounds = (path: string, bounds: Bounds): void => {
  const refuse = (message: string): never => {
    throw new SpoolError({ reason: "Options", path, message: `spool ${path}: ${message}` })
  }
  const { maxBytes, segmentBytes } = bounds
  if (!Number.isSafeInteger(segmentBytes) || segmentBytes < leastSegment) {
    refuse(`segmentBytes must be a whole number of at least ${leastSegment}, got ${segmentBytes}`)
  }
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 2 * segmentBytes) {
    refuse(
      `maxBytes must be a whole number with room for two segments of ${segmentBytes} bytes, ` +
        `so at least ${2 * segmentBytes}, got ${maxBytes}`
    )
  }
}

const logOptions = ({ fsync, segmentBytes }: Bounds, files: Files): LogOptions => ({ files, segmentBytes, fsync })

/** Opens the logs of owners that died since the logs of a directory were opened. */
export const adoptInto = (
  frames: FrameStore,
  path: string,
  bounds: Bounds,
  { files, identity }: World
): ReadonlyArray<Held> => {
  const known = frames.logs.map(({ directory }) => directory)
  const { adopted, held } = adopt(path, known, logOptions(bounds, files), identity)
  frames.adopt(adopted)
  return held
}

/** Opens the logs of a directory, with those above it checked first; whatever is thrown is a `SpoolError`. */
export const openStore = (
  path: string,
  bounds: Bounds,
  { files, identity }: World,
  ...above: ReadonlyArray<string>
): Logs => {
  checkBounds(path, bounds)
  try {
    for (const directory of above) secureDirectory(files, directory)
    return openLogs(path, logOptions(bounds, files), identity)
  } catch (cause) {
    throw unavailable(path, "open the spool", cause)
  }
}
