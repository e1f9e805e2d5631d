const utf8 = new TextEncoder()

/** Pieces of encoded text, each from the start of a word, so that they are copied by four bytes. */
export interface Fragments {
  readonly words: Int32Array
  /** The lengths of the pieces in bytes. */
  readonly lengths: ReadonlyArray<number>
}

/** Encodes pieces of text that are appended often. */
export const fragments = (pieces: ReadonlyArray<string>): Fragments => {
  const encoded = pieces.map((piece) => utf8.encode(piece))
  const size = encoded.reduce((sum, { length }) => sum + wordsOf(length), 0)
  const bytes = new Uint8Array(4 * size)
  let at = 0
  for (const piece of encoded) {
    bytes.set(piece, 4 * at)
    at += wordsOf(piece.length)
  }
  const view = new DataView(bytes.buffer)
  return {
    words: Int32Array.from({ length: size }, (_, i) => view.getInt32(4 * i, true)),
    lengths: encoded.map(({ length }) => length)
  }
}

/** How many words so many bytes take. */
export const wordsOf = (bytes: number): number => (bytes + 3) >> 2
