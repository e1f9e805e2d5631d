/// <reference types="node" />
import { Socket } from "node:net"
import { longestWaitMillis } from "./Patience.ts"
import { writeStandardError } from "./standardStream.ts"
import { isUncaughtHandled } from "./uncaught.ts"

/** A call to the system that is out, and may not return. */
export class HeldCall {
  /** How often it was found out, a while apart. An event loop that was busy does not know that a call has returned. */
  looks = 0
  /** Whether somebody waits for it. */
  awaited = true

  get hangs(): boolean {
    return this.looks >= 2
  }
}

/** The calls that are out now. */
const out = new Set<HeldCall>()

let looking = false

const lookLater = (): void => {
  looking = true
  setTimeout(() => {
    looking = false
    for (const call of out) call.looks++
    if (out.size > 0) lookLater()
    endWithoutThem()
  }, longestWaitMillis / 2).unref()
}

/** Ends a program that has nothing more to do than to wait for calls that nobody waits for. */
const endWithoutThem = (): void => {
  if (!waitsForThemOnly()) return
  process.emit("beforeExit", Number(process.exitCode ?? 0))
  // A listener may have begun something.
  if (waitsForThemOnly()) process.exit()
}

const waitsForThemOnly = (): boolean => {
  const abandoned = [...out].filter((call) => call.hangs && !call.awaited).length
  if (abandoned === 0) return false
  const { stderr, stdin, stdout } = process
  const unread = stdin.readableFlowing !== true && stdin.listenerCount("readable") === 0
  const standard = [stdout, stderr, ...(unread ? [stdin] : [])].filter((stream) =>
    stream instanceof Socket && !stream.destroyed
  )
  const active = process.getActiveResourcesInfo()
  const ours = active.filter((type) => type === "FSReqCallback").length
  // Pipes and terminals count as active although nothing is read from them.
  const idle = active.filter((type) => type === "PipeWrap" || type === "TTYWrap").length
  return ours === abandoned && idle <= standard.length && active.length === ours + idle
}

export const begin = (): HeldCall => {
  const call = new HeldCall()
  out.add(call)
  if (!looking) lookLater()
  return call
}

export const end = (call: HeldCall): void => {
  out.delete(call)
  unguard()
}

/**
 * Has the process end although a call hangs: Node joins the threads of its pool
 * when it ends, and would wait for ever. The last listener of the exit replaces
 * the process by one that only has its exit code, which the system does without
 * waiting for a thread it can kill. Where it may not, the process is killed.
 */
const onExit = (code: number): void => {
  if (![...out].some((call) => call.hangs) || process.execve === undefined || !isMainThread()) return
  const listeners = process.rawListeners("exit")
  try {
    for (const listener of listeners.slice(listeners.indexOf(onExit) + 1)) listener.call(process, code)
  } catch (error) {
    uncaught = { error }
  }
  // Node would say so after the listeners.
  if (uncaught !== undefined) writeStandardError(`Uncaught ${shown(uncaught.error)}\n\nNode.js ${process.version}\n`)
  try {
    process.execve(process.execPath, [process.execPath, "--eval", `process.exit(${process.exitCode ?? code})`], {})
  } catch {
    process.kill(process.pid, "SIGKILL")
  }
}

// What hardly any program needs is loaded then, and not at the start of every one.
const isMainThread = (): boolean => process.getBuiltinModule("node:worker_threads").isMainThread

const shown = (u: unknown): string => process.getBuiltinModule("node:util").inspect(u)

/** What ends the process. */
let uncaught: { readonly error: unknown } | undefined

const onUncaught = (error: unknown): void => {
  if (!isUncaughtHandled()) uncaught = { error }
}

let users = 0
let guarded = false

/** Guards the end of the process until the returned function is called and no call is out. */
export const guardExit = (): () => void => {
  users++
  if (!guarded) change("on")
  return () => {
    users--
    unguard()
  }
}

const unguard = (): void => {
  if (!guarded || users > 0 || out.size > 0) return
  change("off")
}

const change = (how: "on" | "off"): void => {
  guarded = how === "on"
  process[how]("exit", onExit)
  process[how]("uncaughtExceptionMonitor", onUncaught)
}
