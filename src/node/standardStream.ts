/// <reference types="node" />
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import { Socket } from "node:net"
import type { Writable } from "node:stream"
import { Descriptor } from "./Descriptor.ts"
import { isBun, reopened } from "./otherRuntimes.ts"
import { isNodes, writeThrough } from "./streamWrite.ts"
import { ShortWrite } from "./writeAllSync.ts"

export type Name = "stdout" | "stderr"

/** A write that failed, and how many bytes had gone before. */
export interface Failure {
  readonly written: number
  readonly code: string | undefined
  readonly cause?: unknown
}

const fds: Readonly<Record<Name, number>> = { stdout: 1, stderr: 2 }

/**
 * Writes to stdout or stderr, and ends when the bytes have left the process.
 * Effect's `Stdio` cannot tell: its write succeeds once Node has buffered the
 * bytes, so what a closed pipe refuses would count as delivered.
 *
 * A stream that a program has put in the place of Node's, or whose `write` it has
 * replaced, gets the text instead. Interrupted, a write is left where it is.
 */
export const write = (name: Name, bytes: Uint8Array, from: number): Effect.Effect<void, Failure> =>
  Effect.callback<void, Failure>((resume) => {
    const stream: Writable = process[name]
    const answer = (written: number, error: NodeJS.ErrnoException | undefined): void =>
      resume(error === undefined ? Effect.void : Effect.fail({ written, code: error.code, cause: error }))
    const place = placeOf(name, stream)
    if (place?.direct === true) return Effect.sync(place.descriptor.write(bytes, from, answer))
    return writeThrough(stream, copyFor(stream, bytes), (error) => answer(0, error))
  })

/** Writes to stdout or stderr before it returns; throws a {@link Failure}. */
export const writeSync = (name: Name, bytes: Uint8Array, patienceMillis?: number): void => {
  const stream: Writable = process[name]
  const place = placeOf(name, stream)
  try {
    if (place !== undefined) return place.descriptor.writeSync(bytes, patienceMillis)
  } catch (error) {
    throw error instanceof ShortWrite ? error : new ShortWrite(0, error)
  }
  let failure: Error | undefined
  writeThrough(stream, copyFor(stream, bytes), (error) => {
    failure = error
  })
  if (failure !== undefined) throw new ShortWrite(0, failure)
}

const utf8 = new TextEncoder()

/**
 * Writes a line to stderr at once. A stream would queue it and lose it with the
 * process; a stderr that takes nothing is left alone.
 */
export const writeStandardError = (line: string): void => {
  try {
    writeSync("stderr", utf8.encode(line), 0)
  } catch {
    // A full or closed stderr must not harm the program.
  }
}

export const isTTY = (name: Name): boolean => process[name].isTTY

/** Node writes a stream's bytes later, from our memory, which is used again; a function of the program may keep them. */
const copyFor = (stream: Writable, bytes: Uint8Array): Uint8Array | string =>
  isNodes(stream) ? bytes.slice() : new TextDecoder().decode(bytes)

/** A descriptor, and whether it is written without its stream when there is time. */
interface Place {
  readonly descriptor: Descriptor
  readonly direct: boolean
}

const places = new WeakMap<Writable, Place>()

/** The descriptor of a stream that is Node's own for it, and as Node made it. */
const placeOf = (name: Name, stream: Writable): Place | undefined => {
  if (!isNodes(stream) || !("fd" in stream) || stream.fd !== fds[name]) return undefined
  const known = places.get(stream)
  if (known !== undefined) return known
  const place = makePlace(fds[name], stream)
  places.set(stream, place)
  return place
}

/** What is not `direct` is written by Node: a terminal, and what does not say when it is full. */
const makePlace = (fd: number, stream: Writable): Place => {
  const byNode = { descriptor: new Descriptor(fd, stream, false), direct: false }
  try {
    const stat = fs.fstatSync(fd)
    if (stat.isFIFO() || stat.isSocket()) {
      const ready = nonBlocking(fd, stream)
      return ready === undefined ? byNode : { descriptor: new Descriptor(ready, stream, true), direct: true }
    }
    return "isTTY" in stream && stream.isTTY === true ? byNode : { ...byNode, direct: true }
  } catch {
    return byNode
  }
}

/** A descriptor of a pipe that says when it is full. */
const nonBlocking = (fd: number, stream: Writable): number | undefined => {
  if (process.platform === "win32") return undefined
  return stream instanceof Socket || isBun ? fd : reopened(fd)
}
