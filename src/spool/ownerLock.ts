/// <reference types="node" />
import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { attempt, fileMode, type Files, openFlags, writeFully } from "./files.ts"
import { codeOf } from "./SpoolError.ts"

/** Who holds a directory. A process id alone says little: ids are used again. */
export interface Owner {
  readonly token: string
  readonly pid: number
  readonly started: string
  readonly boot: string
  readonly namespace: string
  readonly host: string
}

/** A directory that is ours until `release`. */
export interface OwnerLock {
  readonly owner: Owner
  readonly release: () => void
}

export type Acquired = { readonly _tag: "Acquired"; readonly lock: OwnerLock } | {
  readonly _tag: "Held"
  readonly owner: Owner
}

const lockName = "lock"
const attempts = 32

/** Whether a name in a spool directory belongs to its lock. */
export const isLockName = (name: string): boolean => /^(?:lock|claim)(?:\..+)?$/.test(name)

const textOf = (path: string): string => {
  try {
    return fs.readFileSync(path, "utf8").trim()
  } catch {
    return ""
  }
}

// Field 22 of /proc/PID/stat; the name before it may hold spaces and brackets.
const startOf = (pid: number): string => {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""
}

const namespaceOf = (): string => {
  try {
    return fs.readlinkSync("/proc/self/ns/pid")
  } catch {
    return ""
  }
}

/** The identity of this process, with a token of its own for every lock. */
export const thisOwner = (): Owner => ({
  token: randomUUID(),
  pid: process.pid,
  started: startOf(process.pid),
  boot: textOf("/proc/sys/kernel/random/boot_id"),
  namespace: namespaceOf(),
  host: hostname()
})

/**
 * Whether an owner still runs.
 *
 * A lock of another host cannot be judged and counts as alive. One of this host
 * in another process namespace is that of a container that was started anew.
 * Every store of this process is alive, whichever thread opened it: a lock is
 * never inherited.
 */
export const isAlive = (owner: Owner): boolean => {
  const here = thisOwner()
  if (owner.host !== here.host) return true
  if (owner.boot !== here.boot || owner.namespace !== here.namespace) return false
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false
  }
  const started = startOf(owner.pid)
  return started === "" || owner.started === "" || started === owner.started
}

/**
 * Takes a directory, or says who holds it.
 *
 * Many processes may find one stale lock. Each owner has a token, and only one
 * file `claim.<token>` can be made: whoever makes it is the heir and puts its
 * own lock in place. An heir that dies half-way is itself an owner that died,
 * with a claim of its own.
 */
export const acquire = (
  files: Files,
  directory: string,
  owner: Owner,
  alive: (owner: Owner) => boolean
): Acquired => {
  const lock = join(directory, lockName)
  const mine = join(directory, `${lockName}.${owner.token}`)
  writeOwner(files, mine, owner)
  try {
    for (let i = 0; i < attempts; i++) {
      if (link(files, mine, lock, owner)) return acquired(files, lock, owner)
      const held = ownerIn(files, lock)
      if (held === undefined) continue
      const claims: Array<string> = []
      const heir = claim(files, directory, mine, held, owner, alive, claims)
      if (heir === "restart") continue
      if (heir !== undefined) return { _tag: "Held", owner: heir }
      if (ownerIn(files, lock)?.token !== held.token) {
        attempt(() => files.unlinkSync(claims.at(-1)!))
        continue
      }
      files.renameSync(mine, lock)
      for (const path of claims) attempt(() => files.unlinkSync(path))
      return acquired(files, lock, owner)
    }
    throw Object.assign(new Error(`the lock ${lock} keeps changing hands`), { code: "EBUSY" })
  } finally {
    attempt(() => files.unlinkSync(mine))
  }
}

/** The owner a directory has by its lock, dead or alive, without changing anything. */
export const ownerOf = (files: Files, directory: string): Owner | undefined => ownerIn(files, join(directory, lockName))

const acquired = (files: Files, lock: string, owner: Owner): Acquired => ({
  _tag: "Acquired",
  lock: {
    owner,
    release: () => {
      if (ownerIn(files, lock)?.token === owner.token) attempt(() => files.unlinkSync(lock))
    }
  }
})

const claim = (
  files: Files,
  directory: string,
  mine: string,
  held: Owner,
  owner: Owner,
  alive: (owner: Owner) => boolean,
  claims: Array<string>
): Owner | "restart" | undefined => {
  let current = held
  for (let i = 0; i < attempts; i++) {
    if (alive(current)) return current
    const path = join(directory, `claim.${current.token}`)
    claims.push(path)
    if (link(files, mine, path, owner)) return undefined
    const heir = ownerIn(files, path)
    if (heir === undefined) return "restart"
    current = heir
  }
  return "restart"
}

/** Makes a file with our name in it, whole or not at all; `false` when there is one. */
const link = (files: Files, mine: string, path: string, owner: Owner): boolean => {
  try {
    files.linkSync(mine, path)
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === "EEXIST") return false
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error
  }
  // A file system without hard links.
  try {
    writeOwner(files, path, owner)
    return true
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false
    throw error
  }
}

const writeOwner = (files: Files, path: string, owner: Owner): void => {
  const fd = files.openSync(path, openFlags.create, fileMode)
  try {
    writeFully(files, fd, Buffer.from(JSON.stringify(owner)))
  } catch (error) {
    attempt(() => files.unlinkSync(path))
    throw error
  } finally {
    files.closeSync(fd)
  }
}

const longestLock = 4096

// A lock that cannot be read stands for an owner that died while it wrote it.
const ownerIn = (files: Files, path: string): Owner | undefined => {
  let text: string
  try {
    const stat = files.lstatSync(path)
    text = stat.isFile() && stat.size <= longestLock ? files.readFileSync(path, "utf8") : ""
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
  return parseOwner(text) ?? nobody
}

const nobody: Owner = { token: "unreadable", pid: 0, started: "", boot: "none", namespace: "", host: hostname() }

const isFields = (u: unknown): u is Readonly<Record<string, unknown>> => typeof u === "object" && u !== null

const parseOwner = (text: string): Owner | undefined => {
  try {
    const owner: unknown = JSON.parse(text)
    if (!isFields(owner)) return undefined
    const { boot, host, namespace, pid, started, token } = owner
    return typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0 && typeof token === "string" &&
        /^[\w-]{1,64}$/.test(token) && typeof started === "string" && typeof boot === "string" &&
        typeof namespace === "string" && typeof host === "string"
      ? { token, pid, started, boot, namespace, host }
      : undefined
  } catch {
    return undefined
  }
}
