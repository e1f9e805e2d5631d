const names = new Set(["name", "outcome", "duration_ms", "inner", "omitted", "log", "log_omitted"])

const prefix = "event."

/** Whether a field has a name that only an event itself may use, whether or not this one has something to say there. */
export const isOwnName = (name: string): boolean => {
  if (!name.startsWith(prefix)) return false
  const rest = name.slice(prefix.length)
  return names.has(rest) || rest.startsWith("lines.")
}
