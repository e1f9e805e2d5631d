/** Bytes to write to, in the three ways that are quick: one by one, by four, and by text. */
export class Memory {
  readonly bytes: Uint8Array
  readonly words: DataView
  readonly text: Buffer

  constructor(size: number) {
    this.bytes = new Uint8Array(size)
    this.words = new DataView(this.bytes.buffer)
    this.text = Buffer.from(this.bytes.buffer)
  }

  get size(): number {
    return this.bytes.length
  }
}
