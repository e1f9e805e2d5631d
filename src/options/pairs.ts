/** How pairs are written that {@link pairsIn} reads. */
export const expectedPairs = "name=value pairs with commas between them, percent-encoded"

/** The pairs in a text (W3C Baggage without properties). One that is none makes all of them void. */
export const pairsIn = (text: string, nameOf = decodeURIComponent): Readonly<Record<string, string>> | undefined => {
  const out: Record<string, string> = {}
  try {
    for (const pair of text.split(",")) {
      if (pair.trim() === "") continue
      const equals = pair.indexOf("=")
      const name = nameOf(pair.slice(0, Math.max(0, equals)).trim())
      if (name === "") return undefined
      out[name] = decodeURIComponent(pair.slice(equals + 1).trim())
    }
    return out
  } catch {
    return undefined
  }
}
