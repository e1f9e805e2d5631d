import { SpoolError } from "./disk/SpoolError.ts"

/** How large a store may be, how much of it is given back at once, and when it is forced to the disk. */
export interface Bounds {
  readonly maxBytes: number
  readonly segmentBytes: number
  readonly fsync: "never" | "interval" | "always"
}

const defaultSegmentBytes = 8 * 1024 * 1024
const leastSegment = 4096

/** The bounds that options ask for, and the defaults of those that they leave out. */
export const boundsOf = (
  options: { readonly [K in keyof Bounds]?: Bounds[K] | undefined },
  defaultMaxBytes: number
): Bounds => ({
  maxBytes: options.maxBytes ?? defaultMaxBytes,
  segmentBytes: options.segmentBytes ?? defaultSegmentBytes,
  fsync: options.fsync ?? "interval"
})

/** Throws a `SpoolError` that names what is out of range. */
export const checkBounds = (path: string, { maxBytes, segmentBytes }: Bounds): void => {
  const refuse = (message: string): never => {
    throw new SpoolError({ reason: "Options", path, message: `spool ${path}: ${message}` })
  }
  if (!Number.isSafeInteger(segmentBytes) || segmentBytes < leastSegment) {
    refuse(`segmentBytes must be a whole number of at least ${leastSegment}, got ${segmentBytes}`)
  }
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 2 * segmentBytes) {
    refuse(
      `maxBytes must be a whole number with room for two segments of ${segmentBytes} bytes, ` +
        `so at least ${2 * segmentBytes}, got ${maxBytes}`
    )
  }
}
