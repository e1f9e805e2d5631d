import { shortened } from "../record/text.ts"
import { isFinite } from "./recordCodec.ts"

/**
 * Why records were given up, as it stands before them on disk.
 *
 * **Details**
 *
 * - `reason`: a short name, `"Rejected"` or `"TooLarge"` say.
 * - `attempts`: how often they were sent.
 * - `message`: the last error. Cut to 1,024 bytes, and says so; never put a payload or a
 *   credential into it.
 * - `time`: when they were given up, in milliseconds since the epoch.
 * - `partial`: so many of the records were refused and the others are stored, and nobody
 *   knows which; then they are not sent again. Absent when all of them were given up.
 *
 * @category models
 * @since 0.1.0
 */
export interface DeadLetterHeader {
  readonly reason: string
  readonly attempts: number
  readonly message: string
  readonly time: number
  readonly partial?: number | undefined
}

// More than a lane keeps, so that a message is not cut twice.
const longestMessage = 1024

/** The line that stands before dead letters. */
export const encodeHeader = ({ attempts, message, partial, reason, time }: DeadLetterHeader): string =>
  JSON.stringify([short(reason), attempts, short(message), time, ...partial === undefined ? [] : [partial]])

const short = (text: string): string => shortened(text, longestMessage).toWellFormed()

/** What such a line says, or nothing when it is none. */
export const decodeHeader = (line: string): DeadLetterHeader | undefined => {
  try {
    const fields: unknown = JSON.parse(line)
    if (!Array.isArray(fields)) return undefined
    const [reason, attempts, message, time, partial]: ReadonlyArray<unknown> = fields
    if (typeof reason !== "string" || !isFinite(attempts) || typeof message !== "string" || !isFinite(time)) {
      return undefined
    }
    return { reason, attempts, message, time, ...isFinite(partial) ? { partial } : undefined }
  } catch {
    return undefined
  }
}
