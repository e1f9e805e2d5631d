import { LineBuffer } from "../../encode/bytes/LineBuffer.ts"
import { noEscape } from "../../encode/bytes/lineEscapes.ts"
import type { LogRecord } from "../../LogRecord.ts"
import type { RecordOrigin } from "../../record/RecordOrigin.ts"
import { NanosText } from "../encoding/NanosText.ts"
import { EntryWriter, type Shared } from "./EntryWriter.ts"
import type { Labels } from "./Labels.ts"
import { latest } from "./limits.ts"
import type { Lines } from "./Lines.ts"
import type { Metadata } from "./Metadata.ts"
import { Stream } from "./Stream.ts"

/** Where the records of one origin are in a request, and what they share there. */
interface Place extends Shared {
  readonly stream: Stream
}

const comma = 0x2c

/**
 * Writes records as a request to push (Loki, `POST /loki/api/v1/push`, JSON):
 * `{"streams":[{"stream":{"<label>":"<value>"},"values":[["<nanoseconds>","<line>",{"<name>":"<text>"}]]}]}`.
 */
export class PushBodies {
  private readonly labels: Labels
  private readonly lines: Lines
  private readonly metadata: Metadata | undefined
  private readonly nanos = new NanosText(latest)
  private readonly buffer = new LineBuffer(noEscape)
  private readonly entries = new EntryWriter(this.buffer, this.nanos)

  constructor(labels: Labels, lines: Lines, metadata: Metadata | undefined) {
    this.labels = labels
    this.lines = lines
    this.metadata = metadata
  }

  /** A request as bytes: a view, until the next call. */
  encode(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const { buffer, entries } = this
    const places = new Map<RecordOrigin, Place>()
    const streams = this.streamsOf(batch, places)
    const lines = this.lines.of(batch)
    buffer.cut(0)
    buffer.append(`{"streams":[`)
    for (const [index, stream] of streams.entries()) {
      buffer.append(`${index === 0 ? "" : ","}{"stream":${stream.labels},"values":[`)
      const positions = stream.sorted()
      for (let i = 0; i < positions.length; i++) {
        const position = positions[i]!
        const record = batch[position]!
        if (i > 0) buffer.appendByte(comma)
        entries.append(record, places.get(record.origin)!, lines, position)
      }
      buffer.append("]}")
    }
    buffer.append("]}")
    buffer.forgetTexts()
    return buffer.bytes
  }

  private streamsOf(batch: ReadonlyArray<LogRecord>, places: Map<RecordOrigin, Place>): ReadonlyArray<Stream> {
    const streams = new Map<string, Stream>()
    for (let position = 0; position < batch.length; position++) {
      const { origin } = batch[position]!
      let place = places.get(origin)
      if (place === undefined) {
        place = this.placeIn(streams, origin, batch)
        places.set(origin, place)
      }
      place.stream.add(position)
    }
    return [...streams.values()]
  }

  private placeIn(streams: Map<string, Stream>, origin: RecordOrigin, batch: ReadonlyArray<LogRecord>): Place {
    const placed = this.labels.placeOf(origin)
    const stream = streams.get(placed.stream) ?? new Stream(placed.stream, batch, (a, b) => this.nanos.compare(a, b))
    streams.set(placed.stream, stream)
    return { stream, metadata: this.metadata?.sharedOf(origin, placed), end: undefined }
  }
}
