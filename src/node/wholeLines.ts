/// <reference types="node" />
const newline = 10

/** What a pipe takes whole or not at all. */
export const pipeBuf = process.platform === "linux" ? 4096 : 512

/** Where the next piece of lines ends: as many whole lines as fit into `most` bytes, or one that is longer. */
export const endOfLines = (bytes: Uint8Array, from: number, most: number): number => {
  if (bytes.length - from <= most) return bytes.length
  const last = bytes.lastIndexOf(newline, from + most - 1)
  if (last >= from) return last + 1
  const first = bytes.indexOf(newline, from)
  return first === -1 ? bytes.length : first + 1
}

export const endsInHalfALine = (bytes: Uint8Array, length: number): boolean =>
  length > 0 && bytes[length - 1] !== newline
