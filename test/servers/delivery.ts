/** A lane that delivers over HTTP, with what its sink says of each write, and what became of its records. */
import { assert } from "@effect/vitest"
import { Effect, Logger, Queue, type Scope } from "effect"
import { type Ledger, type LogRecord, LogSink } from "../../src/index.ts"
import { makeLane } from "../support/lanes.ts"
import type { Collector } from "./Collector.ts"

export interface Delivery {
  /** Offers records one after the other, each as a batch of its own, and waits until it is settled. */
  readonly deliver: (count: number) => Effect.Effect<void>
  readonly offer: (count: number) => void
  readonly settled: Effect.Effect<void>
  readonly errors: ReadonlyArray<LogSink.SinkError>
  /** Waits for the next error that nobody has waited for. */
  readonly failed: Effect.Effect<LogSink.SinkError>
  /** What the sink has logged. */
  readonly warnings: ReadonlyArray<string>
  readonly books: () => Ledger.LaneBooks
  /** Everything that was delivered is at the far end, and there twice only where that was said. */
  readonly check: (far: Pick<Collector, "stored">) => void
}

/** The uids of what a collector of JSON lines has stored, as often as it has. */
export const uidsOf = (far: Pick<Collector, "stored">): ReadonlyArray<string> =>
  far.stored.flatMap(({ body }) => body.toString().split("\n")).filter((line) => line !== "").map((line) =>
    JSON.parse(line).uid
  )

/** The lane of a sink, which tries again at once. */
export const delivery = (
  sink: LogSink.LogSink,
  options: Partial<LogSink.LaneOptions> = {}
): Effect.Effect<Delivery, never, Scope.Scope> =>
  Effect.gen(function*() {
    const errors: Array<LogSink.SinkError> = []
    const news = yield* Queue.unbounded<LogSink.SinkError>()
    const warnings: Array<string> = []
    const offered = new Set<string>()
    const maybeTwice = new Set<string>()
    const doubt = (batch: ReadonlyArray<LogRecord.LogRecord>): void => {
      for (const { uid } of batch) maybeTwice.add(uid)
    }
    const listener = Logger.make(({ message }) => warnings.push(String(message)))
    const spied = LogSink.make({
      name: sink.name,
      ...sink.options,
      batchWindow: 0,
      breaker: false,
      retry: LogSink.exponentialRetry({ base: 0, times: 100 }),
      ...options,
      write: (batch) => {
        for (const { uid } of batch) offered.add(uid)
        const before = warnings.length
        return sink.write(batch).pipe(
          Effect.tapError((error) =>
            Effect.sync(() => {
              errors.push(error)
              Queue.offerUnsafe(news, error)
              if ("ambiguous" in error.reason && error.reason.ambiguous === true) doubt(batch)
            })
          ),
          Effect.onInterrupt(() => Effect.sync(() => doubt(batch))),
          Effect.tap(() => Effect.sync(() => warnings.length > before && doubt(batch))),
          Effect.provideService(Logger.CurrentLoggers, new Set([listener]))
        )
      }
    })
    const { lane, offer } = yield* makeLane(spied)
    const settled = Effect.suspend(() => lane.flush)
    return {
      offer,
      settled,
      errors,
      failed: Queue.take(news),
      warnings,
      books: () => lane.books(),
      deliver: (count) =>
        Effect.forEach(Array.from({ length: count }), () => Effect.andThen(Effect.sync(() => offer(1)), settled), {
          discard: true
        }),
      check(far) {
        const times = new Map<string, number>()
        for (const uid of uidsOf(far)) times.set(uid, (times.get(uid) ?? 0) + 1)
        assert.deepStrictEqual([...offered].filter((uid) => !times.has(uid)), [], "delivered and not there")
        const twice = [...times].filter(([, count]) => count > 1).map(([uid]) => uid)
        assert.deepStrictEqual(twice.filter((uid) => !maybeTwice.has(uid)), [], "there twice, and nobody said so")
        assert.strictEqual(lane.books().delivered, offered.size)
      }
    }
  })
