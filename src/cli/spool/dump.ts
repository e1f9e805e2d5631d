/// <reference types="node" />
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
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
import { framesOf, type LogView, settledBefore, settledBehind } from "../../spool/log/inspect.ts"
import { type ToolError, toolError } from "../ToolError.ts"
import { directory, logsIn, uid, viewOf } from "./logs.ts"

const all = Flag.Boolean("all").pipe(
  Flag.withDescription("Also records that are acknowledged but not removed yet"),
  Flag.withDefault(false)
)

/** Writes the records as JSON lines to stdout, as fast as they are taken. */
export const dump = Command.make(
  "dump",
  { directory, all, uid },
  ({ directory, ...options }) => write(directory, options)
).pipe(
  Command.withDescription("Print the records that wait, as JSON lines")
)

interface Options {
  readonly all: boolean
  readonly uid: boolean
}

const write = Effect.fnUntraced(function*(directory: string, options: Options) {
  const stdio = yield* Stdio.Stdio
  const logs = yield* logsIn(directory)
  const lines = Stream.fromIterable(logs).pipe(
    Stream.mapEffect(viewOf),
    Stream.flatMap((view) => Stream.fromIterable(linesOf(view, options))),
    Stream.run(stdio.stdout({ endOnDone: false }))
  )
  // Who reads it has enough: `head`, say.
  yield* Effect.catchIf(lines, isClosedPipe, () => Effect.void).pipe(
    Effect.mapError(toolError(directory, "dump the spool"))
  )
})

const isClosedPipe = (error: ToolError | PlatformError): boolean =>
  error._tag === "PlatformError" && closedPipe.has(codeOf(error.reason.cause) ?? "")

const closedPipe = new Set(["EPIPE", "ERR_STREAM_DESTROYED"])

function* linesOf(view: LogView, { all, uid }: Options): Generator<Uint8Array> {
  const encoder = LogEncoder.json({ uid })
  const parts = all
    ? framesOf(nodeFiles, view, 0)
    : framesOf(nodeFiles, view, settledBefore(view), settledBehind(view))
  for (const part of parts) {
    if (part._tag === "Damage") continue
    const { deadLetter, records } = contentOf(part)
    const shown = deadLetter === undefined ? records : records.map((record) => withReason(record, deadLetter))
    if (shown.length > 0) yield encoder.encodeBatch(shown).slice()
  }
}

/** A dead letter says why it is one, among its annotations. */
const withReason = (record: LogRecord.LogRecord, deadLetter: DeadLetterHeader): LogRecord.LogRecord =>
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
    sampled: record.sampled,
    runtimeId: record.origin.runtimeId,
    place: record.place,
    bytes: record.bytes
  })
