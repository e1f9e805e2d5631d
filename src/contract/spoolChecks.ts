import * as Check from "../options/check.ts"
import type { SpoolOptions } from "./SpoolOptions.ts"

/** What every store on disk is told. */
interface StoreOptions {
  readonly directory: string
  readonly maxBytes?: number | undefined
  readonly segmentBytes?: number | undefined
  readonly fsync?: "never" | "interval" | "always" | undefined
}

export const defaultSegmentBytes = 8 * 1024 * 1024
export const defaultSpoolBytes = 256 * 1024 * 1024
export const defaultLetterBytes = 64 * 1024 * 1024
export const defaultMaxAge = "24 hours"

export const storeChecks: Check.Checks<StoreOptions> = {
  directory: Check.required(Check.path),
  maxBytes: Check.wholeNumber(1),
  segmentBytes: Check.wholeNumber(4096),
  fsync: Check.words("never", "interval", "always")
}

/** A store gives back whole segments: with fewer than two it would be empty or full. */
export const roomForTwo =
  (defaultMaxBytes: number): Check.Rule<StoreOptions> =>
  ({ maxBytes = defaultMaxBytes, segmentBytes = defaultSegmentBytes }) =>
    maxBytes >= 2 * segmentBytes ? undefined : {
      at: ".maxBytes",
      text: `must be a whole number with room for two segments of ${segmentBytes} bytes, ` +
        `so at least ${2 * segmentBytes}, got ${maxBytes}`
    }

export const fullSpool = Check.words("sliding", "dropping")

/** What the spool of a lane may be told. */
export const spoolChecks: Check.Checks<SpoolOptions> = {
  ...storeChecks,
  mode: Check.required(Check.words("overflow", "always")),
  strategy: fullSpool,
  maxAge: Check.duration("positive", "any")
}
