/// <reference types="node" />
import { crc32 } from "node:zlib"
import type { Spans } from "./Spans.ts"

/**
 * One frame holds one batch: a header of 36 bytes and the payload. All numbers
 * are little-endian.
 *
 * | offset | size | field |
 * |---|---|---|
 * | 0 | 4 | magic; its first and last byte never occur in UTF-8, so no payload holds it |
 * | 4 | 1 | version |
 * | 5 | 1 | flags |
 * | 6 | 2 | zero |
 * | 8 | 4 | length of the payload |
 * | 12 | 4 | number of records |
 * | 16 | 8 | position of the first record |
 * | 24 | 4 | hash of the lane's configuration |
 * | 28 | 4 | CRC32 of bytes 0 to 27 |
 * | 32 | 4 | CRC32 of bytes 0 to 31 and the payload |
 *
 * The header has a checksum of its own: when only the payload is damaged, the
 * number of lost records and the place of the next frame are still certain.
 * Every later version keeps the first 32 bytes as they are.
 */
export interface FrameHeader {
  readonly version: number
  readonly flags: number
  readonly length: number
  readonly count: number
  readonly first: number
  readonly config: number
  readonly checksum: number
}

/** What of a header whoever appends the frame decides. */
export type FrameFields = Pick<FrameHeader, "flags" | "count" | "config">

/** A whole frame, how many of its records were read before, and which of the others are settled. */
export interface Frame {
  readonly header: FrameHeader
  readonly payload: Buffer
  readonly skip: number
  readonly settled: Pick<Spans, "has" | "open">
}

export const headerBytes = 36
/** Since version 2 its records say what their uids begin with, their place in their millisecond and whether they are sampled. */
export const version = 2
export const magic = Buffer.from([0xf5, 0x53, 0x57, 0xfa])
/** No frame is larger: what a header claims is checked against it before anything is allocated. */
export const longestPayload = 64 * 1024 * 1024

export const flag = { maybeSent: 1, deadLetter: 2 } as const

const headerEnd = 28
const payloadSum = 32

/** Writes the header in front of a payload that already stands behind it. */
export const seal = (frame: Buffer, fields: FrameFields & Pick<FrameHeader, "first">): void => {
  magic.copy(frame)
  frame[4] = version
  frame[5] = fields.flags
  frame.writeUInt16LE(0, 6)
  frame.writeUInt32LE(frame.length - headerBytes, 8)
  frame.writeUInt32LE(fields.count, 12)
  frame.writeBigUInt64LE(BigInt(fields.first), 16)
  frame.writeUInt32LE(fields.config, 24)
  frame.writeUInt32LE(crc32(frame.subarray(0, headerEnd)), headerEnd)
  frame.writeUInt32LE(checksumOf(frame, frame.subarray(headerBytes)), payloadSum)
}

/** The header at an offset, or nothing when there is none or it is damaged. */
export const headerAt = (bytes: Buffer, offset: number): FrameHeader | undefined => {
  if (bytes.length - offset < headerBytes || bytes.compare(magic, 0, 4, offset, offset + 4) !== 0) return undefined
  if (crc32(bytes.subarray(offset, offset + headerEnd)) !== bytes.readUInt32LE(offset + headerEnd)) return undefined
  const length = bytes.readUInt32LE(offset + 8)
  const count = bytes.readUInt32LE(offset + 12)
  const first = Number(bytes.readBigUInt64LE(offset + 16))
  if (length > longestPayload || !Number.isSafeInteger(first + count)) return undefined
  return {
    version: bytes[offset + 4]!,
    flags: bytes[offset + 5]!,
    length,
    count,
    first,
    config: bytes.readUInt32LE(offset + 24),
    checksum: bytes.readUInt32LE(offset + payloadSum)
  }
}

/** The checksum of a frame, from its header and its payload. */
export const checksumOf = (header: Uint8Array, payload: Uint8Array): number =>
  crc32(payload, crc32(header.subarray(0, payloadSum)))
