import type * as Context from "effect/Context"
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
 * The books of the lanes as metrics, as long as each lane is there. They are read when
 * somebody exports metrics and cost a log call nothing.
 */
export class LaneMetrics {
  private readonly context: Context.Context<never>
  private readonly registrations = new Map<string, ReadonlyArray<Metric.Registration>>()

  private constructor(context: Context.Context<never>) {
    this.context = context
  }

  static readonly make: Effect.Effect<LaneMetrics, never, Scope.Scope> = Effect.contextWith(
    (context: Context.Context<never>) =>
      Effect.acquireRelease(
        Effect.sync(() => new LaneMetrics(context)),
        (metrics) => Effect.sync(() => metrics.end())
      )
  )

  register(lane: Measured): void {
    const { context } = this
    const registrations: Array<Metric.Registration> = []
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
    this.registrations.set(lane.name, registrations)
  }

  remove({ name }: Pick<Measured, "name">): void {
    for (const registration of this.registrations.get(name) ?? []) registration.remove()
    this.registrations.delete(name)
  }

  private end(): void {
    for (const name of this.registrations.keys()) this.remove({ name })
  }
}

const noUpdates = { update: () => {}, modify: () => {} }
