import { isObject } from "../record/plainData.ts"
import { isTypeId } from "./KnownKeys.ts"

/** What all instances with one prototype are. */
export interface Prototype {
  /** Effect's type ids, those of the prototype itself first. */
  readonly typeIds: ReadonlyArray<string>
  readonly isMachinery: boolean
}

/**
 * Machinery (what a program runs on, and not what it is about: sockets, streams,
 * requests, timers, handles) has all methods of one line. It is no list of
 * classes: each library, and each release of Node, has more of them.
 */
const machinery = [
  ["on", "emit"],
  ["addEventListener", "dispatchEvent"],
  ["ref", "unref"],
  ["getAsyncId"],
  ["require", "_compile"]
]
const none: Prototype = { typeIds: [], isMachinery: false }
const known = new WeakMap<object, Prototype>()

export const prototypeOf = (u: object): Prototype => {
  const prototype: unknown = Object.getPrototypeOf(u)
  return isObject(prototype) ? known.get(prototype) ?? learn(prototype) : none
}

const learn = (prototype: object): Prototype => {
  const learnt: Prototype = {
    typeIds: typeIdsOf(prototype),
    isMachinery: machinery.some((methods) => methods.every((method) => hasMethod(prototype, method)))
  }
  known.set(prototype, learnt)
  return learnt
}

const typeIdsOf = (prototype: object): ReadonlyArray<string> => {
  const own = Object.getOwnPropertyNames(prototype).filter(isTypeId)
  const { typeIds } = prototypeOf(prototype)
  return own.length === 0 ? typeIds : [...own, ...typeIds]
}

const hasMethod = (prototype: object, name: string): boolean => {
  try {
    return typeof Reflect.get(prototype, name) === "function"
  } catch {
    return false
  }
}
