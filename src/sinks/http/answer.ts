import type * as Duration from "effect/Duration"
import * as LogSink from "../../LogSink.ts"
import { plural } from "../../record/text.ts"
import * as RetryAfter from "../../RetryAfter.ts"

/** What a server has answered. Nothing of its body belongs into the message of an error: it may repeat what it was sent. */
export interface Answer {
  readonly status: number
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** As much of it as is read: 64 KiB, where a destination says nothing else. */
  readonly bytes: Uint8Array
  /** The same, as UTF-8. */
  readonly body: string
  /** Whether there was more of it, or it broke off. */
  readonly isCut: boolean
  /** When it came, in milliseconds since the epoch. */
  readonly at: number
}

/** What time the server has, in milliseconds since the epoch and to the second, where it says that. */
export const serverTimeOf = ({ headers }: Answer): number | undefined => {
  const date = Date.parse(headers["date"] ?? "")
  return date >= 0 ? date : undefined
}

/** How long the server asks to be left alone. Its own clock goes before ours. */
export const retryAfterOf = (answer: Answer): Duration.Duration | undefined =>
  RetryAfter.parse(answer.headers["retry-after"], serverTimeOf(answer) ?? Math.max(0, Math.floor(answer.at)))

/**
 * What a write fails with of which a server has not taken some records, and says how many: nobody knows which, the others are
 * stored, and none is sent again.
 */
export const partlyRefused = (host: string, refused: number, size: number, said = ""): LogSink.SinkError => {
  const count = Math.min(refused, size)
  const message = `${host} refused ${count} of ${size} ${plural(size, "record")}`
  return LogSink.rejected(said === "" ? message : `${message}: ${said}`, { count })
}
