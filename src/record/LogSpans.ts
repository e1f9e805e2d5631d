/**
 * The log spans of a record, by their labels. Records of one fiber share them: how long
 * a span has been open differs by no more than their times do.
 */
export class LogSpans {
  readonly labels: ReadonlyArray<string>
  private readonly millis: ReadonlyArray<number>
  private readonly at: number

  /** How long spans had been open at some time; less than nothing where the clock was set back. */
  constructor(durations: Readonly<Record<string, number>>, at: number) {
    this.labels = Object.keys(durations)
    this.millis = this.labels.map((label) => durations[label]!)
    this.at = at
  }

  /** How long a span has been open at a time. */
  duration(index: number, time: number): number {
    return Math.max(0, this.millis[index]! + time - this.at)
  }

  durations(time: number): Record<string, number> {
    return Object.fromEntries(this.labels.map((label, i) => [label, this.duration(i, time)]))
  }
}
