import type { Given } from "../contract/given.ts"
import { type Checks, wholeNumber } from "../options/check.ts"

/**
 * The bounds of one record. What is cut says so, and how much there was.
 *
 * @category options
 * @since 0.1.0
 */
export interface Limits {
  /**
   * Levels of objects and arrays below a message or an annotation.
   *
   * @default 8 levels
   */
  readonly depth: number
  /**
   * Keys of one object, items of one array, annotations of one record, reasons of one cause.
   *
   * @default 100 keys
   */
  readonly keys: number
  /**
   * Bytes of one text.
   *
   * @default 32 KiB
   */
  readonly fieldBytes: number
  /**
   * Bytes of one record in all.
   *
   * @default 256 KiB
   */
  readonly recordBytes: number
}

/** What each bound may be. */
export const limitChecks: Checks<Given<Limits>> = {
  depth: wholeNumber(0),
  keys: wholeNumber(0),
  fieldBytes: wholeNumber(0),
  recordBytes: wholeNumber(0)
}

export const defaultLimits: Limits = { depth: 8, keys: 100, fieldBytes: 32 * 1024, recordBytes: 256 * 1024 }

/** A text up to this length needs no more bytes than a field may have, whatever it holds. */
export const longestWhole = ({ fieldBytes }: Limits): number => Math.floor(fieldBytes / 3)

/** What every object and array is counted with, besides what it holds. */
export const objectBytes = 32

/** What a text is counted with. */
export const bytesOfText = (text: string): number => 16 + 2 * text.length

/** What a snapshotted field was counted with. */
export const bytesOfField = (key: string, value: unknown): number => 16 + key.length + bytesOf(value)

const bytesOf = (value: unknown): number => {
  if (typeof value === "string") return bytesOfText(value)
  if (typeof value !== "object") return 8
  if (value === null) return 0
  if (Array.isArray(value)) return value.reduce((bytes: number, item) => bytes + 8 + bytesOf(item), objectBytes)
  let bytes = objectBytes
  for (const [key, item] of Object.entries(value)) bytes += bytesOfField(key, item)
  return bytes
}
