/// <reference types="node" />
import { join } from "node:path"
import { attempt, checkDirectory, type Files, secureDirectory } from "../disk/files.ts"
import { unavailable } from "../disk/SpoolError.ts"
import { type Identity, ownerText } from "../owner/owner.ts"
import { type Acquired, type Held, OwnerLock } from "../owner/OwnerLock.ts"
import { instanceName, instancesDirectory } from "./directories.ts"
import type { LogOptions } from "./LogSegments.ts"
import { SpoolLog } from "./SpoolLog.ts"

/** The log that is appended to, those that dead owners left, and what others hold. */
export interface Logs {
  readonly own: SpoolLog
  readonly adopted: ReadonlyArray<SpoolLog>
  readonly held: ReadonlyArray<Held>
}

const attempts = 32

/** The directories that the log of a directory may be in, or have been in. */
export const directoriesOf = (files: Files, directory: string): ReadonlyArray<string> => {
  const instances = join(directory, instancesDirectory)
  let names: ReadonlyArray<string> = []
  attempt(() => {
    checkDirectory(files, instances)
    names = files.readdirSync(instances)
  })
  return [directory, ...names.toSorted().map((name) => join(instances, name))]
}

/**
 * Opens the log of a directory. When it is not known to be free, a directory of
 * our own below it is used; those of dead owners are adopted.
 */
export const openLogs = (directory: string, options: LogOptions, identity: Identity): Logs => {
  const { files } = options
  secureDirectory(files, directory)
  const main = open(directory, options, identity)
  const own = main._tag === "Held" ? openInstance(directory, options, identity) : main
  const { adopted, held } = adopt(directory, [directory, own.directory], options, identity)
  return { own, adopted, held: main._tag === "Held" ? [main, ...held] : held }
}

/** Opens the log of one directory, or says who holds it. */
export const open = (directory: string, options: LogOptions, identity: Identity): SpoolLog | Held => {
  const lock = lockOf(options.files, directory, identity)
  if (lock._tag === "Held") return lock
  try {
    return new SpoolLog(directory, options, lock.lock)
  } catch (error) {
    lock.lock.release()
    throw error
  }
}

/** What to say of a directory whose owner may be gone, and that is left as it is. */
export const heldText = ({ directory, owner }: Held): string =>
  `the spool ${JSON.stringify(directory)} is left as it is: whether its owner, ${
    ownerText(owner)
  }, still runs cannot be seen from ` +
  `here. When it is gone: effect-spillway spool replay ${JSON.stringify(directory)} --to FILE --force`

const lockOf = (files: Files, directory: string, identity: Identity): Acquired => {
  try {
    return OwnerLock.acquire(files, directory, identity)
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
    const instance = join(instances, instanceName(pid, token))
    secureDirectory(options.files, instance)
    const log = open(instance, options, identity)
    if (log._tag === "Log") return log
  }
  throw unavailable(instances, "find a directory of its own in", undefined)
}

/** Opens what dead owners left of the log of a directory, but for some that are known. */
export const adopt = (
  directory: string,
  known: ReadonlyArray<string>,
  options: LogOptions,
  identity: Identity
): Pick<Logs, "adopted" | "held"> => {
  const adopted: Array<SpoolLog> = []
  const held: Array<Held> = []
  for (const path of directoriesOf(options.files, directory)) {
    if (known.includes(path)) continue
    // One that cannot be adopted now is there for the next start.
    attempt(() => {
      checkDirectory(options.files, path)
      const log = open(path, options, identity)
      if (log._tag === "Held") held.push(log)
      else if (log.records === 0) log.closeForGood()
      else adopted.push(log)
    })
  }
  return { adopted, held }
}
