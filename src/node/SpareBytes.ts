/// <reference types="node" />

/** More is not kept: a batch of the usual size has less. */
const mostKept = 4 * 1024 * 1024

/** Copies of bytes. To touch memory for the first time can cost more than to fill it, so that what is given back is used again. */
export class SpareBytes {
  private spare: Buffer | undefined = undefined

  copyOf(bytes: Uint8Array): Uint8Array {
    const { spare } = this
    this.spare = undefined
    // What `slice` takes is filled with zeros first.
    const memory = spare !== undefined && spare.length >= bytes.length ? spare : Buffer.allocUnsafeSlow(bytes.length)
    memory.set(bytes)
    return memory.subarray(0, bytes.length)
  }

  /** Nobody reads a copy any more. */
  giveBack({ buffer, byteOffset }: Uint8Array): void {
    if (byteOffset === 0 && buffer.byteLength <= mostKept) this.spare = Buffer.from(buffer)
  }
}
