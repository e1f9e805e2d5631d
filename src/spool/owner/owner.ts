/// <reference types="node" />
import * as Effect from "effect/Effect"
import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import { hostname } from "node:os"
import { codeOf } from "../../node/codeOf.ts"
import { type Answer, askSigns, isLocal, showSign, type Sign } from "./signs.ts"

/** Who holds a directory. A process id alone says little: ids are used again, and every container has a process 1. */
export interface Owner {
  readonly token: string
  readonly pid: number
  readonly started: string
  readonly boot: string
  readonly namespace: string
  readonly host: string
  /** Where it shows a sign of life, empty when it shows none. */
  readonly sign: string
}

/** Whether an owner still runs. `unknown`: that cannot be seen from here. */
export type Life = "alive" | "dead" | "unknown"

/** Who opens a spool, and how it tells whether others still run. */
export interface Identity {
  readonly owner: () => Owner
  readonly show: (directory: string, token: string) => Sign
  readonly lifeOf: (owner: Owner, directory: string) => Life
  /** Whether somebody lives in a directory whose lock does not say who. */
  readonly isLivedIn: (directory: string) => boolean
}

/** The identity of this process, with a token of its own for every lock. */
export const thisOwner = (): Owner => ({
  token: randomUUID(),
  pid: process.pid,
  started: startOf(process.pid),
  boot: textOf("/proc/sys/kernel/random/boot_id"),
  namespace: linkOf("/proc/self/ns/pid"),
  host: hostname(),
  sign: ""
})

/** The identity of this process among those that own some directories now. */
export const identityIn = (directories: ReadonlyArray<string>): Effect.Effect<Identity> =>
  Effect.map(askSigns(directories), (answers): Identity => ({
    owner: thisOwner,
    show: showSign,
    lifeOf: (owner, directory) => lifeOf(owner, answers.of(directory, owner.token, owner.sign), isLocal(directory)),
    isLivedIn: answers.isLivedIn
  }))

/**
 * Whether an owner still runs.
 *
 * A sign that answers is proof, and so is one of this kernel that does not. Of
 * another kernel nobody is left when the file system can be that of one kernel
 * only. Without a sign a process can be looked for in its own PID namespace, and
 * in no other.
 */
export const lifeOf = (owner: Owner, answer: Answer, local: boolean): Life => {
  if (owner === nobody) return "dead"
  if (answer === "answers") return "alive"
  const here = thisOwner()
  if (owner.boot !== here.boot) return local && owner.boot !== "" && here.boot !== "" ? "dead" : "unknown"
  if (answer === "silent" && here.boot !== "") return "dead"
  const sameKernel = here.boot !== "" || owner.host === here.host
  const sameNamespace = owner.namespace === here.namespace && (here.namespace !== "" || process.platform !== "linux")
  return sameKernel && sameNamespace ? lifeOfProcess(owner) : "unknown"
}

/** Stands for an owner whose lock is gone or cannot be read. Unless somebody lives there, it died while it wrote it. */
export const nobody: Owner = { token: "unreadable", pid: 0, started: "", boot: "", namespace: "", host: "", sign: "" }

/** The owner as far as it is known, in words. */
export const ownerText = (owner: Owner): string =>
  owner === nobody ? "a process whose lock is lost" : `process ${owner.pid} on ${owner.host}`

export const parseOwner = (text: string): Owner | undefined => {
  try {
    const owner: unknown = JSON.parse(text)
    if (!isFields(owner)) return undefined
    const { boot, host, namespace, pid, sign = "", started, token } = owner
    return typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0 && typeof token === "string" &&
        /^[\w-]{1,64}$/.test(token) && typeof started === "string" && typeof boot === "string" &&
        typeof namespace === "string" && typeof host === "string" && typeof sign === "string"
      ? { token, pid, started, boot, namespace, host, sign }
      : undefined
  } catch {
    return undefined
  }
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const isFields = (u: unknown): u is Readonly<Record<string, unknown>> => typeof u === "object" && u !== null

/** Of a process of our own PID namespace. Every thread of it counts as alive. */
const lifeOfProcess = (owner: Owner): Life => {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if (codeOf(error) === "ESRCH") return "dead"
  }
  const started = startOf(owner.pid)
  return started === "" || owner.started === "" || started === owner.started ? "alive" : "dead"
}

const textOf = (path: string): string => {
  try {
    return fs.readFileSync(path, "utf8").trim()
  } catch {
    return ""
  }
}

const linkOf = (path: string): string => {
  try {
    return fs.readlinkSync(path)
  } catch {
    return ""
  }
}

/**
 * When a process started; empty when /proc is that of another PID namespace, or
 * when the process has another time namespace, whose clock says otherwise.
 */
const startOf = (pid: number): string => {
  if (linkOf("/proc/self") !== String(process.pid)) return ""
  const clock = linkOf(`/proc/${pid}/ns/time`)
  if (clock !== "" && clock !== linkOf("/proc/self/ns/time")) return ""
  // Field 22; the name before it may hold spaces and brackets.
  const stat = textOf(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""
}
