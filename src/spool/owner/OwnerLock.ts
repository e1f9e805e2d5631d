/// <reference types="node" />
import { join } from "node:path"
import { attempt, type Files } from "../disk/files.ts"
import { claimName, lockName, signName, unplacedLockName } from "../log/directories.ts"
import { type Identity, type Life, nobody, type Owner } from "./owner.ts"
import { ownerIn, ownerOf, placeOwner, writeOwner } from "./ownerFile.ts"
import type { Sign } from "./signs.ts"

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
 * A directory that is ours until `release`.
 *
 * ```
 * nobody's ── lock ─────────────────────────────────────────────────▶ ours
 * a dead owner's ── claim.<its token> ──▶ its heir's ── lock, anew ──▶ ours
 *                     ▲                      │
 *                     └── the heir is dead ──┘
 * ```
 *
 * Many processes may find one stale lock. Each owner has a token, and only one
 * file `claim.<token>` can be made: whoever makes it is the heir and puts its
 * own lock in place. An heir that dies half-way is itself an owner that died,
 * with a claim of its own. The sign of life comes before the lock and goes after it.
 */
export class OwnerLock {
  readonly owner: Owner
  private readonly files: Files
  private readonly directory: string
  private readonly identity: Identity
  private readonly sign: Sign

  private constructor(files: Files, directory: string, identity: Identity) {
    this.files = files
    this.directory = directory
    this.identity = identity
    const unseen = identity.owner()
    this.sign = identity.show(directory, unseen.token)
    this.owner = { ...unseen, sign: this.sign.place }
  }

  /** Takes a directory, or says who holds it: one that is alive, or of which nobody knows that it is dead. */
  static acquire(files: Files, directory: string, identity: Identity): Acquired {
    // A lock can be removed or overwritten by whoever takes it for a stale one.
    const known = ownerOf(files, directory) ?? nobody
    if (known === nobody && identity.isLivedIn(directory)) {
      return { _tag: "Held", directory, owner: nobody, life: "alive" }
    }
    const lock = new OwnerLock(files, directory, identity)
    let holder: Owner | undefined
    try {
      holder = lock.takeOver()
    } catch (error) {
      lock.sign.hide()
      throw error
    }
    if (holder === undefined) return { _tag: "Acquired", lock }
    lock.sign.hide()
    return { _tag: "Held", directory, owner: holder, life: identity.lifeOf(holder, directory) }
  }

  readonly release = (): void => {
    const { files, path } = this
    if (ownerIn(files, path)?.token === this.owner.token) attempt(() => files.unlinkSync(path))
    this.sign.hide()
  }

  private get path(): string {
    return join(this.directory, lockName)
  }

  /** Puts our lock in place, or says who holds it. */
  private takeOver(): Owner | undefined {
    const { files, owner, path } = this
    const unplaced = join(this.directory, unplacedLockName(owner.token))
    writeOwner(files, unplaced, owner)
    try {
      for (let i = 0; i < attempts; i++) {
        if (placeOwner(files, unplaced, path, owner)) return undefined
        const held = ownerIn(files, path)
        if (held === undefined) continue
        const claimed = this.claim(held, unplaced)
        if (claimed._tag === "Changed") continue
        if (claimed._tag === "Theirs") return claimed.owner
        if (ownerIn(files, path)?.token !== held.token) {
          attempt(() => files.unlinkSync(claimed.path))
          continue
        }
        files.renameSync(unplaced, path)
        for (const each of claimed.obsolete) attempt(() => files.unlinkSync(each))
        return undefined
      }
      throw Object.assign(new Error(`the lock ${JSON.stringify(path)} keeps changing hands: start again`), {
        code: "EBUSY"
      })
    } finally {
      attempt(() => files.unlinkSync(unplaced))
    }
  }

  /** Becomes the heir of a dead owner, or of an heir of it that died too. */
  private claim(dead: Owner, unplaced: string): Claimed {
    const { directory, files, identity } = this
    const obsolete: Array<string> = []
    let current = dead
    for (let i = 0; i < attempts; i++) {
      if (identity.lifeOf(current, directory) !== "dead") return { _tag: "Theirs", owner: current }
      const path = join(directory, claimName(current.token))
      obsolete.push(join(directory, signName(current.token)), path)
      if (placeOwner(files, unplaced, path, this.owner)) return { _tag: "Ours", path, obsolete }
      const heir = ownerIn(files, path)
      if (heir === undefined) return { _tag: "Changed" }
      current = heir
    }
    return { _tag: "Changed" }
  }
}

/** Whose is what a dead owner held. */
type Claimed =
  /** By the claim at `path`. `obsolete`: the claims and signs of all that died, once our lock is in place. */
  | { readonly _tag: "Ours"; readonly path: string; readonly obsolete: ReadonlyArray<string> }
  | { readonly _tag: "Theirs"; readonly owner: Owner }
  /** It changed while we looked: once more from the beginning. */
  | { readonly _tag: "Changed" }
