/// <reference types="node" />
import type { LogRecord } from "../LogRecord.ts"
import { type DeadLetterHeader, decodeHeader } from "./deadLetterHeader.ts"
import { flag, type Frame } from "./disk/frame.ts"
import type { Taken } from "./log/LogReader.ts"
import { decodeRecords } from "./recordCodec.ts"
import { identitiesOfVersion1 } from "./recordIdentity.ts"

/** What can be read of a frame. */
export interface Content {
  readonly records: ReadonlyArray<LogRecord>
  /** Why they were given up, when they are dead letters. */
  readonly deadLetter: DeadLetterHeader | undefined
  /** Records that stood before these, or among them, and cannot be read. */
  readonly lost: number
}

/** What a frame holds, without the records that are to be skipped. */
export const contentOf = ({ header, payload, settled, skip }: Frame): Content => {
  const text = payload.toString("utf8")
  const isDeadLetter = (header.flags & flag.deadLetter) !== 0
  const start = isDeadLetter ? behindLine(text) : 0
  const identify = header.version < 2 ? identitiesOfVersion1(header, payload) : undefined
  const { count, first } = header
  const isOpen = (index: number): boolean => !settled.has(first + index)
  const records = decodeRecords(text.slice(start), count, skip, identify, isOpen)
  return {
    records,
    deadLetter: isDeadLetter ? decodeHeader(text.slice(0, start)) : undefined,
    lost: settled.open(first + skip, first + count) - records.length
  }
}

const behindLine = (text: string): number => {
  const stop = text.indexOf("\n")
  return stop === -1 ? text.length : stop + 1
}

/** What was taken from a log: the content of a frame, and what is missing in front of it. */
export const contentOfTaken = ({ frame, lost }: Taken): Content => {
  if (frame === undefined) return { records: [], deadLetter: undefined, lost }
  const content = contentOf(frame)
  return { ...content, lost: lost + content.lost }
}
