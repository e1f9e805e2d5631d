import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Capture } from "../capture/Capture.ts"
import { elementOf, type LiveRecord, Tap, type TapOptions } from "../capture/Tap.ts"
import { type LogRecord, severityOf } from "../LogRecord.ts"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { boundOf } from "../options/level.ts"
import { isInScope } from "../record/scope.ts"
import type { RecordsOptions } from "./recordsOptions.ts"

const checks: Check.Checks<RecordsOptions> = {
  minimumLevel: Check.levelOrBound,
  scope: Check.text,
  filter: Check.aSyncFunction,
  capacity: Check.wholeNumber(1)
}

/** Who watches the records of a runtime. Capture knows of them while there are any. */
export class Taps {
  private readonly capture: Capture
  private phase: "open" | "ended" = "open"
  private all: ReadonlyArray<Tap> = []

  constructor(capture: Capture) {
    this.capture = capture
  }

  /** The records from when the stream is run on, each time with a buffer of its own. */
  records(options: RecordsOptions = {}): Stream.Stream<LiveRecord> {
    const watched = watchedBy(checkOptions("Logging.records", checks, options))
    return Stream.unwrap(Effect.map(
      Effect.acquireRelease(
        Effect.map(Tap.make(watched), (tap) => this.add(tap)),
        (tap) => Effect.sync(() => this.follow(this.all.filter((other) => other !== tap)))
      ),
      ({ waiting }) => Stream.map(Stream.fromQueue(waiting), elementOf)
    ))
  }

  /** There are no records any more: who watches sees those that wait, and then the end. */
  end(): void {
    const { all } = this
    this.phase = "ended"
    this.follow([])
    for (const tap of all) tap.end()
  }

  private add(tap: Tap): Tap {
    if (this.phase === "open") this.follow([...this.all, tap])
    else tap.end()
    return tap
  }

  private follow(taps: ReadonlyArray<Tap>): void {
    this.all = taps
    this.capture.follow((rules) => rules.with({ taps }))
  }
}

const watchedBy = ({ capacity = 256, filter, minimumLevel = "All", scope }: RecordsOptions): TapOptions => ({
  minimum: severityOf(boundOf(minimumLevel)),
  filter: scope === undefined ? filter : both(within(scope), filter),
  capacity
})

type Filter = (record: LogRecord) => boolean

const both = (one: Filter, other: Filter | undefined): Filter =>
  other === undefined ? one : (record) => one(record) && other(record)

/** Whether the scope of a record is the one that is named, or one of those of a prefix. */
const within = (scope: string): Filter => ({ annotations }) => isInScope(annotations["scope"], scope)
