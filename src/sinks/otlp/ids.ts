/** Ids as W3C Trace Context has them (OTLP 1.11, `logs/v1/logs.proto`). */
const hex = /^[0-9a-f]+$/
const zeros = /^0+$/

/** A trace id as 32 lower-case hexadecimal digits, with zeros before one of 64 bits; nothing for what is none. */
export const traceIdOf = (text: string | undefined): string | undefined => {
  const id = idOf(text)
  return id?.length === 32 ? id : id?.length === 16 ? id.padStart(32, "0") : undefined
}

/** A span id as 16 lower-case hexadecimal digits; nothing for what is none. */
export const spanIdOf = (text: string | undefined): string | undefined => {
  const id = idOf(text)
  return id?.length === 16 ? id : undefined
}

const idOf = (text: string | undefined): string | undefined => {
  const id = text?.toLowerCase()
  return id !== undefined && hex.test(id) && !zeros.test(id) ? id : undefined
}
