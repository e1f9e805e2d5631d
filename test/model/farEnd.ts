import type { End, Event } from "./events.ts"
import { demand } from "./state.ts"

/** The other side of a sink: what has arrived there, whatever the lane has heard of it. A record that comes again is not stored again. */
export class FarEnd {
  private readonly stored = new Map<number, number>()
  private readonly writes = new Map<number, { readonly seqs: ReadonlyArray<number>; readonly kept: Set<number> }>()

  /** Records that came again after they were there. */
  get duplicates(): number {
    let duplicates = 0
    for (const times of this.stored.values()) duplicates += times - 1
    return duplicates
  }

  hear(event: Event): void {
    switch (event._tag) {
      case "Begun":
        return this.writes.clear()
      case "WriteBegun":
        this.writes.set(event.id, { seqs: event.seqs, kept: new Set() })
        return
      case "Confirmed":
        return this.keep(event.id, event.positions)
      case "WriteEnded":
        return this.ended(event.id, event.end)
      case "Rescued":
        this.writes.set(event.id, { seqs: event.seqs, kept: new Set() })
        return this.ended(event.id, event.end)
      case "Copied": {
        const there = event.seqs.filter((seq) => this.stored.has(seq)).length
        const counted = event.seqs.length - event.refused
        return demand(there >= counted, () => `${counted} records count as delivered, and ${there} are at the far end`)
      }
      default:
        return
    }
  }

  /** What counts as delivered is there. */
  demandAll(seqs: ReadonlyArray<number>): void {
    for (const seq of seqs) demand(this.stored.has(seq), () => `${seq} counts as delivered, and is not at the far end`)
  }

  private ended(id: number, end: End): void {
    const write = this.writes.get(id)
    if (write === undefined) return
    const open = [...write.seqs.keys()].filter((position) => !write.kept.has(position))
    this.keep(id, keptOf(end, open, id))
  }

  private keep(id: number, positions: ReadonlyArray<number>): void {
    const write = this.writes.get(id)
    for (const position of positions) {
      const seq = write?.seqs[position]
      if (write === undefined || seq === undefined || write.kept.has(position)) continue
      write.kept.add(position)
      this.stored.set(seq, (this.stored.get(seq) ?? 0) + 1)
    }
  }
}

/** Which positions of a write are stored: of those whose answer is lost, every second write. */
const keptOf = (end: End, open: ReadonlyArray<number>, id: number): ReadonlyArray<number> => {
  const arrives = id % 2 === 0
  switch (end._tag) {
    case "Ok":
      return open
    case "Unavailable":
      return end.ambiguous && arrives ? open : open.filter((position) => position < end.stored)
    case "Counted": {
      const refused = Number.isNaN(end.count) ? open.length : Math.min(end.count, open.length)
      return arrives ? open.slice(refused) : open.slice(0, open.length - refused)
    }
    case "PerRecord":
      return open.filter((position) =>
        !end.refused.includes(position) && (!end.again.includes(position) || (end.ambiguous && arrives))
      )
    default:
      return []
  }
}
