import { isUtf8 } from "node:buffer"

/**
 * A line of a file, or a piece of one that is too long.
 *
 * `ended` says whether a line break followed: it is `false` for the last line of
 * a file without one, and for every piece but the last of a long line.
 */
export interface Line {
  readonly bytes: Uint8Array
  readonly number: number
  readonly ended: boolean
}

const lineBreak = 10

/**
 * Cuts a stream of bytes into lines. Only a line feed ends a line: a carriage
 * return before it belongs to the line. Lines longer than `longest` bytes come in
 * pieces, so memory is bounded whatever the file holds.
 */
export class LineSplitter {
  private readonly longest: number
  private rest = new Uint8Array()
  private number = 1

  constructor(longest: number) {
    this.longest = longest
  }

  push(chunk: Uint8Array): ReadonlyArray<Line> {
    const data = this.rest.length === 0 ? chunk : concat(this.rest, chunk)
    const lines: Array<Line> = []
    let start = 0
    for (;;) {
      const found = data.indexOf(lineBreak, start)
      const end = found === -1 ? data.length : found
      while (end - start > this.longest) {
        const cut = characterStart(data, start + this.longest, start)
        lines.push({ bytes: data.subarray(start, cut), number: this.number, ended: false })
        start = cut
      }
      if (found === -1) break
      lines.push({ bytes: data.subarray(start, end), number: this.number++, ended: true })
      start = end + 1
    }
    this.rest = data.slice(start)
    return lines
  }

  end(): ReadonlyArray<Line> {
    const bytes = this.rest
    this.rest = new Uint8Array()
    return bytes.length === 0 ? [] : [{ bytes, number: this.number, ended: false }]
  }
}

// `TextDecoder` drops a byte order mark unless told to keep it.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })

/**
 * The text of a line. Bytes that are not UTF-8 are read as Latin-1, one character
 * a byte, because that can be turned back into the same bytes.
 */
export const decode = (bytes: Uint8Array): { readonly text: string; readonly encoding: "utf8" | "latin1" } =>
  isUtf8(bytes)
    ? { text: utf8.decode(bytes), encoding: "utf8" }
    : { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"), encoding: "latin1" }

const concat = (a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> => {
  const out = new Uint8Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}

/** The last start of a UTF-8 character at or before `at`; `at` itself where the bytes are not UTF-8. */
const characterStart = (bytes: Uint8Array, at: number, least: number): number => {
  for (let start = at; start > Math.max(least, at - 4); start--) {
    const byte = bytes[start]
    if (byte === undefined || (byte & 0xc0) !== 0x80) return start
  }
  return at
}
