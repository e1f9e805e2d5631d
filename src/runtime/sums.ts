import { type DropCounts, dropReasons, type LaneBooks, noDrops } from "../Ledger.ts"

/** The sum of counts, reason by reason. */
export const sumOfDrops = (all: ReadonlyArray<DropCounts>): DropCounts => {
  const sum = noDrops()
  for (const counts of all) for (const reason of dropReasons) sum[reason] += counts[reason]
  return sum
}

/** The books of two lanes as those of one: where both balance, the sum does. */
export const sumOfBooks = (a: LaneBooks, b: LaneBooks): LaneBooks => ({
  accepted: a.accepted + b.accepted,
  recovered: a.recovered + b.recovered,
  delivered: a.delivered + b.delivered,
  dropped: sumOfDrops([a.dropped, b.dropped]),
  deadLettered: a.deadLettered + b.deadLettered,
  queued: a.queued + b.queued,
  inFlight: a.inFlight + b.inFlight,
  retrying: a.retrying + b.retrying,
  spooled: a.spooled + b.spooled,
  restarts: a.restarts + b.restarts,
  marked: a.marked + b.marked
})
