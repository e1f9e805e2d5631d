import { Clock, Effect } from "effect"
import { HttpBody, HttpClient } from "effect/http"
import { LogEncoder, LogSink, RetryAfter } from "../../src/index.ts"

/** A sink that posts batches to a collector that takes JSON lines. */
export const make = (url: string): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> =>
  Effect.gen(function*() {
    // What is not read of an answer ends with its write.
    const client = HttpClient.withScope(yield* HttpClient.HttpClient)
    // By the uid the collector knows a record that it is sent twice.
    const { encodeBatch } = LogEncoder.json({ uid: true })

    return LogSink.make({
      name: "collector",
      maxBatchSize: 200,
      batchWindow: "2 seconds",
      writeTimeout: "10 seconds",
      write: (batch) =>
        // The encoder uses its memory again: the request gets a copy.
        client.post(url, { body: HttpBody.uint8Array(encodeBatch(batch).slice(), "application/x-ndjson") }).pipe(
          Effect.mapError((cause) => LogSink.unavailable("no answer", { ambiguous: true, cause })),
          Effect.flatMap(({ headers, status }) => answered(status, headers["retry-after"])),
          Effect.scoped
        )
    })
  })

const answered = (status: number, retryAfter: string | undefined): Effect.Effect<void, LogSink.SinkError> =>
  Clock.clockWith((clock) => {
    const message = `answered ${status}`
    if (status < 300) return Effect.void
    if (status < 400 || status === 401 || status === 403 || status === 404) {
      return Effect.fail(LogSink.misconfigured(message))
    }
    if (status === 413) return Effect.fail(LogSink.tooLarge(message))
    if (status !== 429 && status < 500) return Effect.fail(LogSink.rejected(message))
    const wait = RetryAfter.parse(retryAfter, clock.currentTimeMillisUnsafe())
    return Effect.fail(LogSink.unavailable(message, { retryAfter: wait }))
  })
