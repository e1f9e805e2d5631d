import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, type Fiber, Metric, Scheduler, Scope } from "effect"
import { Ledger, Logging, LogRecord, type LogSink, ScriptedSink } from "../../src/index.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { messages, numbers, settle } from "../support/lanes.ts"
import { directory } from "../support/spooledLanes.ts"

/**
 * Takes the turn from the first fiber that another one starts, at its `at`-th step and at some that follow, so that
 * the others get on as far as they can.
 */
class TurnTaker extends Scheduler.MixedScheduler {
  steps = 0
  private readonly parent: number
  private readonly at: number
  private of: number | undefined = undefined

  constructor(parent: number, at: number) {
    super()
    this.parent = parent
    this.at = at
  }

  override shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    if (fiber.id !== this.parent) this.of ??= fiber.id
    if (fiber.id !== this.of) return super.shouldYield(fiber)
    this.steps++
    return this.steps >= this.at && this.steps < this.at + 8
  }
}

const filledSpool = (lane: string) =>
  Effect.gen(function*() {
    const files = { directory: yield* directory, fsync: "never" } as const
    const earlier = yield* SpoolStore.open({ ...files, lane })
    earlier.append(numbers(0, 3).map((seq) => LogRecord.make({ seq, time: 0, message: seq })))
    earlier.close()
    return { ...files, mode: "always", maxAge: Infinity } as const
  })

/** The lanes whose books can be read as metrics, which is so when all parts of a runtime are there. */
const lanesThere = Effect.map(
  Metric.snapshot,
  (states) => states.filter(({ id }) => id === "spillway_spooled").map(({ attributes }) => attributes?.["lane"])
)

/** Assembles a runtime with records on its spools in so many steps, and ends it. */
const assembledInSteps = (at: number) =>
  Effect.gen(function*() {
    const early: Array<string> = []
    const watched = <S extends LogSink.LogSink>(sink: S): S => ({
      ...sink,
      write: (batch: ReadonlyArray<LogRecord.LogRecord>) =>
        Effect.flatMap(lanesThere, (there) => {
          if (there.length < 3) early.push(`${sink.name} is written when only ${there.join()} are there`)
          return sink.write(batch)
        })
    })
    const fallback = ScriptedSink.make({ name: "fallback" })
    const refuses = ScriptedSink.make({
      name: "refuses",
      fallback,
      spool: yield* filledSpool("refuses"),
      otherwise: ScriptedSink.fail({ _tag: "Rejected" })
    })
    const takes = ScriptedSink.make({ name: "takes", spool: yield* filledSpool("takes") })
    const lines: Array<string> = []
    const scope = yield* Scope.make()
    const fiber = yield* Effect.fiber
    const scheduler = new TurnTaker(fiber.id, at)
    const context = yield* Logging.make({
      sinks: [watched(refuses), watched(takes)],
      diagnostics: (line) => lines.push(line)
    }).pipe(
      Scope.provide(scope),
      Effect.provideService(Metric.MetricRegistry, new Map()),
      Effect.provideService(Scheduler.Scheduler, scheduler)
    )
    const { steps } = scheduler
    yield* settle
    yield* Scope.close(scope, Exit.void)
    const report = yield* Context.get(context, Logging.Logging).shutdown
    return { early, fallback, lines, refuses, report, steps, takes }
  })

describe("a runtime that is put together", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect("is there before anything runs, wherever its fiber loses its turn", () =>
      Effect.gen(function*() {
        let at = 1
        for (let steps = Infinity; at <= steps; at++) {
          const after = yield* assembledInSteps(at)
          steps = after.steps
          const where = `at step ${at}\n${Ledger.format(after.report)}\n${after.lines.join("")}`
          assert.deepStrictEqual(after.early, [], where)
          assert.isTrue(after.lines.every((line) => line.includes("Rejected")), where)
          assert.isTrue(after.report.balanced, where)
          assert.deepStrictEqual(messages(after.fallback.delivered), [0, 1, 2], where)
          assert.deepStrictEqual(messages(after.takes.delivered), [0, 1, 2], where)
          for (const { restarts } of Object.values(after.report.lanes)) assert.strictEqual(restarts, 0, where)
        }
        assert.isAbove(at, 100, "the assembly has so many steps")
      }), 120_000)
  })
})
