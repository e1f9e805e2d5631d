import type { LogRecord } from "../LogRecord.ts"
import type { BoundInput } from "../options/level.ts"

/**
 * Options of the service's `records`: which are shown, and how many wait for who watches.
 *
 * @category options
 * @since 0.1.0
 */
export interface RecordsOptions {
  /**
   * The lowest level that is shown. What the program does not log is not shown either.
   *
   * @default "All"
   */
  readonly minimumLevel?: BoundInput | undefined
  /**
   * Only records with this `scope` among their annotations. `"http.*"` are all whose scope is
   * `http` or begins with `http.`.
   *
   * @default all records
   */
  readonly scope?: string | undefined
  /**
   * Only records that this lets through, asked in the log call, before one is queued. What
   * it logs is dropped; one that throws lets the record through.
   *
   * @default all records
   */
  readonly filter?: ((record: LogRecord) => boolean) | undefined
  /**
   * Most records that wait for who watches. Further ones are missed, and counted.
   *
   * @default 256 records
   */
  readonly capacity?: number | undefined
}
