/** Characters that could break a line or drive a terminal: C0, DEL, C1, line and paragraph separators. */
// oxlint-disable-next-line eslint/no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g
/** Those of them that JSON leaves raw. */
const unescaped = /[\u007f-\u009f\u2028\u2029]/g

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Makes control characters visible, as `\n` or `\u001b`. */
export const visible = (text: string): string =>
  text.replaceAll(control, (character) => short[character] ?? escape(character))

/** Escapes what `JSON.stringify` leaves raw although a reader may take it for a line break or a control code. */
export const escapeJson = (json: string): string => json.replaceAll(unescaped, escape)

const millis = Array.from({ length: 1000 }, (_, i) => `${String(i).padStart(3, "0")}Z`)

/** Formats times as ISO 8601 in UTC; consecutive times of one second share its text. */
export class Timestamps {
  private second = Number.NaN
  private prefix = ""

  format(time: number): string {
    const second = Math.floor(time / 1000)
    if (second !== this.second) {
      const iso = isoOf(second * 1000)
      if (iso === undefined) return "Invalid Date"
      this.second = second
      this.prefix = iso.slice(0, -4)
    }
    return this.prefix + millis[Math.floor(time - second * 1000)]
  }
}

const isoOf = (time: number): string | undefined => {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

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
  return prefix.length === text.length ? text : `${prefix}…[truncated: ${text.length} characters]`
}
