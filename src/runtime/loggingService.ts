import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type * as SubscriptionRef from "effect/SubscriptionRef"
import type { DirectLogger } from "../capture/directLogger.ts"
import type { LiveRecord } from "../capture/Tap.ts"
import type { Given } from "../contract/given.ts"
import type { LaneBooks, ShutdownReport, Stats } from "../Ledger.ts"
import type * as LogLevels from "../LogLevels.ts"
import type * as LogSink from "../LogSink.ts"
import type { BoundInput } from "../options/level.ts"
import type { DeadLetters } from "../spool/DeadLetters.ts"
import type { Description } from "./description.ts"
import type { Health } from "./health.ts"
import type { LaneError } from "./LaneError.ts"
import type { LaneSettings } from "./laneSettings.ts"
import type { RecordsOptions } from "./recordsOptions.ts"
import type { Replayed, ReplayError } from "./resendLetters.ts"
import type { Rules } from "./rules.ts"
import type { SetLevelOptions } from "./setting.ts"

/** What the service of a runtime does. */
export interface LoggingService {
  /** The books, live. */
  readonly stats: Effect.Effect<Stats>
  /**
   * Waits until everything accepted before is settled. Batch windows are cut short,
   * retries are not: bound it with a timeout where that matters.
   */
  readonly flush: Effect.Effect<void>
  /**
   * Waits until every lane has room: a log call cannot wait, but a batch program can,
   * before it logs more. Completes at once while no lane is more than half full, and else
   * when each is at most a quarter full, so that it does not wait for every record. Up to
   * half of the smallest lane may be logged between two waits. Batch windows are cut
   * short, retries are not: a sink that is down for hours has its lane full for as long,
   * so bound it with a timeout. A lane that has ended, for shutdown or because its
   * destination is gone, is not waited for. A lane with a spool has room while its spool
   * is at most half full.
   */
  readonly room: Effect.Effect<void>
  /**
   * Ends logging and drains; always the same report, however often and by whomever it is
   * run. The layer's scope runs it by itself.
   */
  readonly shutdown: Effect.Effect<ShutdownReport>
  /** The same runtime for code outside Effect. */
  readonly logger: DirectLogger
  /**
   * The levels of now. What is set here, by `Logging.setLevel` or by functions of Effect, is
   * followed by the next log call, and its changes can be listened to. A value that is no
   * `LogLevels` is said once on stderr and taken away again.
   */
  readonly level: SubscriptionRef.SubscriptionRef<LogLevels.Levels>
  /** What `Logging.setLevel` does. */
  readonly setLevel: (level: BoundInput, options?: SetLevelOptions) => Effect.Effect<void>
  /**
   * Sends the dead letters that are there now again, oldest first, through the lane they
   * were opened for, or through the one named by `into`.
   *
   * A letter is sent when the lane has room, one at a time, in turn with what is logged;
   * its records keep their identity and their time and are counted as `recovered`. It is
   * removed when they are settled: delivered, or given up again to the lane's fallback or
   * dead letters, or else back to where they were. Where there is no room for that, it
   * stays there whole, for the next process. Ends after the letters that were there at
   * its start. When the process dies in between, some are sent twice; none are lost.
   * Interrupting it leaves the letter on its way to the lane.
   */
  readonly replay: (
    letters: DeadLetters,
    options?: { readonly into?: string | undefined }
  ) => Effect.Effect<Replayed, ReplayError>
  /**
   * The records of the program from when the stream is run on, as the lanes are offered
   * them: copies, redacted and bounded, in the order they were logged. Ends at shutdown,
   * after the last one.
   *
   * Each run has a buffer of its own (`capacity`). Who watches too slowly slows nobody: what
   * finds the buffer full is missed, and `{ _tag: "Missed", count }` stands where it would
   * have been. Such a record is no loss: the lanes have it, and no book counts it. One
   * that nobody but a stream wants is `filtered`. While no stream runs, nothing is built
   * or kept for one.
   *
   * Who logs while it watches sees that too, for ever: leave it out with `filter` or
   * `scope`. The runtime's own records about drops are not shown.
   *
   * Throws a `RangeError` for an option that is not known or not what it must be.
   */
  readonly records: (options?: RecordsOptions) => Stream.Stream<LiveRecord>
  /**
   * The states of the lanes: those of the present first, then one element whenever a state
   * or the error behind it is another, at most ten a second by Effect's `Clock`. What
   * changes within a tenth of a second is one element, with the states of its end; numbers
   * alone are no change. Ends after shutdown, with every lane `"closed"`. While nobody
   * watches, nothing is looked at, and no timer runs while nothing changes.
   *
   * It is for alerts, for a page and for work that can be put off, and never for a liveness
   * probe: a restart loses what is queued and cures nothing.
   */
  readonly health: Stream.Stream<Health>
  /**
   * Gives a sink a lane of its own while the program logs, until the scope is closed: then
   * the lane is detached as by `detach`. What is logged from then on goes there too. Gives
   * the name of the lane: that of the sink, with a number behind it where the runtime has
   * or had one of that name.
   *
   * A source is built with the services of who calls this. It has 10 s, as at the start,
   * and is not tried again: when it fails there is no lane, and this fails with a
   * {@link LaneError} that has its error as `cause`, as it does when shutdown has begun.
   * What the environment says of sinks and lanes is of those that the runtime starts with.
   */
  readonly attach: <Source extends LogSink.Source>(
    source: Source
  ) => Effect.Effect<string, LaneError, LogSink.SourceServices<Source> | Scope.Scope>
  /**
   * Takes a lane from the runtime, which goes on: no record comes to it any more, those it
   * has are written for as long as `shutdownTimeout`, what is left then is dropped as
   * `shutdown_deadline` or `unconfirmed` or stays on its spool, and its sink is closed. A
   * fallback that no other lane needs ends with it.
   *
   * Gives the books of the lane when it has ended; they stay in `stats`, under the status
   * `"closed"`, and in the report of shutdown: by its name until a hundred others have gone
   * after it, then in those of `detached`, the sum of all before. Whoever detaches it again, or during
   * shutdown, waits for the same and is given the same. Interrupting it only ends the wait.
   * Fails with a {@link LaneError} where there is no such lane, or it is a fallback.
   */
  readonly detach: (name: string) => Effect.Effect<LaneBooks, LaneError>
  /**
   * Has a lane go by other options from now on: what it takes (`minimumLevel`, and `filter`, of which
   * `false` is none; routes stay), how much it holds (`capacity`, `maxBytes`), and how it writes
   * (`maxBatchSize`, `maxBatchBytes`, `batchWindow`, `writeTimeout`, `retry`, `breaker`). What waits
   * for a retry is tried at once; a write that runs keeps its time. A level that is set for the lane
   * by `setLevel` goes before `minimumLevel`. In a lane without a queue only what it takes means
   * anything. Fails with a {@link LaneError} where there is no such lane.
   *
   * No record is lost by it. A lane that holds more than it may from now on keeps that, and what comes
   * finds it full until there is room: it is dropped, or the queued ones that are too many make room
   * for it, with `strategy: "sliding"` the oldest, with `"sampling"` a share of them.
   */
  readonly setLane: (name: string, options: LaneSettings) => Effect.Effect<void, LaneError>
  /**
   * What the runtime goes by now and may be changed while it goes on, as one value: levels, routes, and what of each lane
   * `setLane` sets. It can be printed, compared with `Equal.equals`, and put back by `setRules`.
   */
  readonly rules: Effect.Effect<Rules>
  /**
   * Has the runtime go by other rules from one log call to the next: those that `rules` has given before, or others;
   * what is left out stays. A lane that goes by them already is left alone. What they say of a lane that there is not is
   * left out and said once on stderr; routes and levels of its name hold when one comes.
   *
   * Throws a `RangeError` for what is not known or not what it must be, and changes nothing then.
   */
  readonly setRules: (rules: Given<Rules>) => Effect.Effect<void>
  /**
   * Has a lane write to another sink, and goes on with all it has: its queue, the batches in
   * hand, its spool, fallback and dead letters, its name and its books. A write that runs
   * ends on the sink before, with that one's answer; every other is to the new one, at once
   * where the lane was waiting to try again, with its breaker closed. No record is lost for
   * it, sent twice or in another order. Completes when the sink before is closed, which
   * waits for a write that runs, so for as long as `writeTimeout`; interrupting it only
   * ends the wait.
   *
   * How it is written goes with the sink: `maxBatchSize`, `maxBatchBytes`, `batchWindow`,
   * `writeTimeout`, `retry`, `breaker` and `map`. All other options of the sink mean
   * nothing here: the lane's stay.
   *
   * A source is built as by `attach`. Fails with a {@link LaneError}, and the lane keeps
   * its sink, when it cannot be built, there is no such lane, or that takes nothing more.
   */
  readonly replace: <Source extends LogSink.Source>(
    name: string,
    source: Source
  ) => Effect.Effect<void, LaneError, LogSink.SourceServices<Source>>
  /**
   * The configuration as it counts, as plain data: each option of the layer and of every lane
   * that there is now, with where its value comes from. It can be printed as JSON and compared.
   *
   * Nothing is in it that would be hidden in a record by the default rules or by the `keys`
   * of `redact`, whatever `redact` lets through: to print it tells no secret. What sinks are made
   * with, URLs and headers say, is not in it.
   */
  readonly describe: Effect.Effect<Description>
}
