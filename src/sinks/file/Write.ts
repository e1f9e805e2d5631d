import type { LogRecord } from "../../LogRecord.ts"
import { endOfLines, pipeBuf } from "../../node/wholeLines.ts"
import type { Opened } from "./Opened.ts"

const firstPauseMillis = 1
const longestPauseMillis = 100
/** How long a pipe may take nothing, and how long a write may wait for it in all. */
const longestStallMillis = 1000
const longestWaitMillis = 10_000

/** How far a write has come, and how long it waits for a pipe that is full. */
export class Write {
  readonly opened: Opened
  readonly bytes: Uint8Array
  /** What the bytes are the lines of. */
  readonly batch: ReadonlyArray<LogRecord>
  written = 0
  private pauseMillis = firstPauseMillis
  private waitedMillis = 0
  private stalledMillis = 0

  constructor(opened: Opened, bytes: Uint8Array, batch: ReadonlyArray<LogRecord>) {
    this.opened = opened
    this.bytes = bytes
    this.batch = batch
  }

  get isDone(): boolean {
    return this.written >= this.bytes.length
  }

  /** Where the next call ends: a pipe takes up to `PIPE_BUF` bytes whole or not at all. */
  get next(): number {
    const { bytes, opened, written } = this
    return opened.kind === "regular" ? bytes.length : endOfLines(bytes, written, pipeBuf)
  }

  took(count: number): void {
    this.written += count
    this.opened.size += count
    this.pauseMillis = firstPauseMillis
    this.stalledMillis = 0
  }

  /** The next wait for a pipe; nothing when it has been waited for long enough. */
  nextPause(): number | undefined {
    if (this.stalledMillis >= longestStallMillis || this.waitedMillis >= longestWaitMillis) return undefined
    const millis = this.pauseMillis
    this.pauseMillis = Math.min(2 * millis, longestPauseMillis)
    this.stalledMillis += millis
    this.waitedMillis += millis
    return millis
  }
}
