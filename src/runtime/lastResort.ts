/// <reference types="node" />
import * as LogEncoder from "../LogEncoder.ts"
import * as LogSink from "../LogSink.ts"
import * as StandardStream from "../node/standardStream.ts"
import { ShortWrite } from "../node/writeAllSync.ts"
import { ownEncoder } from "../sinks/encoding/ownEncoder.ts"
import { wholeRecords } from "../sinks/encoding/wholeRecords.ts"
import { AppendFile } from "../sinks/file/AppendFile.ts"
import { AppendFailure, sinkError } from "../sinks/file/fileErrors.ts"
import type { LastResort } from "./Rescue.ts"

const patienceMillis = 250

/** Writes records as JSON lines to stderr or to a file, at once. Throws when it cannot, and says how many it has written. */
export const make = (target: string): LastResort => {
  const encoder = ownEncoder(LogEncoder.json())
  if (target === "stderr") {
    let patience = patienceMillis
    return (records) => {
      const bytes = encoder.encodeBatch(records)
      try {
        StandardStream.writeSync("stderr", bytes, patience)
      } catch (error) {
        // Nobody reads it: every later record would wait as long.
        patience = 0
        if (!(error instanceof ShortWrite)) throw error
        const { records: stored } = wholeRecords(records, encoder, bytes, error.written)
        throw LogSink.unavailable(`cannot write to stderr (${error.code})`, { stored, cause: error })
      }
    }
  }
  const file = new AppendFile({ path: target, mode: 0o600, now: () => process.hrtime.bigint() })
  return (records) => {
    try {
      file.appendSync(encoder, records)
    } catch (failure) {
      throw failure instanceof AppendFailure ? sinkError(failure) : failure
    }
  }
}
