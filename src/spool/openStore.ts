/// <reference types="node" />
import * as Effect from "effect/Effect"
import { isAbsolute } from "node:path"
import { absolutePath } from "../node/absolutePath.ts"
import type { Bounds } from "./bounds.ts"
import { type Files, secureDirectory } from "./disk/files.ts"
import { SpoolError, unavailable } from "./disk/SpoolError.ts"
import { FrameStore } from "./FrameStore.ts"
import type { LogOptions } from "./log/LogSegments.ts"
import { adopt, openLogs } from "./log/openLogs.ts"
import type { Held } from "./owner/OwnerLock.ts"
import type { World } from "./world.ts"

/** Options whose directory stays where it is when the program goes to another folder. */
export const located = <O extends { readonly directory: string }>(options: O): Effect.Effect<O, SpoolError> =>
  Effect.suspend(() => {
    const directory = absolutePath(options.directory)
    if (isAbsolute(directory)) return Effect.succeed({ ...options, directory })
    const message =
      `the spool directory ${JSON.stringify(directory)} is nowhere, because the working directory was removed: ` +
      "an absolute path does without it"
    return Effect.fail(new SpoolError({ reason: "Unavailable", path: directory, code: "ENOENT", message }))
  })

/** Opens the store of a directory, with those above it checked first. Throws a `SpoolError`. */
export const openStore = (
  path: string,
  bounds: Bounds,
  { files, identity }: World,
  ...above: ReadonlyArray<string>
): FrameStore => {
  try {
    for (const directory of above) secureDirectory(files, directory)
    return new FrameStore(openLogs(path, logOptions(bounds, files), identity), bounds.maxBytes, path)
  } catch (cause) {
    throw unavailable(path, "open the spool", cause)
  }
}

/** Takes over the logs of owners that died since a store was opened; gives those that others hold. */
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

const logOptions = ({ fsync, segmentBytes }: Bounds, files: Files): LogOptions => ({ files, segmentBytes, fsync })
