import { defaultSegmentBytes } from "../contract/spoolChecks.ts"

/** How large a store may be, how much of it is given back at once, and when it is forced to the disk. */
export interface Bounds {
  readonly maxBytes: number
  readonly segmentBytes: number
  readonly fsync: "never" | "interval" | "always"
}

/** The bounds that options ask for, and the defaults of those that they leave out. */
export const boundsOf = (
  options: { readonly [K in keyof Bounds]?: Bounds[K] | undefined },
  defaultMaxBytes: number
): Bounds => ({
  maxBytes: options.maxBytes ?? defaultMaxBytes,
  segmentBytes: options.segmentBytes ?? defaultSegmentBytes,
  fsync: options.fsync ?? "interval"
})
