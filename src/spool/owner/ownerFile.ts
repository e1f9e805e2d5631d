/// <reference types="node" />
import { join } from "node:path"
import { codeOf } from "../../node/codeOf.ts"
import { attempt, fileMode, type Files, openFlags, writeFully } from "../disk/files.ts"
import { lockName } from "../log/directories.ts"
import { nobody, type Owner, parseOwner } from "./owner.ts"

const longestFile = 4096

/** The owner a directory has by its lock, dead or alive, without changing anything. */
export const ownerOf = (files: Files, directory: string): Owner | undefined => ownerIn(files, join(directory, lockName))

/** The owner a file names: nothing when there is none, `nobody` for one that died while it wrote it. */
export const ownerIn = (files: Files, path: string): Owner | undefined => {
  let text: string
  try {
    const stat = files.lstatSync(path)
    text = stat.isFile() && stat.size <= longestFile ? files.readFileSync(path, "utf8") : ""
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
  return parseOwner(text) ?? nobody
}

/** Makes a file that names an owner. Throws what the system throws, so when there is one. */
export const writeOwner = (files: Files, path: string, owner: Owner): void => {
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

/** Makes a file that names the owner that `written` names, whole or not at all; `false` when there is one. */
export const placeOwner = (files: Files, written: string, path: string, owner: Owner): boolean => {
  try {
    files.linkSync(written, path)
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
