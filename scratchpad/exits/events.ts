/** What happens to a program right after its last line. */

const forever = (): Promise<void> =>
  new Promise(() => {
    setInterval(() => {}, 60_000)
  })

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

// A signal to oneself is there before `kill` returns, so nothing can be written in between.
const signalled = (signal: NodeJS.Signals, times = 1) => (): Promise<void> => {
  for (let i = 0; i < times; i++) process.kill(process.pid, signal)
  return forever()
}

const blockedMillis = 300

const block = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedMillis)
}

/** The rows of the matrix. */
export const events: Readonly<Record<string, () => Promise<void>>> = {
  "natural end": () => Promise.resolve(),
  "process.exit": () => process.exit(),
  "uncaught exception": () => {
    process.nextTick(() => {
      throw new Error("on purpose")
    })
    return forever()
  },
  "unhandled rejection": () => {
    void Promise.reject(new Error("on purpose"))
    return forever()
  },
  "SIGTERM": signalled("SIGTERM"),
  "SIGTERM twice": signalled("SIGTERM", 2),
  "SIGTERM three times": signalled("SIGTERM", 3),
  "SIGINT": signalled("SIGINT"),
  "SIGINT twice": signalled("SIGINT", 2),
  "SIGINT three times": signalled("SIGINT", 3),
  "SIGTERM while blocked": () => {
    process.kill(process.pid, "SIGTERM")
    block()
    return forever()
  },
  // A program that survives it goes on, and comes to its natural end.
  "SIGHUP": async () => {
    process.kill(process.pid, "SIGHUP")
    await turn()
    await turn()
  },
  "SIGKILL": signalled("SIGKILL")
}
