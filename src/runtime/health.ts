import { type LaneBooks, type LaneStats, type LaneStatus, total } from "../Ledger.ts"

/**
 * How a lane is.
 *
 * **Details**
 *
 * | state | meaning |
 * |---|---|
 * | `"ok"` | the last write was taken |
 * | `"degraded"` | the last write failed, and is tried again |
 * | `"open"` | so many have failed that the breaker is open: the lane tries with its oldest batch, once a cooldown |
 * | `"draining"` | shutdown has begun |
 * | `"closed"` | it takes nothing any more: its destination is gone, or shutdown has ended |
 *
 * @category models
 * @since 0.1.0
 */
export type HealthStatus = LaneStatus | "open"

/**
 * Records per second.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rates {
  readonly accepted: number
  readonly delivered: number
  readonly dropped: number
}

/**
 * The state of a lane when it was looked at.
 *
 * @category models
 * @since 0.1.0
 */
export interface LaneHealth {
  readonly status: HealthStatus
  /** The records that are not settled yet: queued, written just now, waiting for a retry, or in the spool. */
  readonly depth: number
  /** Since the element before; in the first one since the runtime was built. */
  readonly rates: Rates
  /** What the last write that was not taken was answered with, until one is taken. */
  readonly lastError: string | undefined
}

/**
 * The states of the lanes. `status` is that of the worst: `"closed"` goes before
 * `"draining"`, then come `"open"`, `"degraded"` and `"ok"`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Health {
  readonly status: HealthStatus
  readonly lanes: Readonly<Record<string, LaneHealth>>
}

/** What rates are made of. */
export type Counts = Pick<LaneBooks, "accepted" | "delivered" | "dropped">

/** The best first. */
const order: ReadonlyArray<HealthStatus> = ["ok", "degraded", "open", "draining", "closed"]

/** The health of these lanes, of a log that is open or has ended. */
export const healthOf = (lanes: Health["lanes"], log: "open" | "ended"): Health => {
  const places = Object.values(lanes).map(({ status }) => order.indexOf(status))
  return { status: log === "ended" ? "closed" : order[Math.max(0, ...places)]!, lanes }
}

/** How a lane is by its numbers of now, and of so many seconds before. */
export const laneHealth = (now: LaneStats, before: Counts | undefined, seconds: number): LaneHealth => ({
  status: now.status === "degraded" && now.breakerOpen ? "open" : now.status,
  depth: now.queued + now.inFlight + now.retrying + now.spooled,
  rates: {
    accepted: perSecond(now.accepted - (before?.accepted ?? 0), seconds),
    delivered: perSecond(now.delivered - (before?.delivered ?? 0), seconds),
    dropped: perSecond(total(now.dropped) - (before === undefined ? 0 : total(before.dropped)), seconds)
  },
  lastError: now.lastError
})

const perSecond = (count: number, seconds: number): number => seconds > 0 ? count / seconds : 0

/** Whether anything but numbers has changed. */
export const differ = (one: Health, other: Health): boolean => {
  const names = Object.keys(one.lanes)
  return one.status !== other.status || names.length !== Object.keys(other.lanes).length ||
    names.some((name) => {
      const [now, before] = [one.lanes[name], other.lanes[name]]
      return now?.status !== before?.status || now?.lastError !== before?.lastError
    })
}
