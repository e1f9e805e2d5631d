/** An open file. */
export class Opened {
  readonly fd: number
  /** `unknown` until it has been looked at, and again when somebody else has changed it. A stream has no size. */
  kind: "unknown" | "regular" | "stream" = "unknown"
  /** How long the file is if nobody else writes to it. */
  size = 0
  /** Which file it is, whatever path leads to it. */
  identity: string | undefined = undefined
  /** When it was last looked whether it still is the file at its path. */
  checkedAt: bigint

  constructor(fd: number, checkedAt: bigint) {
    this.fd = fd
    this.checkedAt = checkedAt
  }
}
