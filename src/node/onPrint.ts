/// <reference types="node" />

const methods = ["debug", "error", "info", "log", "trace", "warn"] as const

/**
 * Tells what is printed through the console, or to stdout and stderr straight, until the
 * function that it gives is called. It is printed all the same.
 */
export const onPrint = (heard: (text: string) => void): () => void => {
  const tell = (parts: ReadonlyArray<unknown>): void => heard(parts.map(textOf).join(" "))
  const ends = [
    ...methods.map((method) => listen(console, method, tell)),
    ...[process.stdout, process.stderr].map((stream) => listen(stream, "write", ([chunk]) => tell([chunk])))
  ]
  return () => {
    for (const end of ends) end()
  }
}

const textOf = (value: unknown): string => value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value)

/** Stands before a method, until the function that it gives is called. */
const listen = (target: object, key: string, heard: (given: ReadonlyArray<unknown>) => void): () => void => {
  const own = Object.getOwnPropertyDescriptor(target, key)
  const method: unknown = Reflect.get(target, key)
  if (typeof method !== "function") return () => {}
  const standIn = (...given: ReadonlyArray<unknown>): unknown => {
    heard(given)
    return Reflect.apply(method, target, given)
  }
  Object.defineProperty(target, key, { value: standIn, configurable: true, writable: true, enumerable: true })
  return () => {
    // Somebody else may have come since.
    if (Reflect.get(target, key) !== standIn) return
    if (own === undefined) Reflect.deleteProperty(target, key)
    else Object.defineProperty(target, key, own)
  }
}
