/// <reference types="node" />
import { crc32 } from "node:zlib"
import { attempt, fileMode, type Files, openFlags, openRegular, readFully, writeFully } from "./files.ts"
import type { Span } from "./Spans.ts"

/** Where reading goes on: a frame of a segment, and the position of its first record. */
export interface Place {
  readonly segment: number
  readonly offset: number
  readonly position: number
}

/**
 * What a slot remembers: everything before `place` is settled, and these positions behind it;
 * `end` is the next position to be given.
 */
export interface CursorState {
  readonly generation: number
  readonly place: Place
  readonly settled: ReadonlyArray<Span>
  readonly end: number
}

const slotBytes = 64
const spansAt = 48
const spansSumAt = 52
const sumAt = 60
const spanBytes = 16
/** There from the first write on: room for as many gaps as a lane with two dozen writes at a time can have. */
const fileBytes = 512
const magic = 0x52435753
const version = 1

/**
 * The cursor file: two slots of 64 bytes, written in turn, each with a checksum,
 * and behind them the spans that are settled behind a gap. A write that is torn
 * damages one slot and leaves the other. It is a hint that saves duplicates: when
 * both are lost, everything is read again.
 *
 * A slot says how many spans there are, and their checksum: of spans that were
 * written for another slot it knows nothing. One without any is as it was before
 * there were spans.
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

  /**
   * Writes the older slot; `durable` forces it to the disk. Throws what the system throws.
   * Gives whether it says what is settled behind the place, for which a full disk may have no room.
   */
  write(place: Place, end: number, durable: boolean, settled: ReadonlyArray<Span> = []): boolean {
    const fd = this.descriptor()
    const generation = this.generation + 1
    const spans = encodeSpans(settled)
    const fits = spans.length === 0 || attempt(() => writeFully(this.files, fd, spans, 2 * slotBytes))
    const slot = encodeSlot({ generation, place, end }, fits ? spans : nothing)
    writeFully(this.files, fd, slot, (generation % 2) * slotBytes)
    this.generation = generation
    if (durable) this.files.fdatasyncSync(fd)
    return fits
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
      const there = Math.max(size, 2 * slotBytes)
      if (there < fileBytes) attempt(() => writeFully(this.files, fd, Buffer.alloc(fileBytes - there), there))
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
  let bytes = Buffer.alloc(2 * slotBytes)
  attempt(() => {
    const { fd, size } = openRegular(files, path, openFlags.read)
    try {
      bytes = Buffer.alloc(Math.max(size, 2 * slotBytes))
      readFully(files, fd, bytes, 0)
    } finally {
      files.closeSync(fd)
    }
  })
  const spans = bytes.subarray(2 * slotBytes)
  const first = decodeSlot(bytes.subarray(0, slotBytes), spans)
  const second = decodeSlot(bytes.subarray(slotBytes, 2 * slotBytes), spans)
  return first === undefined || (second !== undefined && second.generation > first.generation) ? second : first
}

const nothing = Buffer.alloc(0)

const encodeSlot = ({ end, generation, place }: Omit<CursorState, "settled">, spans: Buffer): Buffer => {
  const slot = Buffer.alloc(slotBytes)
  slot.writeUInt32LE(magic, 0)
  slot.writeUInt32LE(version, 4)
  slot.writeBigUInt64LE(BigInt(generation), 8)
  slot.writeBigUInt64LE(BigInt(place.segment), 16)
  slot.writeBigUInt64LE(BigInt(place.offset), 24)
  slot.writeBigUInt64LE(BigInt(place.position), 32)
  slot.writeBigUInt64LE(BigInt(end), 40)
  slot.writeUInt32LE(spans.length / spanBytes, spansAt)
  slot.writeUInt32LE(crc32(spans), spansSumAt)
  slot.writeUInt32LE(crc32(slot.subarray(0, sumAt)), sumAt)
  return slot
}

const decodeSlot = (slot: Buffer, spans: Buffer): CursorState | undefined => {
  if (slot.readUInt32LE(0) !== magic || slot.readUInt32LE(4) !== version) return undefined
  if (crc32(slot.subarray(0, sumAt)) !== slot.readUInt32LE(sumAt)) return undefined
  const number = (at: number): number => Number(slot.readBigUInt64LE(at))
  const own = spans.subarray(0, slot.readUInt32LE(spansAt) * spanBytes)
  const state = {
    generation: number(8),
    place: { segment: number(16), offset: number(24), position: number(32) },
    settled: crc32(own) === slot.readUInt32LE(spansSumAt) ? decodeSpans(own) : [],
    end: number(40)
  }
  return Number.isSafeInteger(state.end) && state.place.position <= state.end ? state : undefined
}

const encodeSpans = (spans: ReadonlyArray<Span>): Buffer => {
  const bytes = Buffer.alloc(spans.length * spanBytes)
  for (const [i, { from, to }] of spans.entries()) {
    bytes.writeBigUInt64LE(BigInt(from), i * spanBytes)
    bytes.writeBigUInt64LE(BigInt(to), i * spanBytes + 8)
  }
  return bytes
}

const decodeSpans = (bytes: Buffer): ReadonlyArray<Span> => {
  const spans: Array<Span> = []
  for (let at = 0; at + spanBytes <= bytes.length; at += spanBytes) {
    spans.push({ from: Number(bytes.readBigUInt64LE(at)), to: Number(bytes.readBigUInt64LE(at + 8)) })
  }
  return spans
}
