const mostRemembered = 1000

/** What has been said of some names, so that it is said once of each: of the first ones, as names of the program may be any number. */
export class SaidOnce {
  private readonly names = new Set<string>()

  /** Those that were not among the names before, each once. */
  fresh(names: Iterable<string>): ReadonlyArray<string> {
    const fresh: Array<string> = []
    for (const name of names) {
      if (this.names.size >= mostRemembered || this.names.has(name)) continue
      this.names.add(name)
      fresh.push(name)
    }
    return fresh
  }
}
