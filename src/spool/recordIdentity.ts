/// <reference types="node" />
import { createHash } from "node:crypto"
import type { LogRecord } from "../LogRecord.ts"
import { mostPlaces } from "../record/identity.ts"
import type { FrameHeader } from "./disk/frame.ts"

/** What makes a record on a spool the same one that it was before. */
export interface RecordIdentity {
  readonly runtimeId: string
  readonly place: number
  readonly sampled: boolean | undefined
}

/** How many fields of a line it takes. */
export const identityFields = 3

/** It as the first fields of a line; `before` is what the uid of the record before begins with. */
export const identityText = ({ origin, place }: LogRecord, before: string): string =>
  `${JSON.stringify(origin.runtimeId === before ? "" : origin.runtimeId)},${place},${origin.sampled ?? null}`

/** It as read from these fields. */
export const identityIn = (fields: ReadonlyArray<unknown>, before: string | undefined): RecordIdentity | undefined => {
  const [id, place, sampled] = fields
  const runtimeId = id === "" ? before : id
  if (typeof runtimeId !== "string" || typeof place !== "number") return undefined
  return { runtimeId, place, sampled: typeof sampled === "boolean" ? sampled : undefined }
}

/**
 * What stands for it in frames of version 1, which do not hold it: each record has an
 * id of its own, made of the frame as it is on disk, and so the same at every reading.
 * Its number stands for its place.
 */
export const identitiesOfVersion1 = (
  header: FrameHeader,
  payload: Buffer
): (index: number, seq: number) => RecordIdentity => {
  const { config, count, first, flags } = header
  const hash = createHash("sha256").update(JSON.stringify([flags, count, first, config])).update(payload).digest()
  const prefix = hash.toString("base64url", 0, 9)
  return (index, seq) => ({
    runtimeId: prefix + index.toString(36).padStart(4, "0"),
    place: seq % mostPlaces,
    sampled: undefined
  })
}
