/** The positions from one on, and before another. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A set of positions, as few spans as they make, in order. */
export class Spans {
  /** Changes with every position that is added. */
  revision = 0
  private readonly spans: Array<Span>

  constructor(spans: ReadonlyArray<Span> = []) {
    this.spans = [...spans]
  }

  get list(): ReadonlyArray<Span> {
    return this.spans
  }

  add(from: number, to: number): void {
    const first = this.reaching(from)
    let merged = { from, to }
    let next = first
    for (let span = this.spans[next]; span !== undefined && span.from <= to; span = this.spans[++next]) {
      merged = { from: Math.min(merged.from, span.from), to: Math.max(merged.to, span.to) }
    }
    this.spans.splice(first, next - first, merged)
    this.revision++
  }

  /** Forgets the spans that end before a position, or with the one in front of it. */
  forget(position: number): void {
    while (this.spans[0] !== undefined && this.spans[0].to <= position) this.spans.shift()
  }

  has(position: number): boolean {
    return this.openFrom(position) > position
  }

  /** The first position from this one on that is none of them. */
  openFrom(position: number): number {
    const span = this.spans[this.reaching(position)]
    return span !== undefined && span.from <= position ? span.to : position
  }

  /** How many positions from one on, and before another, are none of them. */
  open(from: number, to: number): number {
    let count = Math.max(0, to - from)
    for (let i = this.reaching(from); i < this.spans.length && this.spans[i]!.from < to; i++) {
      const span = this.spans[i]!
      count -= Math.max(0, Math.min(span.to, to) - Math.max(span.from, from))
    }
    return count
  }

  /** The first span that reaches a position, or ends in front of it. */
  private reaching(position: number): number {
    let low = 0
    let high = this.spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.spans[middle]!.to < position) low = middle + 1
      else high = middle
    }
    return low
  }
}
