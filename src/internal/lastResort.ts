/// <reference types="node" />
import * as LogEncoder from "../LogEncoder.ts"
import type { LogRecord } from "../LogRecord.ts"
import { AppendFile } from "./AppendFile.ts"
import { AppendFailure, sinkError } from "./fileErrors.ts"
import { writeAllSync } from "./writeAllSync.ts"

const patienceMillis = 250

/** Writes records as JSON lines to stderr or to a file, at once. Throws when it cannot. */
export const make = (target: string): (records: ReadonlyArray<LogRecord>) => void => {
  const encoder = LogEncoder.json()
  if (target === "stderr") {
    let patience = patienceMillis
    return (records) => {
      try {
        writeAllSync(2, encoder.encodeBatch(records), patience)
      } catch (error) {
        // Nobody reads it: every later record would wait as long.
        patience = 0
        throw error
      }
    }
  }
  const file = new AppendFile({ path: target, mode: 0o600, now: () => process.hrtime.bigint() })
  return (records) => {
    try {
      file.appendSync(encoder, records)
    } catch (failure) {
      throw failure instanceof AppendFailure ? sinkError("last resort", failure) : failure
    }
  }
}
