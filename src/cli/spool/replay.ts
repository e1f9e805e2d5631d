/// <reference types="node" />
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { basename } from "node:path"
import * as LogEncoder from "../../LogEncoder.ts"
import { plural } from "../../record/text.ts"
import { ownEncoder } from "../../sinks/encoding/ownEncoder.ts"
import type { BatchEncoder } from "../../sinks/encoding/wholeRecords.ts"
import { AppendFile } from "../../sinks/file/AppendFile.ts"
import { AppendFailure } from "../../sinks/file/fileErrors.ts"
import { fileMode, nodeFiles } from "../../spool/disk/files.ts"
import { contentOfTaken } from "../../spool/frameContent.ts"
import { deadLettersDirectory } from "../../spool/log/directories.ts"
import { open } from "../../spool/log/openLogs.ts"
import type { SpoolLog } from "../../spool/log/SpoolLog.ts"
import type { Held } from "../../spool/owner/OwnerLock.ts"
import { toolError } from "../ToolError.ts"
import { directory, failForHeld, force, identityAmong, logsIn, uid } from "./logs.ts"

const to = Flag.Path("to").pipe(Flag.withDescription("The file to append JSON lines to"))

/**
 * Appends the records to a file as JSON lines. They are acknowledged when the
 * file is on the disk. Dead letters stay where they are, unless the directory is
 * theirs, and so does what somebody else has.
 */
export const replay = Command.make(
  "replay",
  { directory, to, force, uid },
  ({ directory, ...options }) => moveTo(directory, options)
).pipe(Command.withDescription("Append the records that wait to a file and remove them from the spool"))

interface Options {
  readonly to: string
  readonly force: boolean
  readonly uid: boolean
}

const moveTo = Effect.fnUntraced(function*(directory: string, { force, to, uid }: Options) {
  const all = yield* logsIn(directory)
  const identity = yield* identityAmong(all, force)
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
    Console.log(
      `${done.records} ${plural(done.records, "record")} written to ${JSON.stringify(to)}, ` +
        `${done.lost} ${plural(done.lost, "record")} lost to damage`
    )
  )
  const held: Array<Held> = []
  const encoder = ownEncoder(LogEncoder.json({ uid }))
  for (const path of withoutDeadLetters(all, directory)) {
    const log = yield* Effect.try({
      try: () => open(path, { files: nodeFiles, segmentBytes: Number.MAX_SAFE_INTEGER, fsync: "always" }, identity),
      catch: toolError(path, "open the spool")
    })
    if (log._tag === "Held") {
      held.push(log)
      continue
    }
    yield* Effect.try({ try: () => moveLog(log, file, done, encoder), catch: toolError(to, "replay to") }).pipe(
      Effect.ensuring(Effect.sync(() => log.close())),
      Effect.tapError(() => said)
    )
  }
  yield* said
  yield* failForHeld(held)
})

const withoutDeadLetters = (logs: ReadonlyArray<string>, directory: string): ReadonlyArray<string> =>
  basename(directory) === deadLettersDirectory
    ? logs
    : logs.filter((log) => !log.slice(directory.length).split("/").includes(deadLettersDirectory))

/** What is done so far. */
interface Done {
  records: number
  lost: number
}

/** Adds to `done` what is on the disk, also when it throws. */
const moveLog = (log: SpoolLog, file: AppendFile, done: Done, encoder: BatchEncoder): void => {
  for (let taken = log.take(); taken !== undefined; taken = log.take()) {
    const { lost, records } = contentOfTaken(taken)
    try {
      file.appendSync(encoder, records)
    } catch (error) {
      // Between records that cannot be read nobody can tell which position the last one has.
      if (error instanceof AppendFailure && error.stored > 0 && lost === taken.lost) {
        file.syncToDisk()
        log.settleSome(log.keep(taken, records.length), [...records.keys()].slice(0, error.stored))
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
