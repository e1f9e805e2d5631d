import type { LogRecord } from "../LogRecord.ts"
import type { DeadLetterHeader } from "./deadLetterHeader.ts"
import type { SpoolError } from "./disk/SpoolError.ts"
import type { AppendResult } from "./results.ts"

/**
 * Records that were given up together, and why: dead letters as they are kept.
 * `LogSink.DeadLetter` is one of them on its way here.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeadLetterBatch extends DeadLetterHeader {
  readonly _tag: "DeadLetter"
  readonly records: ReadonlyArray<LogRecord>
  /** Records that stood before these, or among them, and cannot be read. */
  readonly lost: number
}

/**
 * Options of `open`.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The folder of all lanes' spools; the letters are in `dead-letters/` of the lane's
   * folder in it. A relative path is that of the working directory when they are opened.
   */
  readonly directory: string
  /** The lane whose records they are, and through which they are sent again. */
  readonly lane: string
  /**
   * Most bytes on disk, at least those of two files. The oldest letters are dropped to
   * make room, and counted by `dropped`.
   *
   * @default 64 MiB
   */
  readonly maxBytes?: number | undefined
  /**
   * Size of a file in bytes, at least 4 KiB: the unit in which space is given back.
   *
   * @default 8 MiB
   */
  readonly segmentBytes?: number | undefined
  /**
   * When letters are forced to the disk: with `"always"` before `append` returns, with
   * `"interval"` when somebody calls `sync`, with `"never"` when the system likes. A
   * power cut loses what was not.
   *
   * @default "interval"
   */
  readonly fsync?: "never" | "interval" | "always" | undefined
}

/**
 * The open dead letters of a lane. Nothing here throws.
 *
 * **Details**
 *
 * `lane` is the lane they were opened for, and where `Logging` sends them again.
 * `append` adds records given up together, now if no `time` is given. It says how
 * many older ones it dropped to make room; `dropped` says how many that were since
 * the dead letters were opened. No lane counts those, because it gave them up long
 * ago. For records that `next` gave and nobody has acknowledged it drops none but
 * refuses them: they are there still. `next`, `ack`, `checkpoint`, `sync`
 * and `close` are those of a spool: what is acknowledged is removed.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeadLetters {
  readonly lane: string
  readonly directory: string
  readonly records: number
  readonly bytes: number
  readonly dropped: number
  readonly append: (
    records: ReadonlyArray<LogRecord>,
    header: Omit<DeadLetterHeader, "time"> & { readonly time?: number | undefined }
  ) => AppendResult
  readonly next: () => DeadLetterBatch | SpoolError | undefined
  readonly ack: (batch: DeadLetterBatch) => void
  readonly checkpoint: () => SpoolError | undefined
  readonly sync: () => SpoolError | undefined
  readonly close: () => void
}
