import { metadataBytes, metadataEntries } from "./limits.ts"
import { freeName } from "./names.ts"

/** What annotations are moved behind that have the name of something else. */
const moved = "annotations_"

/** The entry that says how many others are left out. */
const leftOut = "annotations_left_out"

/** Most bytes of a number. */
export const numberBytes = 24

/** Entries of structured metadata as JSON, each with a comma before it: as many as Loki takes. */
export class Entries {
  private json = ""
  private left = 0
  private readonly taken: Set<string>
  private room = metadataEntries - 1
  private bytes = metadataBytes - leftOut.length - numberBytes

  constructor(taken: ReadonlySet<string>) {
    this.taken = new Set(taken).add(leftOut)
  }

  /** Keeps room for an entry whose value differs from record to record. Its name, if there is room. */
  reserve(name: string, bytes: number): string | undefined {
    const free = freeName(this.taken, name)
    return this.take(free, bytes) ? free : undefined
  }

  add(name: string, value: string): void {
    const free = freeName(this.taken, name)
    if (this.take(free, Buffer.byteLength(value))) this.json += `,"${free}":${JSON.stringify(value)}`
  }

  /** Adds one whose name is not ours, and may be that of another. */
  addAnnotation(name: string, value: string): void {
    this.add(this.taken.has(name) ? moved + name : name, value)
  }

  end(): string {
    return this.left === 0 ? this.json : `${this.json},"${leftOut}":"${this.left}"`
  }

  private take(name: string, valueBytes: number): boolean {
    const bytes = name.length + valueBytes
    if (this.room === 0 || bytes > this.bytes) {
      this.left++
      return false
    }
    this.taken.add(name)
    this.room--
    this.bytes -= bytes
    return true
  }
}
