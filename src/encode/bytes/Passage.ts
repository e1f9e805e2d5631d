import type { LineBuffer } from "./LineBuffer.ts"

/** Text in the bytes of a batch that may come again. */
export class Passage {
  private from = 0
  private to = 0
  private bytes: Uint8Array | undefined

  append(buffer: LineBuffer, text: string): void {
    this.from = buffer.length
    buffer.append(text)
    this.to = buffer.length
    this.bytes = undefined
  }

  of(buffer: LineBuffer): Uint8Array {
    return this.bytes ??= buffer.between(this.from, this.to)
  }
}
