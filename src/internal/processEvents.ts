/// <reference types="node" />
import { constants } from "node:os"

/** A signal that asks the program to end. */
export interface EndSignal {
  readonly name: "SIGINT" | "SIGTERM"
  /** Whether nobody but our runtimes listens, so that Node would have ended the program. */
  readonly alone: boolean
  /** Stops listening and, after the last of our runtimes, sends the signal again. */
  readonly raise: () => void
  /** Ends the process at once, with the exit code of the signal. */
  readonly exit: () => void
}

const endSignals = ["SIGINT", "SIGTERM"] as const

/** The listeners of all runtimes of the process. None of them makes another believe that the program ends itself. */
const ours = new Set<NodeJS.SignalsListener>()

const listensToo = (name: NodeJS.Signals, whose: "ours" | "theirs"): boolean =>
  process.listeners(name).some((listener) => ours.has(listener) === (whose === "ours"))

/** Listens to signals until the returned function is called. */
export const onSignals = (handlers: {
  readonly onEnd: (signal: EndSignal) => void
  readonly onHangup: () => void
}): () => void => {
  const listener = (name: NodeJS.Signals): void => {
    if (name !== "SIGINT" && name !== "SIGTERM") return
    handlers.onEnd({
      name,
      alone: !listensToo(name, "theirs"),
      raise() {
        remove()
        // The last runtime to end raises it, or it would hurry the others.
        if (!listensToo(name, "ours")) process.kill(process.pid, name)
      },
      exit: () => process.exit(128 + constants.signals[name])
    })
  }
  const remove = (): void => {
    for (const name of endSignals) process.off(name, listener)
    process.off("SIGHUP", handlers.onHangup)
    ours.delete(listener)
  }
  ours.add(listener)
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
    const handled = process.listenerCount("uncaughtException") > 0 || process.hasUncaughtExceptionCaptureCallback()
    if (!handled) handlers.onCrash(error)
  }
  process.on("uncaughtExceptionMonitor", onMonitor)
  process.on("exit", handlers.onExit)
  return () => {
    process.off("uncaughtExceptionMonitor", onMonitor)
    process.off("exit", handlers.onExit)
  }
}
