/// <reference types="node" />
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { basename } from "node:path"
import * as LogEncoder from "../../LogEncoder.ts"
import { AppendFile } from "../../sinks/file/AppendFile.ts"
import { AppendFailure } from "../../sinks/file/fileErrors.ts"
import { fileMode, nodeFiles } from "../../spool/disk/files.ts"
import { contentOfTaken } from "../../spool/frameContent.ts"
import { deadLettersDirectory } from "../../spool/log/directories.ts"
import type { Taken } from "../../spool/log/LogReader.ts"
import { open } from "../../spool/log/openLogs.ts"
import { repairLog } from "../../spool/log/repair.ts"
import type { SpoolLog } from "../../spool/log/SpoolLog.ts"
import { type Identity, identityIn, ownerText } from "../../spool/owner/owner.ts"
import { type Held, OwnerLock } from "../../spool/owner/OwnerLock.ts"
import { SpoolToolError, toolError } from "../SpoolToolError.ts"
import { logsIn } from "./look.ts"

/** With `force`, an owner that cannot be seen from here counts as dead; one that is known to live never does. */
const identityOf = (logs: ReadonlyArray<string>, force: boolean): Effect.Effect<Identity> =>
  Effect.map(identityIn(logs), (identity) => ({
    ...identity,
    lifeOf: (owner, directory) => {
      const life = identity.lifeOf(owner, directory)
      return force && life === "unknown" ? "dead" : life
    }
  }))

/** Fails when some logs were left alone, because somebody has them or may have them. */
const leftAlone = (left: ReadonlyArray<Held>): Effect.Effect<void, SpoolToolError> =>
  left.length === 0 ? Effect.void : Effect.fail(
    new SpoolToolError({
      exitCode: 2,
      message: left.map(({ directory, life, owner }) =>
        life === "alive"
          ? `${directory} is in use by ${ownerText(owner)}; stop it first`
          : `${directory} may be in use by ${
            ownerText(owner)
          }, which cannot be seen from here; when it is gone, use --force`
      ).join("\n")
    })
  )

/**
 * Appends the records to a file as JSON lines. They are acknowledged when the
 * file is on the disk. Dead letters are left where they are, unless the
 * directory is theirs, and so is what somebody else has.
 */
export const replay = Effect.fnUntraced(function*(directory: string, to: string, force: boolean) {
  const all = yield* logsIn(directory)
  const identity = yield* identityOf(all, force)
  const letters = (log: string): boolean => log.slice(directory.length).split("/").includes(deadLettersDirectory)
  const logs = basename(directory) === deadLettersDirectory ? all : all.filter((log) => !letters(log))
  const done: Done = { records: 0, lost: 0 }
  const file = new AppendFile({
    path: to,
    mode: fileMode,
    noFollow: true,
    makeFolder: false,
    now: () => process.hrtime.bigint()
  })
  yield* Effect.try({ try: () => file.openSync(), catch: toolError(to, "replay to") })
  const said = Effect.suspend(() =>
    Console.log(`${done.records} records written to ${to}, ${done.lost} records lost to damage`)
  )
  const left: Array<Held> = []
  for (const path of logs) {
    const log = yield* Effect.try({
      try: () => open(path, { files: nodeFiles, segmentBytes: Number.MAX_SAFE_INTEGER, fsync: "always" }, identity),
      catch: toolError(path, "open the spool")
    })
    if (log._tag === "Held") {
      left.push(log)
      continue
    }
    yield* Effect.try({ try: () => replayLog(log, file, done), catch: toolError(to, "replay to") }).pipe(
      Effect.ensuring(Effect.sync(() => log.close())),
      Effect.tapError(() => said)
    )
  }
  yield* said
  yield* leftAlone(left)
})

/** What a replay has done so far. */
interface Done {
  records: number
  lost: number
}

/** Adds to `done` what is on the disk, also when it throws. */
const replayLog = (log: SpoolLog, file: AppendFile, done: Done): void => {
  for (let taken = log.take(); taken !== undefined; taken = log.take()) {
    const { lost, records } = contentOfTaken(taken)
    try {
      file.appendSync(LogEncoder.json(), records)
    } catch (error) {
      // Between records that cannot be read nobody can tell which position the last one has.
      if (error instanceof AppendFailure && error.stored > 0 && lost === taken.lost) {
        file.syncToDisk()
        settleHead(log, taken, error.stored)
        done.records += error.stored
      }
      throw error
    }
    file.syncToDisk()
    log.settle(log.keep(taken, records.length))
    done.records += records.length
    done.lost += lost
  }
}

/** Settles the first records of a frame; the others are there for the next replay. */
const settleHead = (log: SpoolLog, { end, frame, start }: Taken, stored: number): void => {
  if (frame === undefined) return
  const middle = { ...start, position: frame.header.first + frame.skip + stored }
  const head = log.keep({ start, end: middle }, stored)
  log.keep({ start: middle, end }, frame.header.count - frame.skip - stored)
  log.settle(head)
}

/** Sets damage aside and rebuilds lost cursors. */
export const repair = Effect.fnUntraced(function*(directory: string, force: boolean) {
  const logs = yield* logsIn(directory)
  const identity = yield* identityOf(logs, force)
  const left: Array<Held> = []
  for (const path of logs) {
    const acquired = yield* Effect.try({
      try: () => OwnerLock.acquire(nodeFiles, path, identity),
      catch: toolError(path, "lock the spool")
    })
    if (acquired._tag === "Held") {
      left.push(acquired)
      continue
    }
    const done = yield* Effect.try({ try: () => repairLog(nodeFiles, path), catch: toolError(path, "repair") }).pipe(
      Effect.ensuring(Effect.sync(() => acquired.lock.release()))
    )
    yield* Console.log(
      `${path}: ${done.damaged} damaged places (${done.damagedBytes} bytes) set aside, ` +
        `${done.moved} files moved to quarantine, cursor ${done.cursorRebuilt ? "rebuilt" : "kept"}`
    )
  }
  yield* leftAlone(left)
})
