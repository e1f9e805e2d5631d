import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"
import { dropReasons, type LaneStats } from "../Ledger.ts"

/** What the metrics read of a lane. */
export interface Measured {
  readonly name: string
  stats(): LaneStats
}

/**
 * Registers the books of the lanes as metrics. They are read when somebody
 * exports metrics and cost a log call nothing.
 */
export const register = (lanes: ReadonlyArray<Measured>): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function*() {
    const context = yield* Effect.context()
    const registrations: Array<Metric.Registration> = []
    for (const lane of lanes) {
      const attributes = { lane: lane.name }
      const counter = (name: string, description: string, extra: Record<string, string>, get: () => number): void => {
        const metric = Metric.counter(name, { description, incremental: true, attributes: { ...attributes, ...extra } })
        registrations.push(Metric.registerUnsafe(metric, context, {
          ...noUpdates,
          get: () => ({ count: get(), incremental: true })
        }))
      }
      const gauge = (name: string, description: string, get: () => number): void => {
        const metric = Metric.gauge(name, { description, attributes })
        registrations.push(Metric.registerUnsafe(metric, context, { ...noUpdates, get: () => ({ value: get() }) }))
      }
      counter("spillway_accepted_total", "Records accepted by a lane", {}, () => lane.stats().accepted)
      counter(
        "spillway_recovered_total",
        "Records read back from a spool or from dead letters",
        {},
        () => lane.stats().recovered
      )
      counter("spillway_delivered_total", "Records delivered by a lane", {}, () => lane.stats().delivered)
      counter("spillway_dead_lettered_total", "Records dead-lettered by a lane", {}, () => lane.stats().deadLettered)
      counter("spillway_restarts_total", "Restarts of a lane's worker", {}, () => lane.stats().restarts)
      for (const reason of dropReasons) {
        counter("spillway_dropped_total", "Records dropped by a lane", { reason }, () => lane.stats().dropped[reason])
      }
      gauge("spillway_queued", "Records waiting in a lane", () => lane.stats().queued)
      gauge("spillway_queued_bytes", "Bytes waiting in a lane", () => lane.stats().queuedBytes)
      gauge("spillway_in_flight", "Records being written", () => lane.stats().inFlight)
      gauge("spillway_retrying", "Records waiting for a retry", () => lane.stats().retrying)
      gauge("spillway_spooled", "Records in a spool", () => lane.stats().spooled)
      gauge("spillway_healthy", "1 when the last write succeeded", () => lane.stats().status === "ok" ? 1 : 0)
    }
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const registration of registrations) registration.remove()
      })
    )
  })

const noUpdates = { update: () => {}, modify: () => {} }
