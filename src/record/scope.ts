/** Whether the name of a scope is one that is asked for, or with `http.*` is `http` or begins with `http.`. */
export const isInScope = (name: unknown, asked: string): boolean => {
  if (name === asked) return true
  if (typeof name !== "string" || !asked.endsWith(".*")) return false
  return name.startsWith(asked.slice(0, -1)) || name === asked.slice(0, -2)
}
