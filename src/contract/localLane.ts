import type { LaneOptions, Pace } from "./Sink.ts"

/** The lane of a destination that takes any number of records as fast as this process gives them. */
export const localLane = {
  capacity: 131_072,
  maxBatchSize: 65_536,
  maxBatchBytes: 32 * 1024 * 1024
} satisfies Partial<LaneOptions>

/** To encode a slice holds the event loop for half a millisecond. */
export const localPace: Pace = { slice: 512, full: 4096 }
