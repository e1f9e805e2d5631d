/// <reference types="node" />
import { basename, join } from "node:path"
import { codeOf } from "../../node/codeOf.ts"
import { damageName, isDamageName, quarantineDirectory } from "../log/directories.ts"
import { attempt, fileMode, type Files, openFlags, readFully, secureDirectory, writeFully } from "./files.ts"

const limitBytes = 16 * 1024 * 1024
const chunkBytes = 64 * 1024

/**
 * Keeps what could not be read, for somebody to look at: copies of damaged
 * frames up to 16 MiB, and whole files that are no segments, which are moved.
 */
export class Quarantine {
  private readonly files: Files
  private readonly directory: string
  private used: number | undefined

  constructor(files: Files, spool: string) {
    this.files = files
    this.directory = join(spool, quarantineDirectory)
  }

  /** Copies a part of a segment; `false` when there is no room, or it cannot be read or written. */
  copy(fd: number, segment: string, offset: number, end: number): boolean {
    const target = join(this.directory, damageName(basename(segment), offset, end))
    let out: number | undefined
    try {
      const used = this.open()
      if (used + end - offset > limitBytes) return false
      out = this.files.openSync(target, openFlags.create, fileMode)
      const chunk = Buffer.alloc(Math.min(chunkBytes, end - offset))
      for (let at = offset; at < end;) {
        const read = readFully(this.files, fd, chunk.subarray(0, Math.min(chunk.length, end - at)), at)
        if (read === 0) break
        writeFully(this.files, out, chunk.subarray(0, read))
        at += read
      }
      this.used = used + end - offset
      return true
    } catch (error) {
      // It was copied by an earlier process that did not get to the end.
      if (out === undefined && codeOf(error) === "EEXIST") return true
      attempt(() => this.files.unlinkSync(target))
      return false
    } finally {
      const fd = out
      if (fd !== undefined) attempt(() => this.files.closeSync(fd))
    }
  }

  /** Moves a whole file out of the way; needs no space. */
  move(path: string): boolean {
    return attempt(() => {
      this.open()
      let target = join(this.directory, basename(path))
      for (let i = 1; this.exists(target); i++) target = join(this.directory, `${basename(path)}.${i}`)
      this.files.renameSync(path, target)
    })
  }

  private exists(path: string): boolean {
    return attempt(() => this.files.lstatSync(path))
  }

  // What was moved here is not held against the room for copies.
  private open(): number {
    if (this.used !== undefined) return this.used
    secureDirectory(this.files, this.directory)
    let used = 0
    for (const name of this.files.readdirSync(this.directory)) {
      if (isDamageName(name)) attempt(() => used += this.files.lstatSync(join(this.directory, name)).size)
    }
    this.used = used
    return used
  }
}
