import type { SpoolError } from "./disk/SpoolError.ts"
import type { Held } from "./owner/OwnerLock.ts"

/**
 * What became of an append. `dropped` counts older records that were removed to
 * make room, whatever became of the new ones.
 *
 * @category models
 * @since 0.1.0
 */
export type AppendResult =
  | { readonly _tag: "Appended"; readonly dropped: number }
  /** The spool is full and keeps what it has, or the batch is larger than the spool. */
  | { readonly _tag: "Refused"; readonly dropped: number }
  /** Nothing was appended. */
  | { readonly _tag: "Failed"; readonly dropped: number; readonly error: SpoolError }

/**
 * What was there when a store was opened.
 *
 * **Details**
 *
 * - `records`: records that were not acknowledged, those included whose loss is
 *   known or will be noticed when they are read.
 * - `corruptRecords`: how many of them are known to be lost already. They are
 *   reported by `next`, as `lost`, like any others.
 * - `corruptBytes`: bytes at the end of the last segment that are no frame.
 * - `setAside`: files moved to `quarantine/`: not regular, of a newer version,
 *   or without a single frame.
 * - `adopted`: directories of dead processes whose records come first.
 * - `held`: directories that others have, or may have.
 *
 * @category models
 * @since 0.1.0
 */
export interface Recovery {
  readonly records: number
  readonly corruptRecords: number
  readonly corruptBytes: number
  readonly setAside: number
  readonly adopted: number
  readonly held: ReadonlyArray<Held>
}
