/** Names of labels and of structured metadata (Loki, "Labels": those of Prometheus; two underscores in front are its own). */

/** Whether Loki takes a name as it is. */
export const isName = (text: string): boolean => /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(text)

const nameOf = (key: string): string => {
  const safe = key.replaceAll(/[^a-zA-Z0-9_]/g, "_").replace(/^_{2,}/, "_")
  return safe === "" || /^[0-9]/.test(safe) ? `_${safe}` : safe
}

/** Most keys whose names are kept: with data for keys there is no end of them. */
const mostKept = 1024

/** The names that Loki has for keys: what it does not take becomes `_`. */
export class Names {
  private readonly kept = new Map<string, string>()

  of(key: string): string {
    const known = this.kept.get(key)
    if (known !== undefined) return known
    const name = nameOf(key)
    if (this.kept.size < mostKept) this.kept.set(key, name)
    return name
  }
}

/** A name that is not taken yet. */
export const freeName = (taken: ReadonlySet<string>, name: string): string => {
  // Two underscores in front are Loki's own.
  const start = name === "_" ? name : `${name}_`
  let free = name
  for (let count = 2; taken.has(free); count++) free = start + count
  return free
}
