import type { LogRecord } from "../../LogRecord.ts"
import type { RecordOrigin } from "../../record/RecordOrigin.ts"
import { NanosText } from "../encoding/NanosText.ts"
import type { Labels } from "./Labels.ts"
import { latest } from "./limits.ts"
import type { Lines } from "./Lines.ts"
import { type Metadata, metadataOf, type SharedMetadata } from "./Metadata.ts"
import { Stream } from "./Stream.ts"

/** What the records of one origin have in a request. */
interface Place {
  readonly stream: Stream
  readonly shared: SharedMetadata | undefined
}

const utf8 = new TextEncoder()

/**
 * Writes records as a request to push (Loki, `POST /loki/api/v1/push`, JSON):
 * `{"streams":[{"stream":{"<label>":"<value>"},"values":[["<nanoseconds>","<line>",{"<name>":"<text>"}]]}]}`.
 */
export class PushBodies {
  private readonly labels: Labels
  private readonly lines: Lines
  private readonly metadata: Metadata | undefined
  private readonly nanos = new NanosText(latest)

  constructor(labels: Labels, lines: Lines, metadata: Metadata | undefined) {
    this.labels = labels
    this.lines = lines
    this.metadata = metadata
  }

  /** A request as bytes. */
  encode(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const lines = this.lines.of(batch)
    const streams = new Map<string, Stream>()
    const places = new Map<RecordOrigin, Place>()
    for (let i = 0; i < batch.length; i++) {
      const record = batch[i]!
      let place = places.get(record.origin)
      if (place === undefined) {
        place = this.placeIn(streams, record.origin)
        places.set(record.origin, place)
      }
      const time = this.nanos.of(record)
      place.stream.add(time, this.entryOf(record, time, lines[i]!, place.shared))
    }
    return utf8.encode(`{"streams":[${Array.from(streams.values(), ({ json }) => json).join(",")}]}`)
  }

  private placeIn(streams: Map<string, Stream>, origin: RecordOrigin): Place {
    const placed = this.labels.placeOf(origin)
    const stream = streams.get(placed.stream) ?? new Stream(placed.stream)
    streams.set(placed.stream, stream)
    return { stream, shared: this.metadata?.sharedOf(origin, placed) }
  }

  private entryOf(record: LogRecord, time: string, line: string, shared: SharedMetadata | undefined): string {
    const entry = `["${time}",${JSON.stringify(line)}`
    const metadata = shared === undefined ? "" : metadataOf(record, shared)
    return metadata === "" ? `${entry}]` : `${entry},${metadata}]`
  }
}
