/// <reference types="node" />
import { join } from "node:path"
import { codeOf } from "../../node/codeOf.ts"
import { attempt, fileMode, type Files, openFlags, writeFully } from "../disk/files.ts"
import { claimName, lockName, signName, unplacedLockName } from "../log/directories.ts"
import { type Identity, type Life, nobody, type Owner, parseOwner } from "./owner.ts"

/** A directory that is ours until `release`. */
export interface OwnerLock {
  readonly owner: Owner
  readonly release: () => void
}

/** A directory that somebody else holds: who, and whether that one still runs. */
export interface Held {
  readonly _tag: "Held"
  readonly directory: string
  readonly owner: Owner
  readonly life: Life
}

export type Acquired = { readonly _tag: "Acquired"; readonly lock: OwnerLock } | Held

const attempts = 32

/**
 * Takes a directory, or says who holds it: one that is alive, or of which
 * nobody knows that it is dead.
 *
 * Many processes may find one stale lock. Each owner has a token, and only one
 * file `claim.<token>` can be made: whoever makes it is the heir and puts its
 * own lock in place. An heir that dies half-way is itself an owner that died,
 * with a claim of its own. The sign of life comes before the lock and goes after it.
 */
export const acquire = (files: Files, directory: string, identity: Identity): Acquired => {
  // A lock can be removed or overwritten by whoever takes it for a stale one.
  const known = ownerOf(files, directory) ?? nobody
  if (known === nobody && identity.isLivedIn(directory)) {
    return { _tag: "Held", directory, owner: nobody, life: "alive" }
  }
  const unseen = identity.owner()
  const sign = identity.show(directory, unseen.token)
  const owner = { ...unseen, sign: sign.place }
  let held: Owner | undefined
  try {
    held = takeOver(files, directory, owner, identity)
  } catch (error) {
    sign.hide()
    throw error
  }
  if (held !== undefined) {
    sign.hide()
    return { _tag: "Held", directory, owner: held, life: identity.lifeOf(held, directory) }
  }
  const release = (): void => {
    const lock = join(directory, lockName)
    if (ownerIn(files, lock)?.token === owner.token) attempt(() => files.unlinkSync(lock))
    sign.hide()
  }
  return { _tag: "Acquired", lock: { owner, release } }
}

/** The owner a directory has by its lock, dead or alive, without changing anything. */
export const ownerOf = (files: Files, directory: string): Owner | undefined => ownerIn(files, join(directory, lockName))

/** Puts our lock in place, or says who holds it. */
const takeOver = (files: Files, directory: string, owner: Owner, identity: Identity): Owner | undefined => {
  const lock = join(directory, lockName)
  const mine = join(directory, unplacedLockName(owner.token))
  writeOwner(files, mine, owner)
  try {
    for (let i = 0; i < attempts; i++) {
      if (link(files, mine, lock, owner)) return undefined
      const held = ownerIn(files, lock)
      if (held === undefined) continue
      const claims: Array<Claim> = []
      const heir = claim(files, directory, mine, held, owner, identity, claims)
      if (heir === "restart") continue
      if (heir !== undefined) return heir
      if (ownerIn(files, lock)?.token !== held.token) {
        attempt(() => files.unlinkSync(claims.at(-1)!.path))
        continue
      }
      files.renameSync(mine, lock)
      for (const { path, sign } of claims) for (const each of [sign, path]) attempt(() => files.unlinkSync(each))
      return undefined
    }
    throw Object.assign(new Error(`the lock ${lock} keeps changing hands`), { code: "EBUSY" })
  } finally {
    attempt(() => files.unlinkSync(mine))
  }
}

/** A claim on what a dead owner held, and the sign of life that owner had. */
interface Claim {
  readonly path: string
  readonly sign: string
}

const claim = (
  files: Files,
  directory: string,
  mine: string,
  held: Owner,
  owner: Owner,
  identity: Identity,
  claims: Array<Claim>
): Owner | "restart" | undefined => {
  let current = held
  for (let i = 0; i < attempts; i++) {
    if (identity.lifeOf(current, directory) !== "dead") return current
    const path = join(directory, claimName(current.token))
    claims.push({ path, sign: join(directory, signName(current.token)) })
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
