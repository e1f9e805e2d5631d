import { constants } from "node:fs"
import type { Files } from "../../src/spool/disk/files.ts"
import { systemError } from "../spool/support.ts"

/** How a disk fails: the one operation at a place, or from there on all that need blocks, or a new name as well. */
export interface Fault {
  readonly at: number
  readonly code: string
  readonly kind: "once" | "no blocks" | "no names"
}

export interface FaultyDisk {
  readonly files: Files
  /** Operations so far. */
  readonly operations: () => number
  /** The places of those that need space: a disk that is full from any other place on fails at the next of these. */
  readonly needing: () => ReadonlyArray<number>
  /** Whether an operation has failed. */
  readonly hasFailed: () => boolean
  /** From now on it fails as it does from its place on. */
  readonly fill: () => void
  readonly makeRoom: () => void
}

/** More operations than any call may need; the next one would be the start of an endless loop. */
const mostOperations = 100_000

const needsName = new Set(["mkdirSync", "linkSync", "create"])

/** The files of a disk on which operations are counted and fail at a given place. */
export const faultyDisk = (files: Files, { at, code, kind }: Fault): FaultyDisk => {
  const needing: Array<number> = []
  let operations = 0
  let failed = false
  let from = at
  let room = false
  const operate = <A>(name: string, step: () => A): A => {
    const place = operations++
    if (place > mostOperations) throw new Error("an endless loop")
    const needsSpace = name === "writeSync" || needsName.has(name)
    if (needsSpace) needing.push(place)
    const isNeeded = kind === "once" ? place === from : kind === "no names" ? needsSpace : name === "writeSync"
    if (room || place < from || !isNeeded) return step()
    failed = true
    // A descriptor is gone whatever its close says.
    if (name === "closeSync") step()
    throw systemError(code)
  }
  return {
    operations: () => operations,
    needing: () => needing,
    hasFailed: () => failed,
    fill() {
      from = operations
    },
    makeRoom() {
      room = true
    },
    files: {
      closeSync: (fd) => operate("closeSync", () => files.closeSync(fd)),
      fdatasyncSync: (fd) => operate("fdatasyncSync", () => files.fdatasyncSync(fd)),
      fstatSync: (fd) => operate("fstatSync", () => files.fstatSync(fd)),
      fsyncSync: (fd) => operate("fsyncSync", () => files.fsyncSync(fd)),
      ftruncateSync: (fd, length) => operate("ftruncateSync", () => files.ftruncateSync(fd, length)),
      linkSync: (existing, path) => operate("linkSync", () => files.linkSync(existing, path)),
      lstatSync: (path) => operate("lstatSync", () => files.lstatSync(path)),
      mkdirSync: (path, options) => operate("mkdirSync", () => files.mkdirSync(path, options)),
      openSync: (path, flags, mode) =>
        operate((flags & constants.O_CREAT) === 0 ? "openSync" : "create", () => files.openSync(path, flags, mode)),
      readFileSync: (path, encoding) => operate("readFileSync", () => files.readFileSync(path, encoding)),
      readSync: (...args) => operate("readSync", () => files.readSync(...args)),
      readdirSync: Object.assign((path: string) => operate("readdirSync", () => files.readdirSync(path))),
      renameSync: (from, to) => operate("renameSync", () => files.renameSync(from, to)),
      rmdirSync: (path) => operate("rmdirSync", () => files.rmdirSync(path)),
      unlinkSync: (path) => operate("unlinkSync", () => files.unlinkSync(path)),
      writeSync: (...args) => operate("writeSync", () => files.writeSync(...args))
    }
  }
}
