import { appendPair } from "./anyValue.ts"
import { lengthTag, ProtobufBuffer, sizeOfVarint, writeVarint } from "./ProtobufBuffer.ts"
import type { Emitter } from "./resource.ts"

/** The fields of `ExportLogsServiceRequest`, `ResourceLogs`, `ScopeLogs`, `Resource` and `InstrumentationScope`. */
const resourceLogs = lengthTag(1)
const resource = lengthTag(1)
const scopeLogs = lengthTag(2)
const scope = lengthTag(1)
const attributes = lengthTag(1)
const name = lengthTag(1)
const version = lengthTag(2)

/** A tag and the longest length. */
const longestStart = 9

/** What stands before the records of a request, whose lengths are known when these are written. */
export class ProtobufHead {
  /** How much room it takes at most. */
  readonly room: number
  private readonly resource: Uint8Array
  private readonly scope: Uint8Array

  constructor(emitter: Emitter) {
    const out = new ProtobufBuffer()
    const ofResource = out.begin(resource)
    for (const [key, value] of emitter.resource) appendPair(out, attributes, key, value, Infinity)
    out.end(ofResource)
    const from = out.length
    const ofScope = out.begin(scope)
    out.text(name, emitter.scope.name)
    if (emitter.scope.version !== undefined) out.text(version, emitter.scope.version)
    out.end(ofScope)
    this.resource = out.between(0, from).slice()
    this.scope = out.between(from, out.length).slice()
    this.room = this.resource.length + this.scope.length + 2 * longestStart
  }

  /** Writes it to the end of its room, before so many bytes of records, and gives where it begins. */
  write(bytes: Uint8Array, records: number): number {
    const ofScope = this.scope.length + records
    const start = 1 + sizeOfVarint(ofScope)
    const ofResource = this.resource.length + start + ofScope
    const from = this.room - this.resource.length - this.scope.length - start - 1 - sizeOfVarint(ofResource)
    bytes[from] = resourceLogs
    let at = writeVarint(bytes, from + 1, ofResource)
    bytes.set(this.resource, at)
    at += this.resource.length
    bytes[at] = scopeLogs
    bytes.set(this.scope, writeVarint(bytes, at + 1, ofScope))
    return from
  }
}
