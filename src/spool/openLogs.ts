/// <reference types="node" />
import { createHash } from "node:crypto"
import { join } from "node:path"
import { attempt, checkDirectory, type Files, secureDirectory } from "./files.ts"
import { acquire, type Acquired, type Owner } from "./ownerLock.ts"
import { unavailable } from "./SpoolError.ts"
import { type LogOptions, SpoolLog } from "./SpoolLog.ts"

/** Who opens a spool, and how it tells whether others still run. */
export interface Identity {
  readonly owner: () => Owner
  readonly isAlive: (owner: Owner) => boolean
}

/** The log that is appended to, and those that dead owners left. */
export interface Logs {
  readonly own: SpoolLog
  readonly adopted: ReadonlyArray<SpoolLog>
}

const longestName = 80

/** The name of a lane as the name of a directory; different lanes have different ones. */
export const laneDirectory = (lane: string): string => {
  const name = lane.replaceAll(
    /[^\w.-]|^\./gu,
    (character) => Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")
  )
  if (name.length <= longestName) return name
  return `${name.slice(0, longestName)}%${createHash("sha256").update(lane).digest("hex").slice(0, 16)}`
}

export const instancesDirectory = "instances"
const attempts = 32

/**
 * Opens the log of a directory. When a living process has it, a directory of our
 * own below it is used; those of dead owners are adopted.
 */
export const openLogs = (directory: string, options: LogOptions, identity: Identity): Logs => {
  const { files } = options
  secureDirectory(files, directory)
  const main = open(directory, options, identity)
  const own = main ?? openInstance(directory, options, identity)
  return { own, adopted: adopt(join(directory, instancesDirectory), own.directory, options, identity) }
}

/** Opens the log of one directory, or says nothing when a living process has it. */
export const open = (directory: string, options: LogOptions, identity: Identity): SpoolLog | undefined => {
  const lock = lockOf(options.files, directory, identity)
  if (lock._tag === "Held") return undefined
  try {
    return new SpoolLog(directory, options, lock.lock)
  } catch (error) {
    lock.lock.release()
    throw error
  }
}

const lockOf = (files: Files, directory: string, identity: Identity): Acquired => {
  try {
    return acquire(files, directory, identity.owner(), identity.isAlive)
  } catch (cause) {
    throw unavailable(directory, "lock the spool directory", cause)
  }
}

const openInstance = (directory: string, options: LogOptions, identity: Identity): SpoolLog => {
  const instances = join(directory, instancesDirectory)
  secureDirectory(options.files, instances)
  // Somebody may take an unlocked directory for an orphan before we lock it.
  for (let i = 0; i < attempts; i++) {
    const { pid, token } = identity.owner()
    const instance = join(instances, `${pid}-${token.slice(0, 8)}`)
    secureDirectory(options.files, instance)
    const log = open(instance, options, identity)
    if (log !== undefined) return log
  }
  throw unavailable(instances, "find a directory of its own in", undefined)
}

const adopt = (
  instances: string,
  own: string,
  options: LogOptions,
  identity: Identity
): ReadonlyArray<SpoolLog> => {
  const adopted: Array<SpoolLog> = []
  let names: ReadonlyArray<string> = []
  attempt(() => {
    checkDirectory(options.files, instances)
    names = options.files.readdirSync(instances)
  })
  for (const name of names.toSorted()) {
    const path = join(instances, name)
    if (path === own) continue
    // One that cannot be adopted now is there for the next start.
    attempt(() => {
      checkDirectory(options.files, path)
      const log = open(path, options, identity)
      if (log === undefined) return
      if (log.records === 0) log.closeForGood()
      else adopted.push(log)
    })
  }
  return adopted
}
