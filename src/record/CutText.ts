/**
 * A text of which the end is cut, until somebody asks for it: what says so is not ASCII,
 * and put together, all of the text would take twice the memory and be slow to write.
 */
export class CutText {
  readonly start: string
  readonly end: string

  constructor(start: string, end: string) {
    this.start = start
    this.end = end
  }

  toWellFormed(): string {
    return this.start.toWellFormed() + this.end
  }
}
