import { Effect } from "effect"
import { LogEncoder, LogSink } from "../../src/index.ts"

/** A connection that numbers what it sends, and is answered with the numbers of what is stored. */
interface Connection {
  readonly send: (id: number, line: string) => void
  readonly onAcknowledged: (listener: (id: number) => void) => void
  readonly onClosed: (listener: () => void) => void
  readonly close: () => void
}

/** A sink that has a batch on its way at once. */
export const make = (connect: () => Connection): LogSink.LogSink => {
  const { encode } = LogEncoder.json({ uid: true })
  return LogSink.make({
    name: "relay",
    write: (batch, acknowledge) =>
      Effect.acquireUseRelease(
        Effect.sync(connect),
        (connection) =>
          Effect.callback<void, LogSink.SinkError>((resume) => {
            let open = batch.length
            connection.onClosed(() =>
              resume(Effect.fail(LogSink.unavailable("the connection is closed", { ambiguous: true })))
            )
            connection.onAcknowledged((id) => {
              acknowledge(id)
              open--
              if (open === 0) resume(Effect.void)
            })
            for (const [id, record] of batch.entries()) connection.send(id, encode(record))
          }),
        // However the write ends, also when it takes too long.
        (connection) => Effect.sync(() => connection.close())
      )
  })
}
