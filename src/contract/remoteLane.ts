import type { LaneOptions, Pace } from "./Sink.ts"

/** The lane of a destination over HTTP: a request costs much, whatever is in it. */
export const remoteLane = {
  maxBatchSize: 4096,
  maxBatchBytes: 4 * 1024 * 1024
} satisfies Partial<LaneOptions>

/** Small requests while there is little, and eight times as many records in one when a lane fills. */
export const remotePace: Pace = { slice: 512, full: 4096 }

/** That lane, with batches that are no larger than a body may be. */
export const remoteLaneWithin = (maxBodyBytes: number, maxBatchBytes: number = remoteLane.maxBatchBytes) => ({
  ...remoteLane,
  maxBatchBytes: Math.min(maxBodyBytes, maxBatchBytes),
  pace: remotePace
})
