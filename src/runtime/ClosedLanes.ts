import { ClosedLane } from "../lane/ClosedLane.ts"
import { sumOfBooks } from "./sums.ts"

/** So many are known by their names. */
const mostNamed = 100

/** The lanes that were detached: the last ones by their names, and all before them as one, so that a program may attach and detach for years. */
export class ClosedLanes {
  private named: ReadonlyArray<ClosedLane> = []
  private earlier: ClosedLane | undefined = undefined

  get all(): ReadonlyArray<ClosedLane> {
    return this.earlier === undefined ? this.named : [this.earlier, ...this.named]
  }

  ofName(name: string): ClosedLane | undefined {
    return this.named.find((lane) => lane.name === name)
  }

  /** Adds one that has ended. Gives the one that has no entry of its own any more for it, and the entry that has its books. */
  add(lane: ClosedLane, nameOfSum: () => string): { readonly lane: ClosedLane; readonly into: string } | undefined {
    this.named = [...this.named, lane]
    const [oldest] = this.named
    if (oldest === undefined || this.named.length <= mostNamed) return undefined
    this.named = this.named.slice(1)
    this.earlier = summed(this.earlier?.name ?? nameOfSum(), this.earlier, oldest)
    return { lane: oldest, into: this.earlier.name }
  }
}

const summed = (name: string, earlier: ClosedLane | undefined, lane: ClosedLane): ClosedLane => {
  const books = earlier === undefined ? lane.books() : sumOfBooks(earlier.books(), lane.books())
  return new ClosedLane({
    name,
    inlet: { counters: { books: () => books } },
    stats: () => ({
      ...books,
      status: "closed",
      queuedBytes: 0,
      capacity: 0,
      breakerOpen: false,
      lastError: undefined
    })
  })
}
