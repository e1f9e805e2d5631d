import { SinkError } from "./SinkError.ts"

/** A number of records of a batch as a sink has it: it is whatever a peer answered. */
export const peerCount = (count: number, most: number): number => count > 0 ? Math.min(Math.floor(count), most) : 0

/** How many of `most` records at the head of a batch are stored although its write failed. */
export const storedIn = (error: unknown, most: number): number =>
  error instanceof SinkError && error.reason._tag === "Unavailable" ? peerCount(error.reason.stored ?? 0, most) : 0
