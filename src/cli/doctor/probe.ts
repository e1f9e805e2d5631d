import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { destinationOf } from "../../contract/destination.ts"
import { CurrentWireTap, type WireTap } from "../../contract/WireTap.ts"
import { answerOf } from "../../lane/answers.ts"
import { type Outcome, writeOutcome } from "../../lane/writeOutcome.ts"
import * as LogRecord from "../../LogRecord.ts"
import * as LogSink from "../../LogSink.ts"
import { randomId } from "../../node/randomId.ts"
import { durationOf } from "../../options/duration.ts"
import { effectFrom } from "../../options/effectFrom.ts"
import { type BoundInput, boundOf } from "../../options/level.ts"
import { severityOf } from "../../record/level.ts"

/** What became of a probe. */
export interface Finding {
  readonly sink: LogSink.LogSink
  readonly options: LogSink.LaneOptions
  /** Where it was sent, as far as that is known. */
  readonly endpoint: string | undefined
  readonly status: number | undefined
  /** How far the clock of the server is before ours, in milliseconds, where it says what time it has. */
  readonly ahead: number | undefined
  readonly millis: number
  /** `silenced` where no record at all goes to the sink. */
  readonly state: "delivered" | "failed" | "silenced"
  /** How the write ended. A batch can be delivered by one that failed: with a warning. */
  readonly outcome: Outcome | undefined
}

/** Writes one record that says what it is, as the lane of the sink would. */
export const probe = (sink: LogSink.LogSink): Effect.Effect<Finding> =>
  Effect.gen(function*() {
    const options = { ...LogSink.defaults, ...sink.options }
    const tap = new Hearing()
    const endpoint = destinationOf(sink)?.name
    const level = levelFor(options.minimumLevel)
    if (level === undefined) {
      return { sink, options, endpoint, ...tap.heard, millis: 0, state: "silenced", outcome: undefined }
    }
    const clock = yield* Clock.Clock
    const batch = [
      LogRecord.make({
        message: "effect-spillway doctor: this is a probe",
        annotations: { probe: true },
        time: clock.currentTimeMillisUnsafe(),
        level,
        runtimeId: randomId()
      })
    ]
    const from = clock.monotonicTimeNanosUnsafe()
    const writing = yield* Effect.suspend(() => effectFrom("write", sink.write(batch))).pipe(
      Effect.provideService(CurrentWireTap, tap),
      Effect.forkDetach
    )
    const outcome = yield* writeOutcome(sink.name, writing, durationOf(options.writeTimeout))
    const millis = Number((clock.monotonicTimeNanosUnsafe() - from) / 1_000_000n)
    if (sink.close !== undefined) yield* Effect.exit(Effect.timeoutOption(sink.close, "1 second"))
    const { sign } = answerOf(outcome, { batch, short: true })
    const state = sign === "works" ? "delivered" : "failed"
    return { sink, options, endpoint: tap.host ?? endpoint, ...tap.heard, millis, state, outcome }
  })

/** What was heard of the last exchange. */
class Hearing implements WireTap {
  host: string | undefined = undefined
  heard: Pick<Finding, "status" | "ahead"> = { status: undefined, ahead: undefined }

  asked(host: string): void {
    this.host = host
  }

  answered(status: number, serverTime: number | undefined, at: number): void {
    // It is said to the second: half of one is in the middle.
    this.heard = { status, ahead: serverTime === undefined ? undefined : serverTime + 500 - at }
  }
}

/** The level of a probe that a lane would take: Info, unless that is too low. */
const levelFor = (minimum: BoundInput): LogRecord.Level | undefined => {
  const least = severityOf(boundOf(minimum))
  return LogRecord.levels.find((level) => severityOf(level) >= Math.max(least, severityOf("Info")))
}
