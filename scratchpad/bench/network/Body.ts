/** The body of a request, as it came. */
import { gunzipSync, zstdDecompressSync } from "node:zlib"
import { annotations } from "../workload.ts"

const marker = Buffer.from(annotations.requestId)

export class Body {
  readonly contentType: string
  /** As it was on the wire. */
  readonly sent: Buffer
  private readonly encoding: string
  private read: Buffer | undefined
  private counted: number | undefined

  constructor(sent: Buffer, contentType: string, encoding: string) {
    this.sent = sent
    this.contentType = contentType
    this.encoding = encoding
  }

  get content(): Buffer {
    this.read ??= decompressed(this.sent, this.encoding)
    return this.read
  }

  /** How many events are in it, by an annotation that each has once. Nothing is decoded for it. */
  get events(): number {
    this.counted ??= occurrences(this.content)
    return this.counted
  }
}

const decompressed = (sent: Buffer, encoding: string): Buffer => {
  if (encoding === "gzip") return gunzipSync(sent)
  return encoding === "zstd" ? zstdDecompressSync(sent) : sent
}

const occurrences = (content: Buffer): number => {
  let count = 0
  for (let at = content.indexOf(marker); at >= 0; at = content.indexOf(marker, at + marker.length)) count++
  return count
}
