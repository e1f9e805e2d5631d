import type { LogRecord } from "../LogRecord.ts"
import { unawaited } from "../options/unawaited.ts"
import type { LaneCounters } from "./LaneCounters.ts"

/** What a lane takes, besides its level. */
export type Filter = (record: LogRecord) => boolean

/**
 * What capture needs of a lane. What takes a record either counts it, whatever
 * happens afterwards, or throws and has not.
 */
export interface Inlet {
  readonly name: string
  readonly counters: LaneCounters
  readonly minimum: number
  readonly filter: Filter | undefined
  /** Whether a record of this level would be dropped whatever it holds. */
  isFull(severity: number): boolean
  /** Accepts and drops a record that {@link isFull} makes needless to build. */
  refuse(severity: number): void
  /** Whether a record of any level and of so many bytes would be queued, and nothing else would happen. */
  hasRoomFor(bytes: number): boolean
  /** Accepts and queues a record that {@link hasRoomFor} has answered for. */
  accept(record: LogRecord): void
  offer(record: LogRecord, severity: number): void
}

/** What a filter says; one that throws lets the record through. */
export const passes = (filter: Filter, record: LogRecord): boolean => {
  try {
    const answer: unknown = filter(record)
    return typeof answer === "boolean" ? answer : Boolean(unawaited(answer))
  } catch {
    return true
  }
}
