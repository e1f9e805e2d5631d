import type { DurationInput } from "../options/duration.ts"

/**
 * How a lane keeps records on disk. A record may be sent twice: when its delivery
 * was uncertain, or when a crash came before the note that it was delivered.
 *
 * @category options
 * @since 0.1.0
 */
export interface SpoolOptions {
  /**
   * The folder of all lanes' spools; a lane has a folder of its own in it. A
   * relative path is that of the working directory when the layer is built.
   *
   * A second process on the same lane gets a folder of its own, and what a dead one
   * left is sent first: by the next that starts, or within a minute by one that runs
   * beside it. When it cannot be seen whether an owner still runs (it is on another
   * machine, say), what it left stays where it is, and a line on stderr names it.
   */
  readonly directory: string
  /**
   * What goes to disk: with `"overflow"` what waits when memory fills, an outage lasts or
   * shutdown ends, so that a crash loses what is in memory; with `"always"` every record,
   * which then survives SIGKILL.
   *
   * `"overflow"` moves the queue to disk when it is four fifths full, with what is being
   * written then in front of it, when an outage lasts longer than 5 s, and what is left at
   * the end of shutdown. `"always"` puts every record on disk in the turn of the event loop
   * after its log call, before it is sent.
   */
  readonly mode: "overflow" | "always"
  /**
   * Most bytes on disk, at least those of two files. What finds no room is dropped as
   * `spool_full`.
   *
   * What the disk does not take, because others have filled it, stays in memory and
   * is tried again every half second.
   *
   * @default 256 MiB
   */
  readonly maxBytes?: number | undefined
  /**
   * Size of a file in bytes, at least 4 KiB: the unit in which space is given back.
   *
   * @default 8 MiB
   */
  readonly segmentBytes?: number | undefined
  /**
   * What a full spool drops, as `spool_full`: with `"sliding"` its oldest file, with
   * `"dropping"` the new records.
   *
   * @default "sliding"
   */
  readonly strategy?: "sliding" | "dropping" | undefined
  /**
   * When records are forced to the disk: with `"interval"` within 500 ms, with
   * `"always"` before they count as spooled, with `"never"` when the system likes. A
   * power cut loses what was not.
   *
   * @default "interval"
   */
  readonly fsync?: "never" | "interval" | "always" | undefined
  /**
   * A record that is older when its turn comes is not sent any more, but given up
   * as `expired` (as `unconfirmed` when it may have arrived); `Infinity` for no limit.
   *
   * Its age is counted from the log call, by a clock that nobody sets. Through a
   * restart there is only the wall clock: a record that an earlier process left is as
   * old as that says at the start, right or wrong.
   *
   * @default 24 hours
   */
  readonly maxAge?: DurationInput | undefined
}
