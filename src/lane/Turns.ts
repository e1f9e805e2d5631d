/** What the place of a turn goes on by, from row to row: no other number comes so far from every rhythm. */
const goldenRatio = (Math.sqrt(5) - 1) / 2
/** A share of 0.1 comes to a turn after ten, whatever ten of them come to in floating point. */
const tolerance = 1e-9

/**
 * Whose turn it is, where a share of all that come has one: exactly one in each row of
 * as many as the share comes to a turn after, spread evenly, and in no rhythm. Its place
 * is another in each row, so that of what comes in turns itself none is always taken and
 * none is never. Of a share above a half it is those without a turn that are spread so.
 */
export class Turns {
  private readonly isMost: boolean
  /** How much of a row one is. */
  private readonly part: number
  /** How far the row has come. */
  private passed = 0
  /** The place in the row that is chosen. */
  private place = 1

  constructor(share: number) {
    this.isMost = share > 1 / 2
    this.part = this.isMost ? 1 - share : share
  }

  /** Whether it is the turn of the next one. */
  get isNext(): boolean {
    return this.isChosen !== this.isMost
  }

  /** The next one comes; whether it is its turn. */
  pass(): boolean {
    const { isChosen } = this
    this.passed += this.part
    if (isChosen) {
      this.passed--
      this.place = (this.place + goldenRatio) % 1
    }
    return isChosen !== this.isMost
  }

  private get isChosen(): boolean {
    return this.passed + this.part > this.place - tolerance
  }
}
