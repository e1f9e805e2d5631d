/// <reference types="node" />

/** More is not kept: a batch of the usual size has less. */
const mostKept = 4 * 1024 * 1024
/** How many times as large as a copy its memory may be. */
const mostTimes = 4

/** Copies of bytes. To touch memory for the first time can cost more than to fill it, so that what is given back is used again. */
export class SpareBytes {
  private spare: Buffer | undefined = undefined

  copyOf(bytes: Uint8Array): Uint8Array {
    const memory = this.take(bytes.length)
    memory.set(bytes)
    return memory.subarray(0, bytes.length)
  }

  /** What is much too large stays, since a copy holds on to all of its memory. */
  private take(length: number): Buffer {
    const { spare } = this
    // What `slice` takes is filled with zeros first.
    if (spare === undefined || spare.length < length || spare.length > mostTimes * length) {
      return Buffer.allocUnsafeSlow(length)
    }
    this.spare = undefined
    return spare
  }

  /** Nobody reads a copy any more. */
  giveBack({ buffer, byteOffset }: Uint8Array): void {
    if (byteOffset === 0 && buffer.byteLength <= mostKept) this.spare = Buffer.from(buffer)
  }
}
