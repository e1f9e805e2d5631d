import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as LogEncoder from "../../LogEncoder.ts"
import * as LogRecord from "../../LogRecord.ts"
import { codeOf } from "../../node/codeOf.ts"
import type { DeadLetterHeader } from "../../spool/deadLetterHeader.ts"
import { nodeFiles } from "../../spool/disk/files.ts"
import { contentOf } from "../../spool/frameContent.ts"
import { findLogs, framesOf, type LogView, settledBefore, viewLog } from "../../spool/log/inspect.ts"
import { type Identity, identityIn, type Life, ownerText } from "../../spool/owner/owner.ts"
import { SpoolToolError, toolError } from "../SpoolToolError.ts"

/** The logs at or below a directory; fails when there is none. */
export const logsIn = Effect.fnUntraced(function*(directory: string) {
  const logs = yield* Effect.try({
    try: () => findLogs(nodeFiles, directory),
    catch: toolError(directory, "read the spool")
  })
  if (logs.length === 0) {
    return yield* new SpoolToolError({ exitCode: 2, message: `there is no spool at or below ${directory}` })
  }
  return logs
})

const view = (directory: string): Effect.Effect<LogView, SpoolToolError> =>
  Effect.try({ try: () => viewLog(nodeFiles, directory), catch: toolError(directory, "read the spool") })

const lives: Readonly<Record<Life, string>> = {
  alive: "owned by",
  dead: "left by dead",
  unknown: "perhaps left by"
}

const ownedBy = ({ directory, owner }: LogView, identity: Identity): string =>
  owner === undefined ? "no owner" : `${lives[identity.lifeOf(owner, directory)]} ${ownerText(owner)}`

/** Lists what each log holds. */
export const list = Effect.fnUntraced(function*(directory: string) {
  const logs = yield* logsIn(directory)
  const identity = yield* identityIn(logs)
  for (const log of logs) {
    const found = yield* view(log)
    const bytes = found.segments.reduce((sum, segment) => sum + segment.bytes, 0)
    yield* Console.log(
      `${log}: ${found.end - settledBefore(found)} records to deliver, ${found.segments.length} segments, ` +
        `${bytes} bytes, ${ownedBy(found, identity)}`
    )
    for (const segment of found.segments) yield* Console.log(`  ${segment.path} ${segment.bytes} bytes`)
  }
})

interface Checked {
  readonly frames: number
  readonly records: number
  readonly damage: ReadonlyArray<string>
}

const check = (found: LogView): Checked => {
  let frames = 0
  let records = 0
  const damage: Array<string> = []
  for (const part of framesOf(nodeFiles, found, 0)) {
    if (part._tag === "Damage") {
      const count = part.header === undefined ? "an unknown number of" : part.header.count
      damage.push(`${part.segment.path}: ${part.bytes} bytes at ${part.offset} are damaged, ${count} records`)
      continue
    }
    frames++
    const { lost, records: readable } = contentOf(part)
    records += readable.length
    if (lost > 0) damage.push(`${part.segment.path}: ${lost} records of a whole frame cannot be read`)
  }
  if (found.cursorLost) damage.push(`${found.directory}: the cursor is lost, everything would be replayed`)
  return { frames, records, damage }
}

/** Reads everything; fails with exit code 1 when something is damaged. */
export const verify = Effect.fnUntraced(function*(directory: string) {
  let damaged = 0
  for (const log of yield* logsIn(directory)) {
    const found = yield* view(log)
    const { damage, frames, records } = yield* Effect.try({
      try: () => check(found),
      catch: toolError(log, "read the spool")
    })
    damaged += damage.length
    yield* Console.log(`${log}: ${frames} frames, ${records} records, ${damage.length} damaged places`)
    for (const each of damage) yield* Console.log(`  ${each}`)
  }
  if (damaged > 0) {
    return yield* new SpoolToolError({ exitCode: 1, message: `${damaged} damaged places; see spool repair` })
  }
})

/** Writes the records as JSON lines to stdout, as fast as they are taken. */
export const dump = Effect.fnUntraced(function*(directory: string, all: boolean) {
  const stdio = yield* Stdio.Stdio
  const logs = yield* logsIn(directory)
  const lines = Stream.fromIterable(logs).pipe(
    Stream.mapEffect(view),
    Stream.flatMap((found) => Stream.fromIterable(linesOf(found, all))),
    Stream.run(stdio.stdout({ endOnDone: false }))
  )
  // Who reads it has enough: `head`, say.
  yield* Effect.catchIf(lines, isClosedPipe, () => Effect.void).pipe(
    Effect.mapError(toolError(directory, "dump the spool"))
  )
})

const isClosedPipe = (error: SpoolToolError | PlatformError): boolean =>
  error._tag === "PlatformError" && closedPipe.has(codeOf(error.reason.cause) ?? "")

const closedPipe = new Set(["EPIPE", "ERR_STREAM_DESTROYED"])

function* linesOf(found: LogView, all: boolean): Generator<Uint8Array> {
  const encoder = LogEncoder.json()
  for (const part of framesOf(nodeFiles, found, all ? 0 : settledBefore(found))) {
    if (part._tag === "Damage") continue
    const { deadLetter, records } = contentOf(part)
    const shown = deadLetter === undefined ? records : records.map((record) => withHeader(record, deadLetter))
    if (shown.length > 0) yield encoder.encodeBatch(shown).slice()
  }
}

/** A dead letter says why it is one, among its annotations. */
const withHeader = (record: LogRecord.LogRecord, deadLetter: DeadLetterHeader): LogRecord.LogRecord =>
  LogRecord.make({
    seq: record.seq,
    time: record.time,
    level: record.level,
    message: record.message,
    cause: record.cause,
    annotations: { ...record.annotations, deadLetter: { ...deadLetter } },
    spans: record.spans,
    fiberId: record.fiberId,
    traceId: record.traceId,
    spanId: record.spanId,
    bytes: record.bytes
  })
