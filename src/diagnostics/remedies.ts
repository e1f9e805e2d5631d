import { type DropCounts, type DropReason, dropReasons } from "../Ledger.ts"

const moreRoom = "log less, or give the lane more room or a spool"

/** What helps against each reason to lose records. */
const remedies: Readonly<Record<DropReason, string>> = {
  queue_full: moreRoom,
  bytes_full: moreRoom,
  sampled: moreRoom,
  too_large: "log smaller records, or have the destination take larger ones",
  encode_failed: "look for getters that log, and for log calls on a full stack",
  closed: "provide the logging layer around all that log",
  sink_closed: "start again when the destination is there, or give the sink a fallback",
  rejected_by_server: "mend what the sink says of it, or give it a fallback or dead letters",
  retries_exhausted: "bring the destination back, or give the lane a spool",
  expired: "give the spool a longer maxAge",
  spool_full: "bring the destination back, or give the spool more room",
  spool_corrupt: "look at the disk, and at what is in quarantine",
  shutdown_deadline: "give shutdown more time, or the lane a spool",
  unconfirmed: "look whether they have arrived, and give the writes more time"
}

/** What helps against most of some losses. */
export const remedyOf = (counts: DropCounts): string =>
  remedies[dropReasons.reduce((most, reason) => counts[reason] > counts[most] ? reason : most)]
