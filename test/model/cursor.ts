import { crc32 } from "node:zlib"

/** What the cursor on a disk says: what is settled, and where the next record goes. */
export interface FoundCursor {
  readonly place: number
  /** The positions that are settled behind the place. */
  readonly settled: ReadonlySet<number>
  readonly end: number
}

const slotBytes = 64

/** The newest whole slot of a cursor file. It knows the format from its table, as the reader of frames does. */
export const cursorIn = (bytes: Buffer): FoundCursor | undefined => {
  const [first, second] = [0, slotBytes].map((at) => slotAt(bytes, at))
  return (first?.generation ?? -1) > (second?.generation ?? -1) ? first : second
}

const slotAt = (bytes: Buffer, at: number): (FoundCursor & { readonly generation: number }) | undefined => {
  const slot = bytes.subarray(at, at + slotBytes)
  if (slot.length < slotBytes || crc32(slot.subarray(0, 60)) !== slot.readUInt32LE(60)) return undefined
  const spans = bytes.subarray(2 * slotBytes, 2 * slotBytes + 16 * slot.readUInt32LE(48))
  const settled = new Set<number>()
  for (let i = 0; crc32(spans) === slot.readUInt32LE(52) && i < spans.length; i += 16) {
    const to = Number(spans.readBigUInt64LE(i + 8))
    for (let position = Number(spans.readBigUInt64LE(i)); position < to; position++) settled.add(position)
  }
  const [generation = 0, place = 0, end = 0] = [8, 32, 40].map((offset) => Number(slot.readBigUInt64LE(offset)))
  return { generation, place, settled, end }
}
