import { byteLength } from "../../node/byteLength.ts"

/**
 * Counts the bytes of a body as they pass, by putting functions of the object's own before
 * those it has: what the program or the framework has put there before is called as it was.
 */

type Call = (...given: ReadonlyArray<unknown>) => unknown

/** A number that is added to while a body passes. */
export class Bytes {
  count = 0

  add(chunk: unknown, encoding: unknown): void {
    if (typeof chunk === "string") this.count += byteLength(chunk, encoding)
    else if (ArrayBuffer.isView(chunk)) this.count += chunk.byteLength
  }
}

/** Counts what is given to functions of an object first, once where one calls another: `end` of HTTP/2 writes. */
export const countCalls = (of: object, names: ReadonlyArray<string>, bytes: Bytes): void => {
  let isCounted = false
  for (const name of names) {
    replace(of, name, (call, given, self) => {
      if (isCounted) return Reflect.apply(call, self, given)
      bytes.add(given[0], given[1])
      isCounted = true
      try {
        return Reflect.apply(call, self, given)
      } finally {
        isCounted = false
      }
    })
  }
}

/**
 * Puts a function before that of an object; nothing where it has none. Gives what takes it away again, save where
 * somebody else has put one before it since.
 */
export const replace = (
  of: object,
  name: string,
  instead: (call: Call, given: ReadonlyArray<unknown>, self: unknown) => unknown
): () => void => {
  const call: unknown = Reflect.get(of, name)
  if (!isCall(call)) return () => {}
  const before = Object.getOwnPropertyDescriptor(of, name)
  const value = function(this: unknown, ...given: ReadonlyArray<unknown>): unknown {
    return instead(call, given, this)
  }
  Object.defineProperty(of, name, { value, configurable: true, enumerable: false, writable: true })
  return () => {
    if (Object.getOwnPropertyDescriptor(of, name)?.value !== value) return
    if (before === undefined) Reflect.deleteProperty(of, name)
    else Object.defineProperty(of, name, before)
  }
}

const isCall = (value: unknown): value is Call => typeof value === "function"
