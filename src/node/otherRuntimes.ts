/// <reference types="node" />
import * as fs from "node:fs"

// What Bun and Deno do otherwise than Node, where records would be lost by it. `npm run runtimes` tries it.

export const isBun = process.versions["bun"] !== undefined
export const isDeno = process.versions["deno"] !== undefined

/** Whether a stream has the `write` of its own that Bun gives the standard streams. */
export const hasBunsWrite = (stream: { readonly write: { readonly name: string } }): boolean =>
  isBun && stream.write.name === "writeFast"

const { O_NONBLOCK, O_WRONLY } = fs.constants

/** Deno leaves a pipe blocking, so that a full one stops the program: another descriptor of the same pipe does not. */
export const reopened = (fd: number): number | undefined => {
  if (!isDeno) return undefined
  try {
    return fs.openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK)
  } catch {
    // A socket cannot be opened, and a program may have no permission to.
    return undefined
  }
}

/** Deno calls the listeners of a signal in the order in which they came, wherever they were put: the others come again. */
export const addOthersAgain = (name: NodeJS.Signals, first: NodeJS.SignalsListener): void => {
  if (!isDeno) return
  const raw = process.rawListeners(name)
  process.listeners(name).forEach((listener, i) => {
    if (listener === first) return
    process.off(name, listener)
    process[raw[i] === listener ? "on" : "once"](name, listener)
  })
}

/** Adds a listener to two ends of which Deno tells no listener of `exit`: an uncaught error, and `Deno.exit`; or removes it. */
export const changeDenoEnds = (how: "on" | "off", end: (event: Event) => void): void => {
  const scope: unknown = globalThis
  if (!isDeno || !(scope instanceof EventTarget)) return
  for (const name of ["error", "unload"]) scope[how === "on" ? "addEventListener" : "removeEventListener"](name, end)
}
