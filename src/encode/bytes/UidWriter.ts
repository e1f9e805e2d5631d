import type { LogRecord } from "../../LogRecord.ts"
import type { LineBuffer } from "./LineBuffer.ts"
import { quote } from "./oddBytes.ts"

/** Writes the uids of records as JSON: what those of one runtime begin with is turned into bytes once. */
export class UidWriter {
  private readonly before: string
  private runtimeId: string | undefined = undefined
  private start = new Uint8Array(0)

  /** With a text before each. */
  constructor(before: string) {
    this.before = before
  }

  append(buffer: LineBuffer, record: LogRecord): void {
    const { origin: { runtimeId }, seq } = record
    if (!Number.isSafeInteger(seq) || seq < 0) return buffer.append(this.before + JSON.stringify(record.uid))
    if (runtimeId !== this.runtimeId) this.learn(buffer, runtimeId)
    buffer.appendBytes(this.start)
    buffer.appendBase36(seq)
    buffer.appendByte(quote)
  }

  private learn(buffer: LineBuffer, runtimeId: string): void {
    this.runtimeId = runtimeId
    const from = buffer.length
    buffer.append(this.before + JSON.stringify(runtimeId).slice(0, -1))
    this.start = buffer.between(from, buffer.length).slice()
    buffer.cut(from)
  }
}
