import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Schedule, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Timestamps } from "../../src/encode/Timestamps.ts"
import { DeadLetters, Ledger, LogLevels, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { steppingClock } from "../support/clocks.ts"
import { makeLane, messages, settle } from "../support/lanes.ts"
import { makeRuntime } from "../support/runtime.ts"
import { directory, open } from "../support/spooledLanes.ts"

const days = (count: number): number => Duration.toMillis(Duration.days(count))
const steps = [["on", days(3)], ["back", days(-3)]] as const
const everyMinute = { retry: Schedule.spaced("1 minute"), breaker: false } as const

describe("F68: a wall clock that is set", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect.each(steps)("%s ages no spooled record, and keeps none young", ([, step]) =>
      Effect.gen(function*() {
        const clock = yield* steppingClock
        yield* clock.around(Effect.gen(function*() {
          yield* TestClock.adjust("1 day")
          const spool = { directory: yield* directory, mode: "always", maxAge: "1 hour" } as const
          const sink = ScriptedSink.make({
            otherwise: ScriptedSink.unavailable,
            maxBatchSize: 1,
            ...everyMinute,
            spool
          })
          const { lane, offer } = yield* open(sink)
          offer(0, 1, clock.wall())
          yield* settle
          clock.step(step)
          yield* TestClock.adjust("30 minutes")
          offer(1, 2, clock.wall())
          yield* TestClock.adjust("29 minutes")
          assert.strictEqual(lane.books().dropped.expired, 0)
          yield* TestClock.adjust("2 minutes")
          assert.strictEqual(lane.books().dropped.expired, 1)
          clock.step(-2 * step)
          yield* TestClock.adjust("27 minutes")
          assert.strictEqual(lane.books().dropped.expired, 1)
          yield* TestClock.adjust("4 minutes")
          assert.strictEqual(lane.books().dropped.expired, 2)
        }))
      }))

    it.effect.each(steps)(
      "%s while a spool waits for its sink ages nothing that an earlier process left",
      ([, step]) =>
        Effect.gen(function*() {
          const clock = yield* steppingClock
          yield* clock.around(Effect.gen(function*() {
            yield* TestClock.adjust("1 day")
            const spool = { directory: yield* directory, mode: "always", maxAge: "1 hour" } as const
            const before = yield* open(ScriptedSink.make({ otherwise: ScriptedSink.hang, spool }))
            before.offer(0, 1, clock.wall())
            before.end()
            yield* TestClock.adjust("30 minutes")
            const sink = ScriptedSink.make({ otherwise: ScriptedSink.unavailable, ...everyMinute, spool })
            const { lane } = yield* open(sink)
            yield* settle
            clock.step(step)
            yield* TestClock.adjust("29 minutes")
            assert.strictEqual(lane.books().dropped.expired, 0)
            yield* TestClock.adjust("2 minutes")
            assert.strictEqual(lane.books().dropped.expired, 1)
          }))
        })
    )

    it.effect("that was behind at the start and is set right makes no record of an earlier process older than the start", () =>
      Effect.gen(function*() {
        const clock = yield* steppingClock
        yield* clock.around(Effect.gen(function*() {
          yield* TestClock.adjust("10 days")
          const spool = { directory: yield* directory, mode: "always", maxAge: "1 hour" } as const
          const before = yield* open(ScriptedSink.make({ otherwise: ScriptedSink.hang, spool }))
          before.offer(0, 1, clock.wall())
          before.end()
          clock.step(days(-3))
          const sink = ScriptedSink.make({ otherwise: ScriptedSink.unavailable, ...everyMinute, spool })
          const { lane } = yield* open(sink)
          yield* settle
          clock.step(days(4))
          yield* TestClock.adjust("58 minutes")
          assert.strictEqual(lane.books().dropped.expired, 0)
          yield* TestClock.adjust("4 minutes")
          assert.strictEqual(lane.books().dropped.expired, 1)
        }))
      }))

    it.effect("that is set without end costs no memory and expires nothing", () =>
      Effect.gen(function*() {
        const clock = yield* steppingClock
        yield* clock.around(Effect.gen(function*() {
          const spool = { directory: yield* directory, mode: "always", maxAge: "1 hour" } as const
          const sink = ScriptedSink.make({
            otherwise: ScriptedSink.unavailable,
            retry: Schedule.spaced("1 second"),
            breaker: false,
            spool
          })
          const { lane, offer } = yield* open(sink)
          offer(0, 1, clock.wall())
          for (let i = 0; i < 200; i++) {
            clock.step(i % 2 === 0 ? days(1) : -days(2))
            yield* TestClock.adjust("1 second")
          }
          assert.strictEqual(lane.books().dropped.expired, 0)
        }))
      }))

    it.effect("a dead letter says when it was given up by the clock of the program", () =>
      Effect.gen(function*() {
        const clock = yield* steppingClock
        yield* clock.around(Effect.gen(function*() {
          const letters = yield* DeadLetters.open({ directory: yield* directory, lane: "scripted" })
          clock.step(days(365))
          const sink = ScriptedSink.make({
            otherwise: ScriptedSink.fail({ _tag: "Rejected" }),
            deadLetter: DeadLetters.into(letters)
          })
          const { lane, offer } = yield* makeLane(sink)
          offer(1)
          yield* lane.flush
          const letter = letters.next()
          assert.strictEqual(letter?._tag === "DeadLetter" ? letter.time : undefined, clock.wall())
          letters.close()
        }))
      }))
  })

  it.effect.each(steps)("%s neither ends nor prolongs retries", ([, step]) =>
    Effect.gen(function*() {
      const clock = yield* steppingClock
      yield* clock.around(Effect.gen(function*() {
        const retry = LogSink.exponentialRetry({ base: "1 second", duration: "5 minutes" })
        const sink = ScriptedSink.make({ otherwise: ScriptedSink.unavailable, retry, breaker: false })
        const { lane, offer } = yield* makeLane(sink)
        offer(1)
        yield* settle
        clock.step(step)
        yield* TestClock.adjust("4 minutes")
        assert.strictEqual(Ledger.total(lane.books().dropped), 0)
        clock.step(-2 * step)
        yield* TestClock.adjust("2 minutes")
        assert.strictEqual(lane.books().dropped.retries_exhausted, 1)
      }))
    }))

  it.effect.each(steps)("%s neither closes a breaker nor keeps it open", ([, step]) =>
    Effect.gen(function*() {
      const clock = yield* steppingClock
      yield* clock.around(Effect.gen(function*() {
        const sink = ScriptedSink.make({
          script: [ScriptedSink.unavailable],
          retry: Schedule.spaced("1 second"),
          breaker: { failures: 1, cooldown: "1 minute" }
        })
        const { lane, offer } = yield* makeLane(sink)
        offer(1)
        yield* sink.started(1)
        yield* settle
        clock.step(step)
        yield* TestClock.adjust("59 seconds")
        assert.strictEqual(sink.writes.length, 1)
        yield* TestClock.adjust("2 seconds")
        yield* lane.flush
        assert.strictEqual(lane.books().delivered, 1)
      }))
    }))

  it.effect.each(steps)(
    "%s moves neither the deadline of shutdown, nor what is told of drops and how often",
    ([, step]) =>
      Effect.gen(function*() {
        const clock = yield* steppingClock
        yield* clock.around(Effect.gen(function*() {
          const hung = ScriptedSink.make({ name: "hung", otherwise: ScriptedSink.hang, capacity: 10, maxBatchSize: 1 })
          const memory = MemorySink.make()
          const runtime = yield* makeRuntime({ sinks: [hung, memory], shutdownTimeout: "5 seconds" })
          const told = () => messages(memory.records).filter((text) => String(text).startsWith("lane \"hung\""))
          yield* runtime.run(Effect.gen(function*() {
            for (let i = 0; i < 20; i++) yield* Effect.logInfo(i)
            yield* TestClock.adjust("1 second")
            assert.strictEqual(told().length, 1)
            clock.step(step)
            for (let i = 0; i < 20; i++) yield* Effect.logInfo(i)
            yield* TestClock.adjust("28 seconds")
            assert.strictEqual(told().length, 1)
            yield* TestClock.adjust("3 seconds")
            assert.strictEqual(told().length, 2)
          }))
          const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
          clock.step(-2 * step)
          yield* TestClock.adjust("4 seconds")
          assert.strictEqual(runtime.reports.length, 0)
          yield* TestClock.adjust("1 second")
          yield* Fiber.join(closing)
          assert.strictEqual(runtime.reports[0]?.elapsedMillis, 4500)
        }))
      })
  )

  it.effect("back makes no log span last less than nothing", () =>
    Effect.gen(function*() {
      const clock = yield* steppingClock
      yield* clock.around(Effect.gen(function*() {
        const memory = MemorySink.make()
        const runtime = yield* makeRuntime({ sinks: [memory] })
        const work = Effect.andThen(Effect.sync(() => clock.step(days(-3))), Effect.logInfo("done"))
        yield* runtime.run(Effect.withLogSpan(work, "work"))
        yield* runtime.close()
        assert.deepStrictEqual(memory.records[0]?.spans, { work: 0 })
      }))
    }))

  it("is shown as it is, second by second, whichever way it goes", () => {
    const timestamps = new Timestamps()
    const times = [
      0,
      999,
      1000,
      86_400_000,
      999,
      1001,
      -1,
      -1000,
      1_700_000_000_123,
      1_699_999_999_999,
      1_700_000_000_124
    ]
    for (const time of times) assert.strictEqual(timestamps.format(time), new Date(time).toISOString())
  })

  it.effect.each(steps)("%s moves no end of a level that is set for a time", ([, step]) =>
    Effect.gen(function*() {
      const clock = yield* steppingClock
      yield* clock.around(Effect.gen(function*() {
        const { close, service } = yield* makeRuntime({ sinks: [MemorySink.make()], minimumLevel: "Info" })
        const levelNow = Effect.map(SubscriptionRef.get(service.level), (levels) => LogLevels.current(levels).level)
        yield* service.setLevel("Error", { for: "5 minutes" })
        yield* settle
        clock.step(step)
        yield* TestClock.adjust("299 seconds")
        assert.strictEqual(yield* levelNow, "Error")
        yield* TestClock.adjust("1 second")
        assert.strictEqual(yield* levelNow, "Info")
        yield* close()
      }))
    }))

  it("is read for what is shown or kept, and for nothing that waits or expires", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"))
    const readers = files.filter((name) =>
      /Date\.now|new Date\(\)|currentTime(?:Millis|Nanos)/.test(readFileSync(join("src", name), "utf8"))
    )
    assert.deepStrictEqual(readers.toSorted(), [
      // The time that a report is printed with.
      "Ledger.ts",
      // The origin that times of records are stored from.
      "LogRecord.ts",
      // The time of an event of a span.
      "capture/spanEvents.ts",
      // The time of the record that the doctor sends.
      "cli/doctor/probe.ts",
      // The time of a line of the runtime's own.
      "diagnostics/Diagnostics.ts",
      // When a record of an event is made, and what the log spans around it are counted to.
      "events/EventState.ts",
      // Ages of what earlier processes left, and when the clock was set.
      "lane/RecordAges.ts",
      // The moment that a level for a time is to end at, which is held against the clock once.
      "runtime/LevelEnds.ts",
      "runtime/RuntimeLevels.ts",
      // The time of a record.
      "runtime/assemble.ts",
      // When a cron job runs next.
      "serving/jobs.ts",
      // The time of the record of a reported error.
      "serving/recordReport.ts",
      // The time that a date in `Retry-After` is held against, where a server does not say its own.
      "sinks/http/readAnswer.ts",
      // The time of a dead letter.
      "spool/openLetters.ts"
    ])
  })
})
