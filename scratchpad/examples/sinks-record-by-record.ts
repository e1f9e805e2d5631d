import { Effect } from "effect"
import { LogEncoder, LogSink } from "../../src/index.ts"

/** What the destination says of one document, in the order in which they were sent. */
interface Item {
  readonly status: number
  readonly reason: string
}

/** A sink for a destination that answers for each record. */
export const make = (
  send: (lines: ReadonlyArray<string>) => Promise<ReadonlyArray<Item>>
): LogSink.LogSink => {
  const { encode } = LogEncoder.json({ uid: true })
  return LogSink.make({
    name: "index",
    write: (batch) =>
      Effect.tryPromise({
        try: () => send(batch.map(encode)),
        catch: (cause) => LogSink.unavailable("no answer", { ambiguous: true, cause })
      }).pipe(Effect.flatMap(answered))
  })
}

const answered = (items: ReadonlyArray<Item>): Effect.Effect<void, LogSink.SinkError> => {
  const refused: Array<{ readonly record: number; readonly message: string }> = []
  const again: Array<number> = []
  for (const [record, { reason, status }] of items.entries()) {
    if (status === 429 || status >= 500) again.push(record)
    // 409: it was stored before.
    else if (status >= 400 && status !== 409) refused.push({ record, message: `${status} ${reason}` })
  }
  if (refused.length + again.length === 0) return Effect.void
  return Effect.fail(LogSink.perRecord(`${items.length} records, not all of them stored`, { refused, again }))
}
