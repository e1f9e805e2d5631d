import type { End } from "./events.ts"

/** How a lane under test is set up. */
export interface Parameters {
  readonly mode: "off" | "overflow" | "always"
  readonly fsync: "never" | "interval" | "always"
  readonly strategy: "dropping" | "sliding" | "sampling"
  /** What a lane that samples keeps of the records that are not urgent. */
  readonly sampleShare: number
  readonly spoolStrategy: "dropping" | "sliding"
  readonly concurrency: 1 | 2
  readonly capacity: number
  readonly maxBytes: number
  readonly maxBatchSize: number
  readonly maxBatchBytes: number
  readonly windowMillis: number
  readonly retries: number
  readonly breaker: boolean
  readonly spoolBytes: number
  readonly segmentBytes: number
  /** How long a record may wait on the spool. */
  readonly maxAgeMillis: number
  /** Whether somebody takes what the lane gives up. */
  readonly deadLetters: "taken" | "refused"
  /** Whether the sink can write synchronously at the end. */
  readonly writesSync: boolean
  /** How large a record may be for the sink. */
  readonly recordLimit: number | undefined
  /** After how many steps a fiber yields. */
  readonly maxOps: number
}

/** What the sink of a lane answers to a write. Positions may be none of the batch. */
export type Answer =
  | "ok"
  | "unavailable"
  | "ambiguous"
  | "stored"
  | "rejected"
  | "rejectedSome"
  | "tooLarge"
  | "misconfigured"
  | "die"
  | "throw"
  | "hang"
  | "hangUninterruptibly"
  /** What it says of each record, or of how many. */
  | Extract<End, { readonly _tag: "Counted" | "PerRecord" }>
