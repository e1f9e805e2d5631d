const cell = new Int32Array(new SharedArrayBuffer(4))

/** Has the thread wait for a millisecond, the event loop with it. */
export const pauseThread = (): void => {
  Atomics.wait(cell, 0, 0, 1)
}
