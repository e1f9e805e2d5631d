/// <reference types="node" />
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { basename } from "node:path"
import * as LogEncoder from "../../LogEncoder.ts"
import { fileMode, nodeFiles, openFlags, writeFully } from "../../spool/files.ts"
import { deadLettersDirectory } from "../../spool/inspect.ts"
import { type Identity, open } from "../../spool/openLogs.ts"
import { acquire, isAlive, type Owner, ownerOf, thisOwner } from "../../spool/ownerLock.ts"
import { decodeFrame } from "../../spool/recordCodec.ts"
import { repairLog } from "../../spool/repair.ts"
import type { SpoolLog } from "../../spool/SpoolLog.ts"
import { logsIn } from "./look.ts"
import { SpoolToolError, toolError } from "./SpoolToolError.ts"

const identityOf = (force: boolean): Identity => {
  const here = thisOwner()
  return {
    owner: thisOwner,
    // Whether a process of another host lives cannot be seen from here.
    isAlive: (owner: Owner) => owner.host === here.host ? isAlive(owner) : !force
  }
}

const owned = (directory: string, owner: Owner | undefined): SpoolToolError =>
  new SpoolToolError({
    exitCode: 2,
    message: `${directory} is in use by process ${owner?.pid ?? "?"} on ${owner?.host ?? "?"}; ` +
      "stop it first (or use --force when it ran on another host and is gone)"
  })

/**
 * Appends the records to a file as JSON lines. They are acknowledged when the
 * file is on the disk. Dead letters are left where they are, unless the
 * directory is theirs.
 */
export const replay = Effect.fnUntraced(function*(directory: string, to: string, force: boolean) {
  const identity = identityOf(force)
  const all = yield* logsIn(directory)
  const letters = (log: string): boolean => log.slice(directory.length).split("/").includes(deadLettersDirectory)
  const logs = basename(directory) === deadLettersDirectory ? all : all.filter((log) => !letters(log))
  let records = 0
  let lost = 0
  for (const path of logs) {
    const log = yield* Effect.try({
      try: () => open(path, { files: nodeFiles, segmentBytes: Number.MAX_SAFE_INTEGER, fsync: "always" }, identity),
      catch: toolError(path, "open the spool")
    })
    if (log === undefined) return yield* owned(path, ownerOf(nodeFiles, path))
    const done = yield* Effect.try({ try: () => replayLog(log, to), catch: toolError(to, "replay to") }).pipe(
      Effect.ensuring(Effect.sync(() => log.close()))
    )
    records += done.records
    lost += done.lost
  }
  yield* Console.log(`${records} records written to ${to}, ${lost} records lost to damage`)
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
  const identity = identityOf(force)
  for (const path of yield* logsIn(directory)) {
    const acquired = yield* Effect.try({
      try: () => acquire(nodeFiles, path, identity.owner(), identity.isAlive),
      catch: toolError(path, "lock the spool")
    })
    if (acquired._tag === "Held") return yield* owned(path, acquired.owner)
    const done = yield* Effect.try({ try: () => repairLog(nodeFiles, path), catch: toolError(path, "repair") }).pipe(
      Effect.ensuring(Effect.sync(() => acquired.lock.release()))
    )
    yield* Console.log(
      `${path}: ${done.damaged} damaged places (${done.damagedBytes} bytes) set aside, ` +
        `${done.moved} files moved to quarantine, cursor ${done.cursorRebuilt ? "rebuilt" : "kept"}`
    )
  }
})
