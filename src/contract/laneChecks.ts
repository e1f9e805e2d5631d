import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Check from "../options/check.ts"
import { optionsOf } from "../options/checkOptions.ts"
import { shown } from "../options/shown.ts"
import { recordMap } from "./RecordMap.ts"
import { type Breaker, isLogSink, type LaneOptions } from "./Sink.ts"
import { defaultSpoolBytes, roomForTwo, spoolChecks } from "./spoolChecks.ts"

const count = Check.wholeNumber(1)

const breaker = optionsOf<Breaker>({
  failures: Check.required(count),
  cooldown: Check.required(Check.duration("positive", "finite"))
})

const fallback = Check.satisfies(
  "a sink without a fallback of its own",
  (value) => isLogSink(value) && value.options.fallback === undefined,
  (value) => isLogSink(value) ? `${shown(value.name)}, which has one` : Check.uncalled(value)
)

/** What a sink may be given as. */
export const source = Check.satisfies(
  "a sink or an Effect of one",
  (value) => isLogSink(value) || Effect.isEffect(value),
  Check.uncalled
)

/** What the options of a lane may be, whose sink writes one batch at a time. */
export const serialLaneChecks: Check.Checks<Partial<Omit<LaneOptions, "concurrency">>> = {
  capacity: count,
  maxBytes: count,
  strategy: Check.words("dropping", "sliding", "sampling"),
  sampleShare: Check.satisfies(
    "a number above 0 and below 1",
    (value) => typeof value === "number" && value > 0 && value < 1
  ),
  maxBatchSize: count,
  maxBatchBytes: count,
  batchWindow: Check.duration("zero", "any"),
  writeTimeout: Check.duration("positive", "any"),
  retry: Check.satisfies("a Schedule, like LogSink.exponentialRetry gives one", Schedule.isSchedule, Check.uncalled),
  minimumLevel: Check.levelOrBound,
  filter: Check.aSyncFunction,
  map: recordMap,
  breaker: Check.either(breaker, Check.no),
  fallback,
  deadLetter: Check.aSyncFunction,
  spool: optionsOf(spoolChecks, roomForTwo(defaultSpoolBytes))
}

/** What the options of a lane may be. */
export const laneChecks: Check.Checks<Partial<LaneOptions>> = { ...serialLaneChecks, concurrency: count }
