/** A field of a message in protobuf. */
export interface Field {
  readonly field: number
  /** Its number, or its bytes. */
  readonly value: bigint | Uint8Array
}

const varint = 0
const fixed64 = 1
const lengthDelimited = 2
const fixed32 = 5
const longestVarint = 10

/** The fields of a message, or nothing for bytes that are none. */
export const readFields = (bytes: Uint8Array): ReadonlyArray<Field> | undefined => {
  const fields: Array<Field> = []
  let at = 0

  const number = (): bigint | undefined => {
    let value = 0n
    for (let i = 0; i < longestVarint && at < bytes.length; i++) {
      const byte = bytes[at++]!
      value |= BigInt(byte & 127) << BigInt(7 * i)
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    return undefined
  }
  const some = (length: number): Uint8Array | undefined => {
    if (length > bytes.length - at) return undefined
    at += length
    return bytes.subarray(at - length, at)
  }
  const valueOf = (type: number): bigint | Uint8Array | undefined => {
    switch (type) {
      case varint:
        return number()
      case fixed64:
        return some(8)
      case fixed32:
        return some(4)
      case lengthDelimited: {
        const length = number()
        return length === undefined ? undefined : some(Number(length))
      }
    }
    return undefined
  }

  while (at < bytes.length) {
    const tag = Number(number() ?? 0n)
    const value = valueOf(tag % 8)
    if (tag < 8 || value === undefined) return undefined
    fields.push({ field: Math.floor(tag / 8), value })
  }
  return fields
}
