import type { Limits } from "../capture/limits.ts"
import { RecordMapper } from "../capture/RecordMapper.ts"
import { Snapshot } from "../capture/Snapshot.ts"
import type { LogRecord } from "../LogRecord.ts"
import type { LogRedactor } from "../LogRedactor.ts"
import type { LogSink } from "../LogSink.ts"
import { Marks } from "../sinks/encoding/Marks.ts"

/** A sink as its lane calls it, which is the sink itself unless it has a map. */
export type MapSink = (sink: LogSink) => LogSink

/**
 * Gives sinks with a map what that makes of records. A lane holds them as they were
 * logged, so that its dead letters, its spool and its fallback have them so; each is mapped once, before its
 * first write.
 */
export const mapSink = (redactor: LogRedactor, limits: Limits): MapSink => (sink) => {
  const { map } = sink.options
  if (map === undefined) return sink
  const { recordLimit, write, writeSync } = sink
  const mapper = new RecordMapper(map, new Snapshot(redactor, limits))
  const marks = new Marks("map")
  const known = new WeakMap<LogRecord, LogRecord>()
  const batches = new WeakMap<ReadonlyArray<LogRecord>, ReadonlyArray<LogRecord>>()

  const mapped = (record: LogRecord): LogRecord => {
    const before = known.get(record)
    if (before !== undefined) return before
    const { problem, record: made } = mapper.of(record)
    if (problem !== undefined) marks.add(record, problem)
    known.set(record, made)
    return made
  }

  /** The same for the same batch: a sink may know what it has made of one. */
  const mappedBatch = (batch: ReadonlyArray<LogRecord>): ReadonlyArray<LogRecord> => {
    const before = batches.get(batch)
    if (before !== undefined) return before
    const made = batch.map(mapped)
    batches.set(batch, made)
    return made
  }

  return marks.countedIn({
    ...sink,
    write: (batch, acknowledge) => write(mappedBatch(batch), acknowledge),
    writeSync: writeSync && ((batch) => writeSync(mappedBatch(batch))),
    recordLimit: recordLimit && {
      get maxBytes() {
        return recordLimit.maxBytes
      },
      sizeOf: (record) => recordLimit.sizeOf(mapped(record)),
      allFit: recordLimit.allFit && ((batch) => recordLimit.allFit?.(mappedBatch(batch)) === true)
    }
  })
}
