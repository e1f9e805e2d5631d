/// <reference types="node" />
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { basename } from "node:path"
import * as LogEncoder from "../../LogEncoder.ts"
import { fileMode, nodeFiles, openFlags, writeFully } from "../../spool/files.ts"
import { deadLettersDirectory } from "../../spool/inspect.ts"
import { open } from "../../spool/openLogs.ts"
import { type Identity, identityIn, ownerText } from "../../spool/owner.ts"
import { acquire, type Held } from "../../spool/ownerLock.ts"
import { decodeFrame } from "../../spool/recordCodec.ts"
import { repairLog } from "../../spool/repair.ts"
import type { SpoolLog } from "../../spool/SpoolLog.ts"
import { logsIn } from "./look.ts"
import { SpoolToolError, toolError } from "./SpoolToolError.ts"

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
  let records = 0
  let lost = 0
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
    const done = yield* Effect.try({ try: () => replayLog(log, to), catch: toolError(to, "replay to") }).pipe(
      Effect.ensuring(Effect.sync(() => log.close()))
    )
    records += done.records
    lost += done.lost
  }
  yield* Console.log(`${records} records written to ${to}, ${lost} records lost to damage`)
  yield* leftAlone(left)
})

const replayLog = (log: SpoolLog, to: string): { readonly records: number; readonly lost: number } => {
  const encoder = LogEncoder.json()
  const fd = nodeFiles.openSync(to, openFlags.appendOrCreate, fileMode)
  let records = 0
  let lost = 0
  try {
    for (let taken = log.take(); taken !== undefined; taken = log.take()) {
      const decoded = taken.frame === undefined ? [] : decodeFrame(taken.frame).records
      const count = taken.frame === undefined ? 0 : taken.frame.header.count - taken.frame.skip
      writeFully(nodeFiles, fd, encoder.encodeBatch(decoded))
      nodeFiles.fdatasyncSync(fd)
      log.settle(log.hand(taken, decoded.length))
      records += decoded.length
      lost += taken.lost + count - decoded.length
    }
  } finally {
    nodeFiles.closeSync(fd)
  }
  return { records, lost }
}

/** Sets damage aside and rebuilds lost cursors. */
export const repair = Effect.fnUntraced(function*(directory: string, force: boolean) {
  const logs = yield* logsIn(directory)
  const identity = yield* identityOf(logs, force)
  const left: Array<Held> = []
  for (const path of logs) {
    const acquired = yield* Effect.try({
      try: () => acquire(nodeFiles, path, identity),
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
