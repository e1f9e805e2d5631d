/** Looks into values of JSON that nobody has checked. */

export const isObject = (u: unknown): u is Record<string, unknown> => typeof u === "object" && u !== null

/** The list of an object under a name; none where there is no such list. */
export const itemsOf = (u: unknown, name: string): ReadonlyArray<unknown> => {
  const found = isObject(u) ? u[name] : undefined
  return Array.isArray(found) ? found : []
}

/** Every value that is no object or list, with the names that lead to it, a dot between them. JSON in a text is read. */
export const leavesOf = (u: unknown): ReadonlyArray<readonly [path: string, value: unknown]> => {
  const leaves: Array<readonly [string, unknown]> = []
  collect(u, "", leaves)
  return leaves
}

const collect = (u: unknown, path: string, leaves: Array<readonly [string, unknown]>): void => {
  const read = typeof u === "string" && u.startsWith("{") ? parsed(u) : u
  if (isObject(read)) { for (const [name, value] of Object.entries(read)) collect(value, `${path}.${name}`, leaves) }
  else leaves.push([path, read])
}

const parsed = (text: string): unknown => JSON.parse(text)
