import { defaults } from "./laneDefaults.ts"
import type { LaneOptions, LogSink } from "./Sink.ts"

/** How a sink is written to, which goes with it. What a lane takes and keeps is the lane's. */
export const writtenAs = ({ options }: LogSink): Partial<LaneOptions> => {
  const { batchWindow, breaker, maxBatchBytes, maxBatchSize, retry, writeTimeout } = { ...defaults, ...options }
  return { batchWindow, breaker, maxBatchBytes, maxBatchSize, retry, writeTimeout }
}
