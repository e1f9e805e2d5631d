import { type Given, given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import type { LaneOptions } from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { durationOf } from "../options/duration.ts"
import { boundOf } from "../options/level.ts"

/**
 * What of a lane can be changed while it goes on.
 *
 * @category options
 * @since 0.1.0
 */
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

/** What lane options say of these. */
export const optionsOf = ({ filter, ...others }: LaneSettings): Partial<LaneOptions> =>
  filter === undefined ? given(others) : { ...given(others), filter: filter === false ? undefined : filter }

/** These of a lane, each in the one form that it is compared in. */
export const settingsOf = ({ breaker, ...options }: LaneOptions): Required<LaneSettings> =>
  Object.freeze({
    minimumLevel: boundOf(options.minimumLevel),
    filter: options.filter ?? false,
    capacity: options.capacity,
    maxBytes: options.maxBytes,
    maxBatchSize: options.maxBatchSize,
    maxBatchBytes: options.maxBatchBytes,
    batchWindow: durationOf(options.batchWindow),
    writeTimeout: durationOf(options.writeTimeout),
    retry: options.retry,
    breaker: breaker && Object.freeze({ failures: breaker.failures, cooldown: durationOf(breaker.cooldown) })
  })

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
