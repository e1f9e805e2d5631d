/// <reference types="node" />
import { constants } from "node:os"

export interface Signal {
  readonly name: "SIGINT" | "SIGTERM"
  /** Whether nobody else listens, so that Node would have ended the program. */
  readonly alone: boolean
  /** Stops listening and sends the signal again. */
  readonly raise: () => void
  /** Ends the process at once, with the exit code of the signal. */
  readonly exit: () => void
}

/** Listens to SIGINT and SIGTERM until the returned function is called. */
export const listen = (onSignal: (signal: Signal) => void): () => void => {
  const names = ["SIGINT", "SIGTERM"] as const
  const listener = (name: NodeJS.Signals): void => {
    if (name !== "SIGINT" && name !== "SIGTERM") return
    onSignal({
      name,
      alone: process.listenerCount(name) === 1,
      raise() {
        remove()
        process.kill(process.pid, name)
      },
      exit: () => process.exit(128 + constants.signals[name])
    })
  }
  const remove = (): void => {
    for (const name of names) process.off(name, listener)
  }
  for (const name of names) process.on(name, listener)
  return remove
}
