import type { LineBuffer } from "./LineBuffer.ts"

/** Text in the bytes of a batch that may come again. */
export class Passage {
  private from = 0
  private to = 0
  private bytes: Uint8Array | undefined

  append(buffer: LineBuffer, text: string): void {
    const from = buffer.length
    buffer.append(text)
    this.begin(from, buffer.length)
  }

  /** It stands between two positions from now on. */
  begin(from: number, to: number): void {
    this.from = from
    this.to = to
    this.bytes = undefined
  }

  /** Lets go of the bytes, which stand in all those of the batch. */
  forget(): void {
    this.bytes = undefined
  }

  copy(buffer: LineBuffer): void {
    buffer.copy(this.from, this.to)
  }

  of(buffer: LineBuffer): Uint8Array {
    return this.bytes ??= buffer.between(this.from, this.to)
  }
}
