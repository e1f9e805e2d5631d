/// <reference types="node" />
import * as fs from "node:fs"
import { codeOf } from "../../node/codeOf.ts"
import { SpoolError, unavailable } from "./SpoolError.ts"

/** What a spool needs to know of a file. */
export type FileStatus = Pick<
  fs.Stats,
  "isDirectory" | "isFile" | "isSymbolicLink" | "mode" | "nlink" | "size" | "uid"
>

/** What a spool needs of the file system: synchronous, because a log call and a crash cannot wait. */
export interface Files {
  readonly closeSync: (fd: number) => void
  readonly fdatasyncSync: (fd: number) => void
  readonly fstatSync: (fd: number) => FileStatus
  readonly fsyncSync: (fd: number) => void
  readonly ftruncateSync: (fd: number, length: number) => void
  readonly linkSync: (existing: string, path: string) => void
  readonly lstatSync: (path: string) => FileStatus
  readonly mkdirSync: (path: string, options: { readonly recursive: true; readonly mode: number }) => void
  readonly openSync: (path: string, flags: number, mode?: number) => number
  readonly readFileSync: (path: string, encoding: "utf8") => string
  readonly readSync: (fd: number, bytes: Uint8Array, offset: number, length: number, position: number) => number
  readonly readdirSync: {
    (path: string): Array<string>
    (path: string, options: { readonly withFileTypes: true }): Array<fs.Dirent>
  }
  readonly renameSync: (from: string, to: string) => void
  readonly rmdirSync: (path: string) => void
  readonly unlinkSync: (path: string) => void
  readonly writeSync: (
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number | null
  ) => number
}

export const nodeFiles: Files = fs

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = fs.constants

// Without O_NONBLOCK the opening of a named pipe would wait for its other end. Regular files do not care.
export const openFlags = {
  read: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
  update: O_RDWR | O_NOFOLLOW | O_NONBLOCK,
  create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
  append: O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK,
  appendOrCreate: O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW,
  createAppend: O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW
} as const

export const fileMode = 0o600
const directoryMode = 0o700

/** Makes a directory when it is missing, and refuses one that others could plant files in. */
export const secureDirectory = (files: Files, path: string): void => {
  try {
    files.mkdirSync(path, { recursive: true, mode: directoryMode })
  } catch (cause) {
    // A path that exists but is no directory is told apart below.
    if (codeOf(cause) !== "EEXIST") throw unavailable(path, "make the spool directory", cause)
  }
  checkDirectory(files, path)
}

/** Refuses a directory that is a symbolic link, belongs to somebody else, or is writable by group or others. */
export const checkDirectory = (files: Files, path: string): void => {
  let stat: FileStatus
  try {
    stat = files.lstatSync(path)
  } catch (cause) {
    throw unavailable(path, "open the spool directory", cause)
  }
  const insecure = (what: string): SpoolError =>
    new SpoolError({ reason: "Insecure", path, message: `the spool directory ${JSON.stringify(path)} ${what}` })
  if (stat.isSymbolicLink()) throw insecure("is a symbolic link: name the directory itself")
  if (!stat.isDirectory()) throw insecure("is not a directory: name one")
  const user = process.getuid?.()
  if (user === undefined) return
  if (user !== 0 && stat.uid !== user) {
    throw insecure(`belongs to user ${stat.uid}, not to user ${user}: give it to that one`)
  }
  if ((stat.mode & 0o022) !== 0) {
    const mode = (stat.mode & 0o777).toString(8).padStart(4, "0")
    throw insecure(`can be written by group or others (mode ${mode}): run chmod 700 on it`)
  }
}

/** Opens an existing file for a purpose; refuses links, hard links and anything but regular files. */
export const openRegular = (
  files: Files,
  path: string,
  flags: number
): { readonly fd: number; readonly size: number } => {
  const fd = files.openSync(path, flags)
  try {
    const stat = files.fstatSync(fd)
    if (!stat.isFile() || stat.nlink !== 1) {
      throw new SpoolError({
        reason: "Insecure",
        path,
        message: `${JSON.stringify(path)} is not a regular file with one name: take away what is there`
      })
    }
    return { fd, size: stat.size }
  } catch (error) {
    files.closeSync(fd)
    throw error
  }
}

/** Makes the bytes of a file durable. */
export const syncFile = (files: Files, path: string): void => {
  const { fd } = openRegular(files, path, openFlags.read)
  try {
    files.fdatasyncSync(fd)
  } finally {
    files.closeSync(fd)
  }
}

/** Makes the names in a directory durable. */
export const syncDirectory = (files: Files, path: string): void => {
  const fd = files.openSync(path, openFlags.read)
  try {
    files.fsyncSync(fd)
  } finally {
    files.closeSync(fd)
  }
}

/** Writes all bytes at a position, or at the end of a file opened for appending. */
export const writeFully = (files: Files, fd: number, bytes: Uint8Array, position: number | null = null): void => {
  let offset = 0
  while (offset < bytes.length) {
    const at = position === null ? null : position + offset
    const written = files.writeSync(fd, bytes, offset, bytes.length - offset, at)
    if (written === 0) throw Object.assign(new Error("the file takes no bytes"), { code: "EIO" })
    offset += written
  }
}

/** Reads into a buffer until it is full or the file ends; returns how much was read. */
export const readFully = (files: Files, fd: number, into: Uint8Array, position: number): number => {
  let filled = 0
  while (filled < into.length) {
    const read = files.readSync(fd, into, filled, into.length - filled, position + filled)
    if (read === 0) break
    filled += read
  }
  return filled
}

/** Removes a file; one that is gone already is as good. */
export const remove = (files: Files, path: string): void => {
  try {
    files.unlinkSync(path)
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error
  }
}

/** Runs a step whose failure changes nothing that anybody relies on. */
export const attempt = (step: () => void): boolean => {
  try {
    step()
    return true
  } catch {
    return false
  }
}
