import { constants } from "node:fs"
import { dirname } from "node:path"
import type { Files, FileStatus } from "../../src/spool/disk/files.ts"
import { systemError } from "../spool/support.ts"

/** A file or a directory: what programs read of it, and what is left of it when the power goes. */
interface Node {
  readonly isDirectory: boolean
  bytes: Buffer
  durable: Buffer
  names: number
}

interface Opened {
  readonly node: Node
  readonly path: string
  readonly appends: boolean
}

/** A process's way to a disk. Once it is cut off, nothing it does reaches the disk any more. */
export interface Mount {
  readonly files: Files
  /** Whether segments cannot be read now. */
  readonly failReads: (fail: boolean) => void
  /** Whether no file can grow now. */
  readonly fill: (full: boolean) => void
  readonly cutOff: () => void
}

const nothing = Buffer.alloc(0)

/**
 * A disk in memory, behind the page cache of a system: what is written is seen at
 * once, and outlives the power only when it was synced or written back. A name is
 * durable when its directory was synced; a directory from its making on, as on a
 * file system with a journal.
 */
export class Disk {
  private names = new Map<string, Node>()
  private durableNames = new Map<string, Node>()

  /** The files below a directory, by path. */
  below(directory: string): ReadonlyMap<string, Buffer> {
    const found = new Map<string, Buffer>()
    for (const [path, { bytes, isDirectory }] of this.names) {
      if (!isDirectory && path.startsWith(`${directory}/`)) found.set(path, bytes)
    }
    return found
  }

  /** The system writes some of what is dirty to the disk. `part` says how much of so many bytes, or names. */
  writeBack(part: (n: number) => number): void {
    for (const node of this.names.values()) {
      if (node.bytes === node.durable) continue
      const kept = part(node.bytes.length)
      node.durable = kept === node.bytes.length
        ? node.bytes
        : Buffer.concat([node.bytes.subarray(0, kept), node.durable.subarray(kept)])
    }
    for (const path of new Set([...this.names.keys(), ...this.durableNames.keys()])) {
      if (part(1) === 1) this.keepName(path)
    }
  }

  /** Only what is durable is left. */
  cutPower(): void {
    this.names = new Map(this.durableNames)
    for (const node of this.names.values()) {
      node.bytes = node.durable
      node.names = 0
    }
    for (const node of this.names.values()) node.names++
  }

  mount(): Mount {
    const opened = new Map<number, Opened>()
    let descriptors = 3
    let isCutOff = false
    let readsFail = false
    let isFull = false
    const fileOf = (fd: number): Opened => {
      const file = opened.get(fd)
      if (isCutOff || file === undefined) throw systemError("EBADF")
      return file
    }
    const nodeAt = (path: string): Node => {
      const node = this.names.get(path)
      if (isCutOff || node === undefined) throw systemError("ENOENT")
      return node
    }
    const open = (path: string, flags: number): Opened => {
      const present = this.names.get(path)
      if ((flags & constants.O_CREAT) === 0) nodeAt(path)
      else if (present !== undefined && (flags & constants.O_EXCL) !== 0) throw systemError("EEXIST")
      const node = present ?? this.make(path, false)
      return { node, path, appends: (flags & constants.O_APPEND) !== 0 }
    }
    const isDurable = (fd: number): void => {
      const { node, path } = fileOf(fd)
      node.durable = node.bytes
      if (!node.isDirectory) return
      for (const each of new Set([...this.names.keys(), ...this.durableNames.keys()])) {
        if (dirname(each) === path) this.keepName(each)
      }
    }
    // Nobody asks a disk in memory for more than names.
    function readdirSync(path: string): Array<string>
    function readdirSync(path: string, options: { readonly withFileTypes: true }): never
    function readdirSync(path: string, options?: unknown): Array<string> {
      nodeAt(path)
      if (options !== undefined) throw systemError("ENOSYS")
      return entriesOf(path)
    }
    const entriesOf = (path: string): Array<string> => {
      const entries: Array<string> = []
      for (const each of this.names.keys()) if (dirname(each) === path) entries.push(each.slice(path.length + 1))
      return entries
    }
    const files: Files = {
      readdirSync,
      openSync: (path, flags) => {
        if (isCutOff) throw systemError("EIO")
        opened.set(descriptors, open(path, flags))
        return descriptors++
      },
      closeSync: (fd) => {
        fileOf(fd)
        opened.delete(fd)
      },
      fstatSync: (fd) => statusOf(fileOf(fd).node),
      lstatSync: (path) => statusOf(nodeAt(path)),
      fsyncSync: isDurable,
      fdatasyncSync: isDurable,
      ftruncateSync: (fd, length) => {
        const { node } = fileOf(fd)
        node.bytes = node.bytes.subarray(0, length)
      },
      readFileSync: (path) => nodeAt(path).bytes.toString("utf8"),
      readSync: (fd, into, offset, length, position) => {
        const { node: { bytes }, path } = fileOf(fd)
        if (readsFail && path.endsWith(".seg")) throw systemError("EMFILE")
        const part = bytes.subarray(position, position + length)
        into.set(part, offset)
        return part.length
      },
      writeSync: (fd, bytes, offset, most, position) => {
        const { appends, node } = fileOf(fd)
        const at = appends || position === null ? node.bytes.length : position
        const grows = at + most > node.bytes.length
        // The last blocks take a part of it.
        const length = isFull && grows ? most >> 1 : most
        if (length === 0) throw systemError("ENOSPC")
        const before = node.bytes.subarray(0, at)
        const after = node.bytes.subarray(at + length)
        node.bytes = Buffer.concat([before, bytes.subarray(offset, offset + length), after])
        return length
      },
      mkdirSync: (path) => {
        if (isCutOff) throw systemError("EIO")
        for (let each = path; !this.names.has(each) && each !== "/"; each = dirname(each)) this.make(each, true)
      },
      rmdirSync: (path) => {
        nodeAt(path)
        if (entriesOf(path).length > 0) throw systemError("ENOTEMPTY")
        this.names.delete(path)
      },
      linkSync: (existing, path) => {
        const node = nodeAt(existing)
        if (this.names.has(path)) throw systemError("EEXIST")
        this.names.set(path, node)
        node.names++
      },
      renameSync: (from, to) => {
        const node = nodeAt(from)
        const gone = this.names.get(to)
        if (gone !== undefined) gone.names--
        this.names.delete(from)
        this.names.set(to, node)
      },
      unlinkSync: (path) => {
        nodeAt(path).names--
        this.names.delete(path)
      }
    }
    return {
      files,
      failReads: (fail) => {
        readsFail = fail
      },
      fill: (full) => {
        isFull = full
      },
      cutOff: () => {
        isCutOff = true
      }
    }
  }

  private make(path: string, isDirectory: boolean): Node {
    const node: Node = { isDirectory, bytes: nothing, durable: nothing, names: 1 }
    this.names.set(path, node)
    if (isDirectory) this.durableNames.set(path, node)
    return node
  }

  private keepName(path: string): void {
    const node = this.names.get(path)
    if (node === undefined) this.durableNames.delete(path)
    else this.durableNames.set(path, node)
  }
}

const statusOf = ({ bytes, isDirectory, names }: Node): FileStatus => ({
  isDirectory: () => isDirectory,
  isFile: () => !isDirectory,
  isSymbolicLink: () => false,
  mode: isDirectory ? 0o40700 : 0o100600,
  nlink: isDirectory ? 2 : names,
  size: bytes.length,
  uid
})

// It is asked of the system each time.
const uid = process.getuid?.() ?? 0
