/// <reference types="node" />
import { constants } from "node:os"

/** A signal that asks the program to end. */
export interface EndSignal {
  readonly name: "SIGINT" | "SIGTERM"
  /** Whether nobody else listens, so that Node would have ended the program. */
  readonly alone: boolean
  /** Stops listening and sends the signal again. */
  readonly raise: () => void
  /** Ends the process at once, with the exit code of the signal. */
  readonly exit: () => void
}

const endSignals = ["SIGINT", "SIGTERM"] as const

/** Listens to signals until the returned function is called. */
export const onSignals = (handlers: {
  readonly onEnd: (signal: EndSignal) => void
  readonly onHangup: () => void
}): () => void => {
  const listener = (name: NodeJS.Signals): void => {
    if (name !== "SIGINT" && name !== "SIGTERM") return
    handlers.onEnd({
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
    for (const name of endSignals) process.off(name, listener)
    process.off("SIGHUP", handlers.onHangup)
  }
  for (const name of endSignals) process.on(name, listener)
  process.on("SIGHUP", handlers.onHangup)
  return remove
}

/** Listens to the end of the process until the returned function is called. */
export const onEnd = (handlers: {
  readonly onCrash: (error: unknown) => void
  readonly onExit: () => void
}): () => void => {
  // A program that handles uncaught errors itself lives on, and logs them as it likes.
  const onMonitor = (error: unknown): void => {
    if (process.listenerCount("uncaughtException") === 0) handlers.onCrash(error)
  }
  process.on("uncaughtExceptionMonitor", onMonitor)
  process.on("exit", handlers.onExit)
  return () => {
    process.off("uncaughtExceptionMonitor", onMonitor)
    process.off("exit", handlers.onExit)
  }
}
