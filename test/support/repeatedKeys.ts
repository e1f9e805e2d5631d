/** The keys that stand twice in one object of a JSON text, which `JSON.parse` would not tell. */
export const repeatedKeys = (json: string): ReadonlyArray<string> => {
  const repeated: Array<string> = []
  const open: Array<Set<string> | undefined> = []
  let last = ""
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === "{") open.push(new Set())
    else if (token === "[") open.push(undefined)
    else if (token === "}" || token === "]") open.pop()
    else if (token === ":") {
      const key: string = JSON.parse(last)
      const keys = open.at(-1)
      if (keys?.has(key) === true) repeated.push(key)
      keys?.add(key)
    }
    last = token
  }
  return repeated
}
