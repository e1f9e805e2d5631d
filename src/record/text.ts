const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder("utf-8", { ignoreBOM: true })

/** The longest prefix of `text` that fits `limit` UTF-8 bytes and ends at a code point. */
export const prefixWithin = (text: string, limit: number): string => {
  const buffer = new Uint8Array(limit)
  const { written } = utf8.encodeInto(text.length > limit ? text.slice(0, limit) : text, buffer)
  // Decoding gives a string of its own: a slice would keep the original alive.
  return fromUtf8.decode(buffer.subarray(0, written))
}

/** A text of which no more than `limit` UTF-8 bytes are kept; one that is cut says how long it was. */
export const shortened = (text: string, limit: number): string => {
  if (text.length * 3 <= limit) return text
  const prefix = prefixWithin(text, limit)
  return prefix.length === text.length
    ? text
    : `${prefix}…[truncated: ${text.length} ${plural(text.length, "character")}]`
}

/** A value as an error shows it. */
export const show = (u: unknown): string => typeof u === "string" ? JSON.stringify(u) : String(u)

/** A noun as it stands behind a count: `1 record`, `2 records`. */
export const plural = (count: number, one: string): string => count === 1 ? one : `${one}s`
