/// <reference types="node" />
import { constants } from "node:os"
import { hasTerminal } from "./hasTerminal.ts"
import * as OtherRuntimes from "./otherRuntimes.ts"
import { outside } from "./outside.ts"
import { isUncaughtHandled } from "./uncaught.ts"

/** What the edges of the process mean to one runtime. */
export interface Handlers {
  readonly onSignal: (signal: EndSignal) => void
  /** Somebody may have moved the files. */
  readonly onReopen: () => void
  /** Heard by those that ask for it: without one of them the signal ends the process. */
  readonly onUser2?: (() => void) | undefined
  readonly onCrash: (error: unknown) => void
  readonly onExit: () => void
}

/** A signal that asks the program to end. */
export interface EndSignal {
  readonly name: EndSignalName
  /** Whether nobody but our runtimes listens, so that Node would have ended the program. */
  readonly alone: boolean
  /** Ends the process with the signal, unless another runtime that was told of it has not ended yet. */
  readonly raise: () => void
  /** Ends the process at once, with the exit code of the signal. */
  readonly exit: () => void
}

export type EndSignalName = "SIGINT" | "SIGTERM" | "SIGHUP"

/**
 * The runtimes that listen. The process has one listener for each event as long
 * as there is one of them, however many there are, and none of them makes another
 * believe that the program ends itself.
 */
const runtimes = new Set<Handlers>()

/** Whether SIGHUP says that the terminal was closed; a program without one is asked for new files. */
let hangupEnds = false

/** Listens for a runtime until the returned function is called. */
export const listen = (handlers: Handlers): () => void => {
  if (runtimes.size === 0) {
    hangupEnds = hasTerminal()
    outside(() => change("on"))
  }
  runtimes.add(handlers)
  hearUser2()
  return () => {
    if (runtimes.delete(handlers) && runtimes.size === 0) change("off")
    hearUser2()
  }
}

/** Deno takes a moment to let go of a signal. */
const mostRaises = 5
const betweenRaisesMillis = 10

const raiseNow = (name: EndSignalName, left: number, exit: () => never): void => {
  process.kill(process.pid, name)
  if (process.listenerCount(name) > 0) return
  // The first process of a container outlives its own signals.
  if (left === 0) exit()
  setTimeout(raiseNow, betweenRaisesMillis, name, left - 1, exit)
}

const onEndSignal = (name: EndSignalName): void => {
  const alone = process.listeners(name).every((listener) => listener === onSignal)
  const told = [...runtimes]
  if (name === "SIGHUP" && !(hangupEnds && alone)) {
    for (const { onReopen } of told) onReopen()
    return
  }
  const exit = (): never => process.exit(128 + constants.signals[name])
  const raise = (): void => {
    // The last one raises it, or it would hurry the others.
    if (told.some((handlers) => runtimes.has(handlers))) return
    raiseNow(name, mostRaises, exit)
  }
  for (const handlers of told) handlers.onSignal({ name, alone, raise, exit })
}

/** A key is not pressed twice in this time, but under `npm` one Ctrl-C comes twice: from the terminal and from `npm`. */
const samePressMillis = 100
let pressedAt = Number.NEGATIVE_INFINITY

const onSignal = (name: NodeJS.Signals): void => {
  if (name === "SIGINT") {
    const now = performance.now()
    if (now - pressedAt < samePressMillis) return
    pressedAt = now
  }
  if (name === "SIGINT" || name === "SIGTERM" || name === "SIGHUP") onEndSignal(name)
}

// A program that handles uncaught errors itself lives on, and logs them as it likes.
const onMonitor = (error: unknown, origin: NodeJS.UncaughtExceptionOrigin): void => {
  if (isUncaughtHandled()) return
  for (const { onCrash } of runtimes) onCrash(error)
  if (OtherRuntimes.isDeno && origin === "unhandledRejection") onExit()
}

const onUser2 = (): void => {
  for (const { onUser2 } of runtimes) onUser2?.()
}

/** The process listens to the signal while one of the runtimes asks for it. */
const hearUser2 = (): void => {
  const isAsked = [...runtimes].some(({ onUser2 }) => onUser2 !== undefined)
  const hears = process.listeners("SIGUSR2").includes(onUser2)
  if (isAsked && !hears) outside(() => process.on("SIGUSR2", onUser2))
  else if (!isAsked && hears) process.off("SIGUSR2", onUser2)
}

const onExit = (): void => {
  for (const { onExit } of runtimes) onExit()
}

const onDenoEnd = (event: Event): void => {
  if (!event.defaultPrevented) onExit()
}

const change = (how: "on" | "off"): void => {
  // Before the listeners of the program: the shutdown that one of them begins is not hurried by the signal it began with.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process[how === "on" ? "prependListener" : "off"](name, onSignal)
    if (how === "on") OtherRuntimes.addOthersAgain(name, onSignal)
  }
  process[how]("uncaughtExceptionMonitor", onMonitor)
  process[how]("exit", onExit)
  OtherRuntimes.changeDenoEnds(how, onDenoEnd)
}
