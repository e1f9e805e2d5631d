import { SinkError } from "./SinkError.ts"

/** How many of `most` records at the head of a batch are stored although its write failed. */
export const storedIn = (error: unknown, most: number): number => {
  if (!(error instanceof SinkError) || error.reason._tag !== "Unavailable") return 0
  const { stored = 0 } = error.reason
  // What a sink says it stored is whatever a peer answered.
  return stored > 0 ? Math.min(Math.floor(stored), most) : 0
}
