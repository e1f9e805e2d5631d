/// <reference types="node" />
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import { dirname } from "node:path"
import { type CallFailure, callFailure } from "./CallFailure.ts"
import type { OneCall } from "./OneCall.ts"

export type Errno = NodeJS.ErrnoException

/** What appending needs to know of a file. */
export type FileStatus = Pick<fs.Stats, "dev" | "ino" | "isFile" | "size">

type Done<A> = (error: Errno | null, value: A) => void
type Ended = (error: Errno | null) => void

/**
 * What appending needs of the file system. Effect's `FileSystem` has no writes
 * that are done before they return, opens nothing without waiting for the other
 * end of a pipe, and cannot tell when an interrupted call has returned.
 */
export interface Files {
  readonly close: (fd: number, done: Ended) => void
  readonly closeSync: (fd: number) => void
  readonly fdatasyncSync: (fd: number) => void
  readonly fstat: (fd: number, done: Done<FileStatus>) => void
  readonly fstatSync: (fd: number) => FileStatus
  readonly ftruncate: (fd: number, size: number, done: Ended) => void
  readonly ftruncateSync: (fd: number, size: number) => void
  readonly mkdir: (
    path: string,
    options: { readonly recursive: true; readonly mode: number },
    done: (error: Errno | null, path?: string) => void
  ) => void
  readonly mkdirSync: (path: string, options: { readonly recursive: true; readonly mode: number }) => void
  readonly open: (path: string, flags: number, mode: number, done: Done<number>) => void
  readonly openSync: (path: string, flags: number, mode: number) => number
  readonly read: (
    fd: number,
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: Done<number>
  ) => void
  readonly readSync: (fd: number, into: Uint8Array, offset: number, length: number, position: number) => number
  readonly stat: (path: string, done: Done<FileStatus>) => void
  readonly statSync: (path: string) => FileStatus
  readonly write: (
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: null,
    done: Done<number>
  ) => void
  readonly writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number) => number
}

export const nodeFiles: Files = fs

const { O_APPEND, O_CREAT, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants

/**
 * How files are opened. Without O_NONBLOCK a named pipe would be waited for, in a
 * thread that nothing gives back. Regular files do not care.
 */
export const flags = {
  append: O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY,
  read: O_RDONLY | O_NONBLOCK | O_NOCTTY,
  noFollow: O_NOFOLLOW
}

/** The calls that prepare and mend a file, made in one of two ways. */
export interface FileCalls {
  /** Makes the folder that a file is to be in, and those above it. */
  readonly makeFolderOf: (file: string, mode: number) => Effect.Effect<unknown, CallFailure>
  /** A descriptor that nobody waits for any more is adopted, or else closed. */
  readonly open: (
    path: string,
    flags: number,
    mode: number,
    adopt?: (fd: number) => void
  ) => Effect.Effect<number, CallFailure>
  readonly close: (fd: number) => Effect.Effect<unknown, CallFailure>
  readonly statusOf: (file: number | string) => Effect.Effect<FileStatus, CallFailure>
  readonly read: (fd: number, into: Uint8Array, position: number) => Effect.Effect<number, CallFailure>
  readonly truncate: (fd: number, size: number) => Effect.Effect<unknown, CallFailure>
}

/** Calls in threads of the pool, one at a time. */
export const inPool = (files: Files, call: OneCall): FileCalls => ({
  makeFolderOf: (file, mode) =>
    call.make<unknown>((done) => files.mkdir(dirname(file), { recursive: true, mode }, done)),
  open: (path, flags, mode, adopt) =>
    call.make<number>((done) =>
      files.open(path, flags, mode, (error, fd) => {
        if (error === null) adopt?.(fd)
        if (!done(error, fd) && error === null && adopt === undefined) files.close(fd, () => {})
      })
    ),
  close: (fd) => call.make<unknown>((done) => files.close(fd, (error) => done(error, undefined))),
  statusOf: (file) =>
    call.make<FileStatus>((done) => typeof file === "number" ? files.fstat(file, done) : files.stat(file, done)),
  read: (fd, into, position) => call.make<number>((done) => files.read(fd, into, 0, into.length, position, done)),
  truncate: (fd, size) => call.make<unknown>((done) => files.ftruncate(fd, size, (error) => done(error, undefined)))
})

/** Calls that are done before they return. */
export const atOnce = (files: Files): FileCalls => ({
  makeFolderOf: (file, mode) => tried(() => files.mkdirSync(dirname(file), { recursive: true, mode })),
  open: (path, flags, mode, adopt) =>
    tried(() => {
      const fd = files.openSync(path, flags, mode)
      adopt?.(fd)
      return fd
    }),
  close: (fd) => tried(() => files.closeSync(fd)),
  statusOf: (file) => tried(() => typeof file === "number" ? files.fstatSync(file) : files.statSync(file)),
  read: (fd, into, position) => tried(() => files.readSync(fd, into, 0, into.length, position)),
  truncate: (fd, size) => tried(() => files.ftruncateSync(fd, size))
})

const tried = <A>(make: () => A): Effect.Effect<A, CallFailure> => Effect.try({ try: make, catch: callFailure })
