/**
 * Output objects: ordinary, fast objects whose prototype is empty, so that keys
 * like `__proto__` or `constructor` are data like any other.
 */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a function, not a class, lets its prototype be replaced
export const PlainObject = function() {} as unknown as new<A = unknown>() => Record<string, A>
PlainObject.prototype = Object.freeze(Object.create(null))

const noItems: ReadonlyArray<never> = []

/**
 * A new array, but not from a literal: the engine learns that arrays made by
 * such code live long, allocates them as old, and then every record that a dead
 * one held is kept until a full collection. Measured: a third of the throughput
 * of records that hold objects.
 */
export const newArray = <A>(): Array<A> => noItems.slice()

/** A name that an object has not yet: names that are cut may be the same. */
export const freeName = (out: object, name: string): string => {
  let free = name
  for (let count = 2; Object.hasOwn(out, free); count++) free = `${name} #${count}`
  return free
}

/** Stands for what could not be read. */
export const threw = "[threw]"

export const isObject = (u: unknown): u is Readonly<Record<string, unknown>> => typeof u === "object" && u !== null

export const isRecord = (u: unknown): u is Record<string, unknown> =>
  typeof u === "object" && u !== null && !Array.isArray(u)

/** What `JSON.parse` gave, with output objects in it. */
export const plain = (u: unknown): unknown => {
  if (Array.isArray(u)) return u.map(plain)
  return isRecord(u) ? plainFields(u) : u
}

const plainFields = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const out = new PlainObject()
  for (const key of Object.keys(fields)) out[key] = plain(fields[key])
  return out
}
