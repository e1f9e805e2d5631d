import { assert, describe, it } from "@effect/vitest"
import { Effect, Queue, Scheduler } from "effect"
import { Tap } from "../../src/capture/Tap.ts"
import { LogRecord } from "../../src/index.ts"
import { settle } from "../support/lanes.ts"

const record = (message: string): LogRecord.LogRecord => LogRecord.make({ message })

describe("where somebody who watches takes records", () => {
  it.effect("shows a record whose stack had no room to say so as soon as the next one is there", () =>
    Effect.gen(function*() {
      let isShort = true
      const turns = new Scheduler.MixedScheduler()
      const scheduler: Scheduler.Scheduler = {
        executionMode: "async",
        shouldYield: (fiber) => turns.shouldYield(fiber),
        makeDispatcher() {
          const dispatcher = turns.makeDispatcher()
          return {
            scheduleTask(task, priority) {
              if (isShort) throw new RangeError("Maximum call stack size exceeded")
              dispatcher.scheduleTask(task, priority)
            },
            flush: () => dispatcher.flush()
          }
        }
      }
      const taken: Array<unknown> = []
      const tap = yield* Effect.provideService(
        Tap.make({ minimum: 0, filter: undefined, capacity: 10 }),
        Scheduler.Scheduler,
        scheduler
      )
      yield* Effect.forkChild(
        Effect.map(Queue.takeAll(tap.waiting), (waiting) => taken.push(...waiting)),
        { startImmediately: true }
      )
      tap.offer(record("one"))
      yield* settle
      assert.deepStrictEqual(taken, [])
      isShort = false
      tap.offer(record("two"))
      yield* settle
      assert.strictEqual(taken.length, 2)
    }))
})
