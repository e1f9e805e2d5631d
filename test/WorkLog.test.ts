import { assert, describe, it } from "@effect/vitest"
import { Cron, Data, Effect, Fiber, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Logging, WideEvent } from "../src/index.ts"
import * as WorkLog from "../src/WorkLog.ts"
import { accesses } from "./support/access.ts"

class Full extends Data.TaggedError("Full") {}

const said = Effect.map(
  accesses,
  (all) => all.map(({ causes, level, said: { "event.name": name, ...rest } }) => ({ name, level, causes, ...rest }))
)

describe("WorkLog.job", () => {
  it.effect("makes one record of a message, by the names of OpenTelemetry, with what is added inside", () =>
    Effect.gen(function*() {
      const handle = (attempt: number, work: Effect.Effect<void, Full>) =>
        work.pipe(
          WorkLog.job("send mail", { system: "rabbitmq", destination: "mails", messageId: "m-1", attempt }),
          Effect.exit
        )
      yield* handle(1, Effect.fail(new Full()))
      yield* handle(2, WideEvent.add({ order: 1042 }))
      const message = {
        name: "send mail",
        "messaging.system": "rabbitmq",
        "messaging.destination.name": "mails",
        "messaging.operation.type": "process",
        "messaging.message.id": "m-1"
      }
      assert.deepStrictEqual<unknown>(yield* said, [
        {
          ...message,
          level: "Error",
          causes: ["Fail"],
          "event.outcome": "failure",
          "error.type": "Full",
          "job.attempt": 1
        },
        { ...message, level: "Info", causes: [], "event.outcome": "success", "job.attempt": 2, order: 1042 }
      ])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("says which run of a schedule it is, and when the next one is due", () =>
    Effect.gen(function*() {
      const cron = Cron.parseUnsafe("*/10 * * * *", "UTC")
      const running = yield* Effect.sleep("1 minute").pipe(
        WorkLog.job("report", { cron }),
        Effect.schedule(Schedule.cron(cron)),
        Effect.forkChild({ startImmediately: true })
      )
      yield* TestClock.adjust("25 minutes")
      yield* Fiber.interrupt(running)
      const job = { name: "report", level: "Info", causes: [], "event.outcome": "success" }
      assert.deepStrictEqual<unknown>(yield* said, [
        { ...job, "job.run": 1, "job.next": "1970-01-01T00:20:00.000Z" },
        { ...job, "job.run": 2, "job.next": "1970-01-01T00:30:00.000Z" }
      ])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("says which run it is where it is repeated, and of which operation it is told", () =>
    Effect.gen(function*() {
      yield* Effect.void.pipe(WorkLog.job("poll", { operation: "receive" }), Effect.repeat({ times: 2 }))
      assert.deepStrictEqual(
        (yield* accesses).map(({ said }) => [said["job.run"], said["messaging.operation.type"]]),
        [[undefined, "receive"], [2, "receive"], [3, "receive"]]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("has one record of a run that is stopped, and of one that is not wanted none", () =>
    Effect.gen(function*() {
      const running = yield* Effect.never.pipe(
        WorkLog.job("never"),
        Effect.forkChild({ startImmediately: true })
      )
      yield* Fiber.interrupt(running)
      yield* WorkLog.job("quick", { when: ({ durationMillis }) => durationMillis > 1000, level: "Debug" })(Effect.void)
      assert.deepStrictEqual(
        (yield* accesses).map(({ level, said }) => [level, said["event.name"], said["event.outcome"]]),
        [["Warn", "never", "interrupted"]]
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it("names an option that is wrong", () => {
    assert.throws(() => WorkLog.job("work", { attempt: 0 }), RangeError, /WorkLog\.job.*attempt/)
    assert.throws(() => WorkLog.job(" "), RangeError, /WorkLog\.job.*name/)
  })
})
