/** How long the last synchronous writes of one lane may wait, all together. */
export const longestWaitMillis = 250

const cell = new Int32Array(new SharedArrayBuffer(4))

/** Has the thread wait for a millisecond, the event loop with it. */
export const pauseThread = (): void => {
  Atomics.wait(cell, 0, 0, 1)
}

/**
 * How long the thread may wait for one destination: `longestWaitMillis` in one
 * turn of the event loop, however many writes there are. A destination that used
 * it up is not waited for again before it has taken something.
 */
export class Patience {
  private remainingMillis = longestWaitMillis
  private renewed = true

  /** Waits a millisecond; `false` when the patience is used up. */
  wait(): boolean {
    if (this.remainingMillis <= 0) return false
    this.renewInNextTurn()
    const began = performance.now()
    pauseThread()
    this.remainingMillis -= performance.now() - began
    return true
  }

  /** The destination has taken a whole write. */
  answered(): void {
    if (this.remainingMillis <= 0 && this.renewed) this.remainingMillis = longestWaitMillis
  }

  // At the end of a process there is no next turn.
  private renewInNextTurn(): void {
    if (!this.renewed) return
    this.renewed = false
    setImmediate(() => {
      this.renewed = true
      if (this.remainingMillis > 0) this.remainingMillis = longestWaitMillis
    }).unref()
  }
}
