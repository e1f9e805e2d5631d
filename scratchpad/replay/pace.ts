import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { Ledger, type Logging } from "../../src/index.ts"

/** Raised when a record was lost although the program waits for room: the destination itself fails. */
export class Losing extends Data.TaggedError("Losing")<{ readonly message: string }> {}

/**
 * Waits until the lane has room for one more record.
 *
 * A log call cannot wait, so the program does, before it. The lane is looked at
 * only when what was logged since the last look could have filled it.
 */
export const waitForRoom = (
  logging: Logging.Logging["Service"],
  lane: string,
  bounds: { readonly capacity: number; readonly maxBytes: number }
): (bytes: number) => Effect.Effect<void, Losing> => {
  // The last tenth of a lane is for warnings and errors.
  const most = { records: withoutReserve(bounds.capacity), bytes: withoutReserve(bounds.maxBytes) }
  let records = 0
  let held = 0

  const look = (bytes: number): Effect.Effect<void, Losing> =>
    Effect.gen(function*() {
      const stats = (yield* logging.stats).lanes[lane]
      if (stats === undefined) return yield* new Losing({ message: `there is no lane "${lane}"` })
      const lost = Ledger.total(stats.dropped)
      if (lost > 0) {
        return yield* new Losing({
          message: `${lost} records were lost (${stats.lastError ?? "the lane is full"}), so the replay stopped`
        })
      }
      records = stats.queued
      held = stats.queuedBytes
      if (records > most.records / 2 || held + bytes > most.bytes / 2) {
        yield* logging.flush
        records = 0
        held = 0
      }
      records++
      held += bytes
    })

  return (bytes) => {
    if (records >= most.records || held + bytes > most.bytes) return look(bytes)
    records++
    held += bytes
    return Effect.void
  }
}

/** Waits until the next record is due, at a rate per second from the first one on. */
export const waitForTurn = (rate: number): Effect.Effect<void> => {
  let started: number | undefined
  let count = 0
  return Effect.flatMap(nowMillis, (now) => {
    started ??= now
    const early = started + (count++ * 1000) / rate - now
    return early > 0 ? Effect.sleep(Math.ceil(early)) : Effect.void
  })
}

const nowMillis = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

const withoutReserve = (bound: number): number => bound - Math.floor(bound / 10)
