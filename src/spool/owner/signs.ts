/// <reference types="node" />
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as net from "node:net"
import { basename, dirname, join } from "node:path"
import { codeOf } from "../../node/codeOf.ts"
import { attempt, fileMode } from "../disk/files.ts"
import { isSignName, signName, unnamedSignName } from "../log/directories.ts"

/**
 * A sign of life in a directory: a socket that the kernel closes with its owner,
 * however that ends. It is found by its file, so processes of other namespaces
 * that have the directory see it too.
 */
export interface Sign {
  /** The file system it is on, empty when there is no sign. */
  readonly place: string
  readonly hide: () => void
}

/**
 * What whoever asks for a sign learns.
 *
 * `answers`: its owner lives. `silent`: its owner is gone, if it was of this
 * kernel. `unseen`: nothing.
 */
export type Answer = "answers" | "silent" | "unseen"

export const noSign: Sign = { place: "", hide: () => {} }

/** How many may ask before they are noticed: one more is told that somebody is there all the same. */
const backlog = 8

/** Shows a sign from now on, and at once; none where there are no such sockets. */
export const showSign = (directory: string, token: string): Sign => {
  const server = net.createServer().on("error", () => {}).unref()
  // Whoever connects has its answer already.
  server.maxConnections = 0
  const unnamed = unnamedSignName(token)
  let place = ""
  const shown = attempt(() => {
    place = placeOf(directory)
    within(directory, (inside) => {
      // A socket that is bound and does not listen yet refuses like that of a dead owner: it gets its name last.
      // Exclusive: the primary process of a cluster would go on answering for a dead worker.
      server.listen({ path: join(inside, unnamed), backlog, exclusive: true })
      fs.chmodSync(join(inside, unnamed), fileMode)
      fs.renameSync(join(inside, unnamed), join(inside, signName(token)))
    })
  })
  if (!shown) {
    server.close()
    attempt(() => fs.unlinkSync(join(directory, unnamed)))
    return noSign
  }
  const hide = (): void => {
    server.close()
    attempt(() => fs.unlinkSync(join(directory, signName(token))))
  }
  return { place, hide }
}

/** What was answered, by whom, in some directories. */
export interface Answers {
  readonly of: (directory: string, token: string, place: string) => Answer
  /** Whether there was an answer from anybody. */
  readonly isLivedIn: (directory: string) => boolean
}

/** Asks for every sign in some directories. One that is shown later answers. */
export const askSigns = (directories: ReadonlyArray<string>): Effect.Effect<Answers> =>
  Effect.gen(function*() {
    const signs = directories.flatMap((directory) =>
      namesIn(directory).filter(isSignName).map((name) => join(directory, name))
    )
    const answers = new Map(
      yield* Effect.forEach(signs, (path) => Effect.map(ask(path), (answer) => [path, answer] as const), {
        concurrency: 16
      })
    )
    return {
      of(directory, token, place) {
        if (place === "") return "unseen"
        const path = join(directory, signName(token))
        const answer = answers.get(path) ?? (isSocket(path) ? "answers" : "unseen")
        return answer === "silent" && !isSeenFrom(directory, place) ? "unseen" : answer
      },
      isLivedIn: (directory) =>
        [...answers].some(([path, answer]) => answer === "answers" && dirname(path) === directory)
    }
  })

/** Whether only one kernel at a time, and all its processes alike, can have the file system of a directory. */
export const isLocal = (directory: string): boolean => {
  try {
    return localTypes.has(typeOf(directory))
  } catch {
    return false
  }
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const patienceMillis = 1000

/** The system answers for an owner, so it takes no time; whoever does not answer is there. */
const ask = (path: string): Effect.Effect<Answer> =>
  Effect.callback<Answer>((resume) => {
    const end = (answer: Answer): void => {
      socket.destroy()
      resume(Effect.succeed(answer))
    }
    const socket = new net.Socket()
      .on("connect", () => end("answers"))
      .on("error", (error) => end(answerOf(codeOf(error))))
      .setTimeout(patienceMillis, () => end("answers"))
    const asked = isSocket(path) && attempt(() =>
      within(dirname(path), (inside) => {
        socket.connect(join(inside, basename(path)))
      })
    )
    if (!asked) end("unseen")
    return Effect.sync(() => socket.destroy())
  })

const answerOf = (code: string | undefined): Answer => {
  if (code === "EAGAIN") return "answers"
  return code === "ECONNREFUSED" ? "silent" : "unseen"
}

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = fs.constants

/** A name for a directory that is short, whatever its path: that of a socket has 107 bytes at most. */
const within = (directory: string, use: (inside: string) => void): void => {
  const fd = fs.openSync(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  try {
    use(`/proc/self/fd/${fd}`)
  } finally {
    fs.closeSync(fd)
  }
}

const namesIn = (directory: string): ReadonlyArray<string> => {
  try {
    return fs.readdirSync(directory)
  } catch {
    return []
  }
}

const isSocket = (path: string): boolean => {
  try {
    return fs.lstatSync(path).isSocket()
  } catch {
    return false
  }
}

const typeOf = (directory: string): number => fs.statfsSync(directory).type >>> 0

const placeOf = (directory: string): string => `${typeOf(directory)}:${fs.lstatSync(directory).dev}`

/**
 * Whether silence says something. One directory can be reached through several
 * file systems (an overlay and what it is made of, say), and a socket is found
 * in the one it was made in. A local one has a new number when it is mounted anew.
 */
const isSeenFrom = (directory: string, place: string): boolean => {
  try {
    return placeOf(directory) === place || (isLocal(directory) && place.startsWith(`${typeOf(directory)}:`))
  } catch {
    return false
  }
}

/** See statfs(2). What is not known to be local may be that of another machine. */
const localTypes: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x5846_5342, // xfs
  0x9123_683e, // btrfs
  0x2fc1_2fc1, // zfs
  0xca45_1a4e, // bcachefs
  0xf2f5_2010, // f2fs
  0x0102_1994, // tmpfs
  0x8584_58f6, // ramfs
  0x794c_7630 // overlay
])
