/// <reference types="node" />
import * as LogEncoder from "../LogEncoder.ts"
import type { LogRecord } from "../LogRecord.ts"
import { make as makeSyncFile } from "./syncFile.ts"
import { writeAllSync } from "./writeAllSync.ts"

/** Writes records as JSON lines to stderr or to a file, at once. Throws when it cannot. */
export const make = (target: string): (records: ReadonlyArray<LogRecord>) => void => {
  const encoder = LogEncoder.json()
  if (target === "stderr") return (records) => writeAllSync(2, encoder.encodeBatch(records))
  const file = makeSyncFile(target, 0o600, () => process.hrtime.bigint())
  return (records) => file.write(encoder.encodeBatch(records))
}
