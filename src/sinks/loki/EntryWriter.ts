import type { LineBuffer } from "../../encode/bytes/LineBuffer.ts"
import { Passage } from "../../encode/bytes/Passage.ts"
import { UidWriter } from "../../encode/bytes/UidWriter.ts"
import type { LogRecord } from "../../LogRecord.ts"
import type { NanosText } from "../encoding/NanosText.ts"
import type { EncodedLines } from "./Lines.ts"
import type { SharedMetadata } from "./Metadata.ts"

/** What the records of one origin share in a request, and where the end of their entries stands once it is written. */
export interface Shared {
  readonly metadata: SharedMetadata | undefined
  end: Passage | undefined
}

const comma = 0x2c
const openBracket = 0x5b

/** Writes the entries of a request: `["<nanoseconds>","<line>",{"<name>":"<text>"}]`. */
export class EntryWriter {
  private readonly buffer: LineBuffer
  private readonly nanos: NanosText
  /** By the name that the uid has: a label may have its own. */
  private readonly uids = new Map<string, UidWriter>()

  constructor(buffer: LineBuffer, nanos: NanosText) {
    this.buffer = buffer
    this.nanos = nanos
  }

  append(record: LogRecord, shared: Shared, { bytes, ends }: EncodedLines, position: number): void {
    const { buffer } = this
    buffer.appendByte(openBracket)
    buffer.appendText(this.nanos.of(record))
    buffer.appendByte(comma)
    buffer.appendQuoted(bytes, position === 0 ? 0 : ends[position - 1]! + 1, ends[position]!)
    if (shared.metadata !== undefined) this.appendOwn(record, shared.metadata)
    if (shared.end !== undefined) return shared.end.copy(buffer)
    shared.end = new Passage()
    shared.end.append(buffer, endOf(shared.metadata))
  }

  /** Appends the metadata that differ from record to record. */
  private appendOwn(record: LogRecord, { spans, uid }: SharedMetadata): void {
    if (uid !== undefined) this.uidNamed(uid).append(this.buffer, record)
    const { origin, time } = record
    let isFirst = uid === undefined
    for (let i = 0; i < spans.length; i++) {
      const name = spans[i]
      if (name === undefined) continue
      this.buffer.append(`${isFirst ? ",{" : ","}"${name}":"${origin.spans?.duration(i, time) ?? 0}"`)
      isFirst = false
    }
  }

  private uidNamed(name: string): UidWriter {
    const known = this.uids.get(name)
    if (known !== undefined) return known
    const writer = new UidWriter(`,{"${name}":`)
    this.uids.set(name, writer)
    return writer
  }
}

/** What entries end with behind the metadata of their own. */
const endOf = (metadata: SharedMetadata | undefined): string => {
  if (metadata === undefined) return "]"
  const { json, spans, uid } = metadata
  if (uid !== undefined || spans.some((name) => name !== undefined)) return `${json}}]`
  return json === "" ? "]" : `,{${json.slice(1)}}]`
}
