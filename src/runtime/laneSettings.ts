import type { Given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import type { LaneOptions } from "../LogSink.ts"
import * as Check from "../options/check.ts"

/** What of a lane can be changed while it goes on. */
export type LaneSettings =
  & Given<
    Pick<
      LaneOptions,
      | "minimumLevel"
      | "capacity"
      | "maxBytes"
      | "retry"
      | "maxBatchSize"
      | "maxBatchBytes"
      | "batchWindow"
      | "writeTimeout"
      | "breaker"
    >
  >
  & { readonly filter?: LaneOptions["filter"] | false }

const { batchWindow, breaker, capacity, maxBatchBytes, maxBatchSize, maxBytes, minimumLevel, retry, writeTimeout } =
  laneChecks

/** What they may be. */
export const settingChecks: Check.Checks<LaneSettings> = {
  batchWindow,
  breaker,
  capacity,
  filter: Check.either(Check.aSyncFunction, Check.no),
  maxBatchBytes,
  maxBatchSize,
  maxBytes,
  minimumLevel,
  retry,
  writeTimeout
}
