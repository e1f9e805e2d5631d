import { crc32 } from "node:zlib"
import { uidOf } from "../../src/record/identity.ts"
import type { Names } from "./names.ts"

/** A whole frame found on a disk: the position of its first record, and whose records it holds. */
export interface FoundFrame {
  readonly position: number
  readonly maybeSent: boolean
  readonly seqs: ReadonlyArray<number>
}

const headerBytes = 36
const magic = Buffer.from([0xf5, 0x53, 0x57, 0xfa])

/**
 * The whole frames of some segments, in the order of their positions. It knows the
 * format from its table, not from the code that is tested with it.
 */
export const framesIn = (files: ReadonlyMap<string, Buffer>, names: Names): ReadonlyArray<FoundFrame> => {
  const found = new Map<number, FoundFrame>()
  for (const [path, bytes] of files) {
    if (!/\/\d{20}\.seg$/.test(path)) continue
    for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
      const frame = frameAt(bytes, at, names)
      if (frame !== undefined) found.set(frame.position, frame)
    }
  }
  return [...found.values()].toSorted((a, b) => a.position - b.position)
}

const frameAt = (bytes: Buffer, at: number, names: Names): FoundFrame | undefined => {
  if (bytes.length < at + headerBytes) return undefined
  const payload = bytes.subarray(at + headerBytes, at + headerBytes + bytes.readUInt32LE(at + 8))
  if (payload.length !== bytes.readUInt32LE(at + 8)) return undefined
  if (crc32(payload, crc32(bytes.subarray(at, at + 32))) !== bytes.readUInt32LE(at + 32)) return undefined
  let runtimeId = ""
  const seqs = payload.toString("utf8").split("\n").map((line) => {
    const [, id = "", seq] = /^\[(?:\[\],)?"([^"]*)",\d+,\w+,(\d+),/.exec(line) ?? []
    if (id !== "") runtimeId = id
    return names.of(uidOf(runtimeId, Number(seq)))
  })
  return { position: Number(bytes.readBigUInt64LE(at + 16)), maybeSent: (bytes.readUInt8(at + 5) & 1) === 1, seqs }
}
