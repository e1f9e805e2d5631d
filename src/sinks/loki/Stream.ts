/** The entries of one stream in a request, which are sorted by their time. */
export class Stream {
  private readonly labels: string
  private readonly times: Array<string> = []
  private readonly entries: Array<string> = []
  private isSorted = true

  constructor(labels: string) {
    this.labels = labels
  }

  /** Adds an entry of a time in nanoseconds. */
  add(time: string, entry: string): void {
    const last = this.times.at(-1)
    if (last !== undefined && order(last, time) > 0) this.isSorted = false
    this.times.push(time)
    this.entries.push(entry)
  }

  get json(): string {
    return `{"stream":${this.labels},"values":[${this.sorted().join(",")}]}`
  }

  private sorted(): ReadonlyArray<string> {
    const { entries, times } = this
    if (this.isSorted) return entries
    const positions = [...times.keys()].toSorted((a, b) => order(times[a]!, times[b]!))
    return positions.map((position) => entries[position]!)
  }
}

/** Of whole numbers without a sign, as text. */
const order = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : Number(a > b))
