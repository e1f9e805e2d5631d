/// <reference types="node" />
import { crc32 } from "node:zlib"
import { attempt, fileMode, type Files, openFlags, openRegular, readFully, writeFully } from "./files.ts"

/** Where reading goes on: a frame of a segment, and the position of its first record. */
export interface Place {
  readonly segment: number
  readonly offset: number
  readonly position: number
}

/** What a slot remembers: everything before `place` is settled, `end` is the next position to be given. */
export interface CursorState {
  readonly generation: number
  readonly place: Place
  readonly end: number
}

const slotBytes = 64
const sumAt = 60
const magic = 0x52435753
const version = 1

/**
 * The cursor file: two slots of 64 bytes, written in turn, each with a checksum.
 * A write that is torn damages one slot and leaves the other. It is a hint that
 * saves duplicates: when both are lost, everything is read again.
 */
export class Cursor {
  /** The newest intact slot found when the file was opened. */
  readonly found: CursorState | undefined
  private readonly files: Files
  private readonly path: string
  private fd: number | undefined
  private generation: number

  constructor(files: Files, path: string) {
    this.files = files
    this.path = path
    this.found = readCursor(files, path)
    this.generation = this.found?.generation ?? 0
  }

  /** Writes the older slot; `durable` forces it to the disk. Throws what the system throws. */
  write(place: Place, end: number, durable: boolean): void {
    const fd = this.descriptor()
    const generation = this.generation + 1
    writeFully(this.files, fd, encodeSlot({ generation, place, end }), (generation % 2) * slotBytes)
    this.generation = generation
    if (durable) this.files.fdatasyncSync(fd)
  }

  close(): void {
    const fd = this.fd
    if (fd === undefined) return
    this.fd = undefined
    attempt(() => this.files.closeSync(fd))
  }

  // Both slots are there from the first write on, so that later ones need no space on a full disk.
  private descriptor(): number {
    if (this.fd !== undefined) return this.fd
    const { fd, size } = openCursor(this.files, this.path)
    try {
      if (size < 2 * slotBytes) writeFully(this.files, fd, Buffer.alloc(2 * slotBytes - size), size)
    } catch (error) {
      attempt(() => this.files.closeSync(fd))
      throw error
    }
    this.fd = fd
    return fd
  }
}

const openCursor = (files: Files, path: string): { readonly fd: number; readonly size: number } => {
  attempt(() => files.closeSync(files.openSync(path, openFlags.create, fileMode)))
  return openRegular(files, path, openFlags.update)
}

/** The newest intact slot of a cursor file, without changing it. */
export const readCursor = (files: Files, path: string): CursorState | undefined => {
  const slots = Buffer.alloc(2 * slotBytes)
  attempt(() => {
    const { fd } = openRegular(files, path, openFlags.read)
    try {
      readFully(files, fd, slots, 0)
    } finally {
      files.closeSync(fd)
    }
  })
  const first = decodeSlot(slots.subarray(0, slotBytes))
  const second = decodeSlot(slots.subarray(slotBytes))
  return first === undefined || (second !== undefined && second.generation > first.generation) ? second : first
}

const encodeSlot = (state: CursorState): Buffer => {
  const slot = Buffer.alloc(slotBytes)
  slot.writeUInt32LE(magic, 0)
  slot.writeUInt32LE(version, 4)
  slot.writeBigUInt64LE(BigInt(state.generation), 8)
  slot.writeBigUInt64LE(BigInt(state.place.segment), 16)
  slot.writeBigUInt64LE(BigInt(state.place.offset), 24)
  slot.writeBigUInt64LE(BigInt(state.place.position), 32)
  slot.writeBigUInt64LE(BigInt(state.end), 40)
  slot.writeUInt32LE(crc32(slot.subarray(0, sumAt)), sumAt)
  return slot
}

const decodeSlot = (slot: Buffer): CursorState | undefined => {
  if (slot.readUInt32LE(0) !== magic || slot.readUInt32LE(4) !== version) return undefined
  if (crc32(slot.subarray(0, sumAt)) !== slot.readUInt32LE(sumAt)) return undefined
  const number = (at: number): number => Number(slot.readBigUInt64LE(at))
  const state = {
    generation: number(8),
    place: { segment: number(16), offset: number(24), position: number(32) },
    end: number(40)
  }
  return Number.isSafeInteger(state.end) && state.place.position <= state.end ? state : undefined
}
