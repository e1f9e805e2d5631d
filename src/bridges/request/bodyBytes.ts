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

/** Counts what is given to a function of an object first. */
export const countCalls = (of: object, name: string, bytes: Bytes): void =>
  replace(of, name, (call, given, self) => {
    bytes.add(given[0], given[1])
    return Reflect.apply(call, self, given)
  })

/** Puts a function before that of an object; nothing where it has none. */
export const replace = (
  of: object,
  name: string,
  instead: (call: Call, given: ReadonlyArray<unknown>, self: unknown) => unknown
): void => {
  const call: unknown = Reflect.get(of, name)
  if (!isCall(call)) return
  Object.defineProperty(of, name, {
    value(this: unknown, ...given: ReadonlyArray<unknown>): unknown {
      return instead(call, given, this)
    },
    configurable: true,
    enumerable: false,
    writable: true
  })
}

const isCall = (value: unknown): value is Call => typeof value === "function"
