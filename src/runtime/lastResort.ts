/// <reference types="node" />
import { wholeRecords } from "../encode/wholeRecords.ts"
import * as LogEncoder from "../LogEncoder.ts"
import * as LogSink from "../LogSink.ts"
import * as StandardStream from "../node/standardStream.ts"
import { ShortWrite } from "../node/writeAllSync.ts"
import { AppendFile } from "../sinks/file/AppendFile.ts"
import { AppendFailure, sinkError } from "../sinks/file/fileErrors.ts"
import type { LastResort } from "./Rescue.ts"

const patienceMillis = 250
const name = "last resort"

/** Writes records as JSON lines to stderr or to a file, at once. Throws when it cannot, and says how many it has written. */
export const make = (target: string): LastResort => {
  const encoder = LogEncoder.json()
  if (target === "stderr") {
    let patience = patienceMillis
    return (records) => {
      try {
        StandardStream.writeSync("stderr", encoder.encodeBatch(records), patience)
      } catch (error) {
        // Nobody reads it: every later record would wait as long.
        patience = 0
        if (!(error instanceof ShortWrite)) throw error
        const { records: stored } = wholeRecords(records, encoder, error.written)
        throw LogSink.unavailable(name, `cannot write to stderr (${error.code})`, { stored, cause: error })
      }
    }
  }
  const file = new AppendFile({ path: target, mode: 0o600, now: () => process.hrtime.bigint() })
  return (records) => {
    try {
      file.appendSync(encoder, records)
    } catch (failure) {
      throw failure instanceof AppendFailure ? sinkError(name, failure) : failure
    }
  }
}
