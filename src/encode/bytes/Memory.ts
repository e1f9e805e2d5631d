/**
 * Bytes to write to, in the three ways that are quick: one by one, by four, and by
 * text.
 *
 * JSON is written by hand in this room although the engine could be asked for the
 * string of a line and then for its bytes. So what neighbouring lines share is copied
 * as bytes, no string is made of what is short, and a long text that needs no escape
 * is copied first and looked at then, by four bytes at once, in half to two thirds of
 * the time. Whatever is none of these goes through `JSON.stringify`.
 *
 * To measure again, in a whole program, because a loop that does nothing else takes
 * half the time and tells little: `npm run bench -- --only S.,O.,R.,T. --json before.json`,
 * change something, `npm run bench -- --compare before.json`, as
 * `scratchpad/bench/README.md` says.
 */
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
