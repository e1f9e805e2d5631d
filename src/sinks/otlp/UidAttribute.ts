import { mostBase36 } from "../../encode/bytes/base36.ts"
import type { LogRecord } from "../../LogRecord.ts"
import { appendPair } from "./anyValue.ts"
import { uidName } from "./attributes.ts"
import { ProtobufBuffer } from "./ProtobufBuffer.ts"

/** Up to here a length has one byte. */
const longest = 127

/**
 * The attribute with the uid of a record: all of it but its last digits is the same for the
 * records of a runtime, and is made once.
 */
export class UidAttribute {
  private readonly tag: number
  private runtimeId: string | undefined = undefined
  /** The attribute without the digits. */
  private start = new Uint8Array(0)
  /** Where the length of the text stands in it, and that of its value. */
  private text = 0
  private value = 0

  constructor(tag: number) {
    this.tag = tag
  }

  append(out: ProtobufBuffer, record: LogRecord): void {
    const { origin: { runtimeId }, seq } = record
    if (runtimeId !== this.runtimeId) this.learn(runtimeId)
    if (this.start.length + mostBase36 > longest || !Number.isSafeInteger(seq) || seq < 0) {
      return appendPair(out, this.tag, uidName, record.uid, Infinity)
    }
    const at = out.length
    out.bytes(this.start)
    const digits = out.base36(seq)
    out.add(at + 1, digits)
    out.add(at + this.value, digits)
    out.add(at + this.text, digits)
  }

  private learn(runtimeId: string): void {
    this.runtimeId = runtimeId
    const out = new ProtobufBuffer()
    appendPair(out, this.tag, uidName, runtimeId, Infinity)
    this.start = out.between(0, out.length).slice()
    this.text = this.start.length - Buffer.byteLength(runtimeId) - 1
    this.value = this.text - 2
  }
}
