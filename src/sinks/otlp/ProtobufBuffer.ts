/**
 * Protobuf in memory that is used again: fields one behind the other, without objects in
 * between. The length of a message stands before it and is known after it, so that its place is
 * left free; where it takes more room than that, what follows is moved.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
import { mostBase36, writeBase36 } from "../../encode/bytes/base36.ts"
import { Memory } from "../../encode/bytes/Memory.ts"
import { fewCharacters } from "../../encode/bytes/plainText.ts"

/** What an unusually large batch took is given back. */
const mostKept = 8 * 1024 * 1024
/** A tag and a length, or a tag and a number. */
const longestHead = 16
const twoTo32 = 2 ** 32

/** The tag of a field whose value is a length and so many bytes. */
export const lengthTag = (field: number): number => (field << 3) | 2
export const varintTag = (field: number): number => field << 3
export const fixed64Tag = (field: number): number => (field << 3) | 1
export const fixed32Tag = (field: number): number => (field << 3) | 5

export class ProtobufBuffer {
  private memory = new Memory(1024)
  private size = 0

  get length(): number {
    return this.size
  }

  /** What stands between two positions, until the next change. */
  between(from: number, to: number): Uint8Array {
    return this.memory.bytes.subarray(from, to)
  }

  clear(): void {
    this.size = 0
    if (this.memory.size > mostKept) this.memory = new Memory(1024)
  }

  /** Leaves room for what is written later, at a position of its own. */
  skip(length: number): void {
    this.reserve(length)
    this.size += length
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.memory.bytes.set(bytes, this.size)
    this.size += bytes.length
  }

  /** Once more what stands between two positions. */
  copy(from: number, to: number): void {
    this.reserve(to - from)
    this.memory.bytes.copyWithin(this.size, from, to)
    this.size += to - from
  }

  /** The digits of a whole number of at least 0 in base 36. Gives their number. */
  base36(value: number): number {
    this.reserve(mostBase36)
    const from = this.size
    this.size = writeBase36(this.memory.bytes, from, value)
    return this.size - from
  }

  /** Adds to the byte at a position. */
  add(at: number, count: number): void {
    this.memory.bytes[at]! += count
  }

  /** A field with the length and the bytes of something. */
  bytesField(tag: number, bytes: Uint8Array): void {
    this.reserve(longestHead)
    this.memory.bytes[this.size] = tag
    this.size = writeVarint(this.memory.bytes, this.size + 1, bytes.length)
    this.bytes(bytes)
  }

  /** A field with the bytes that lower-case hexadecimal digits say. */
  hex(tag: number, digits: string): void {
    const { length } = digits
    this.reserve(longestHead + length)
    const { bytes } = this.memory
    bytes[this.size] = tag
    let at = writeVarint(bytes, this.size + 1, length >> 1)
    for (let i = 0; i < length; i += 2) {
      bytes[at++] = (valueOf(digits.charCodeAt(i)) << 4) | valueOf(digits.charCodeAt(i + 1))
    }
    this.size = at
  }

  /** A whole number of at least 0. */
  varint(tag: number, value: number): void {
    this.reserve(longestHead)
    this.memory.bytes[this.size] = tag
    this.size = writeVarint(this.memory.bytes, this.size + 1, value)
  }

  /** A whole number of 64 bits: one below 0 takes ten bytes. */
  int64(tag: number, value: number | bigint): void {
    if (typeof value === "number" && value >= 0) return this.varint(tag, value)
    this.reserve(longestHead)
    const { bytes } = this.memory
    bytes[this.size++] = tag
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest > 127n; rest >>= 7n) bytes[this.size++] = Number(rest & 127n) | 128
    bytes[this.size++] = Number(rest)
  }

  double(tag: number, value: number): void {
    this.reserve(longestHead)
    this.memory.bytes[this.size] = tag
    this.memory.words.setFloat64(this.size + 1, value, true)
    this.size += 9
  }

  /** A number of 32 bits. */
  fixed32(tag: number, value: number): void {
    this.reserve(longestHead)
    this.memory.bytes[this.size] = tag
    this.memory.words.setInt32(this.size + 1, value, true)
    this.size += 5
  }

  /** A number of 64 bits, in two halves. */
  fixed64(tag: number, low: number, high: number): void {
    this.reserve(longestHead)
    const { bytes, words } = this.memory
    bytes[this.size] = tag
    words.setInt32(this.size + 1, low, true)
    words.setInt32(this.size + 5, high, true)
    this.size += 9
  }

  /** A field of text: half a pair becomes U+FFFD. */
  text(tag: number, text: string): void {
    const { length } = text
    this.reserve(3 * length + longestHead)
    const { bytes } = this.memory
    const from = this.size + 2
    bytes[this.size] = tag
    if (length > fewCharacters) return this.longText(text)
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) return this.longText(text)
      bytes[from + i] = code
    }
    bytes[from - 1] = length
    this.size = from + length
  }

  /** Begins a field that is a message, and gives the position of that. */
  begin(tag: number): number {
    this.reserve(longestHead)
    this.memory.bytes[this.size] = tag
    return this.size += 2
  }

  /** Ends the message that began at a position. */
  end(from: number): void {
    const length = this.size - from
    if (length < 128) this.memory.bytes[from - 1] = length
    else this.endWith(from, 1)
  }

  /** As {@link begin}, with so many bytes for a length that is mostly as long. */
  beginWith(tag: number, room: number): number {
    this.reserve(longestHead)
    this.memory.bytes[this.size] = tag
    return this.size += 1 + room
  }

  /** Ends a message whose length has so many bytes. Gives how many it took. */
  endWith(from: number, room: number): number {
    const length = this.size - from
    const size = sizeOfVarint(length)
    if (size !== room) this.move(from, size - room)
    writeVarint(this.memory.bytes, from - room, length)
    return size
  }

  private move(from: number, more: number): void {
    this.reserve(more)
    this.memory.bytes.copyWithin(from + more, from, this.size)
    this.size += more
  }

  private longText(text: string): void {
    const { memory: { bytes, text: buffer }, size } = this
    const room = sizeOfVarint(text.length)
    const from = size + 1 + room
    const length = buffer.write(text, from)
    const more = sizeOfVarint(length) - room
    if (more !== 0) bytes.copyWithin(from + more, from, from + length)
    writeVarint(bytes, size + 1, length)
    this.size = from + more + length
  }

  private reserve(length: number): void {
    if (this.memory.size - this.size >= length) return
    const larger = new Memory(2 * (this.size + length))
    larger.bytes.set(this.between(0, this.size))
    this.memory = larger
  }
}

/** What a hexadecimal digit stands for. */
const valueOf = (digit: number): number => digit < 0x3a ? digit - 0x30 : digit - 0x57

/** How many bytes a whole number of at least 0 takes. */
export const sizeOfVarint = (value: number): number => {
  let size = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++
  return size
}

/** Writes a whole number of at least 0, and gives the position behind it. */
export const writeVarint = (bytes: Uint8Array, at: number, value: number): number => {
  let to = at
  let rest = value
  for (; rest >= twoTo32; rest = Math.floor(rest / 128)) bytes[to++] = rest % 128 | 128
  for (rest >>>= 0; rest > 127; rest >>>= 7) bytes[to++] = rest & 127 | 128
  bytes[to++] = rest
  return to
}
