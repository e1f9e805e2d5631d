import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, FileSystem, Logger } from "effect"
import { Ledger, Logging, LogSink, MemorySink, WideEvent } from "../src/index.ts"
import { settle } from "./support/lanes.ts"
import { makeRuntime } from "./support/runtime.ts"
import { watch } from "./support/watching.ts"

type Call = () => void

/** How many of the last frames of the stack make a call. */
const lastFrames = 200

/** Descends to the end of the stack, and makes the calls on the way back. */
const descend = (call: Call): void => {
  let made = 0
  const go = (): void => {
    try {
      go()
    } catch {
      // The end of the stack.
    }
    if (made < lastFrames) {
      made++
      call()
    }
  }
  go()
}

/** Makes a call at every depth up to the end of the stack, from so many places to start; gives how many did not throw. */
const atEveryDepth = (starts: number, call: Call): number => {
  let returned = 0
  const counted: Call = () => {
    try {
      call()
      returned++
    } catch {
      // The last frames of a stack have no room for the call itself.
    }
  }
  // What was never called before is compiled first, which takes much of the stack.
  counted()
  // Each start shifts all further frames by a word, so that the stack ends elsewhere in the call.
  const shift = (..._words: ReadonlyArray<number>): void => descend(counted)
  for (let i = 0; i < starts; i++) shift(...Array.from({ length: i }, () => 0))
  return returned
}

const text = (logger: Logging.DirectLogger): Call => () => logger.info("deep")
const object = (logger: Logging.DirectLogger): Call => () => logger.warn("deep", { n: { n: { n: [1, "two"] } } })
const bound = (logger: Logging.DirectLogger): Call => () => logger.with({ a: { b: "c" } }).info({ m: "deep" })

const starts = 12
const calls = [text, object, bound]

/** The report of a runtime on which such calls were made. */
const reportOf = (options: Logging.Options<ReadonlyArray<LogSink.LogSink>>) =>
  Effect.gen(function*() {
    const reports: Array<Logging.ShutdownReport> = []
    yield* Effect.gen(function*() {
      const { logger, stats } = yield* Logging.Logging
      // As `Effect.log` calls it. Effect's own loop is left out: at the end of a stack it may turn round in itself for a minute.
      const fiber = yield* Effect.fiber
      const loggers = [...fiber.getRef(Logger.CurrentLoggers)]
      assert.isAbove(loggers.length, 0)
      const message = ["deep", { n: { n: 1 } }]
      const inEffect: Call = () => {
        for (const logger of loggers) {
          logger.log({ message, logLevel: "Info", cause: Cause.empty, fiber, date: new Date(0) })
        }
      }
      // The summary of the first drops is a record too; the next is half a minute away.
      atEveryDepth(starts, text(logger))
      for (let i = 0; i < 20; i++) yield* Effect.yieldNow
      for (const call of [...calls.map((make) => make(logger)), inEffect]) {
        const before = (yield* stats).capture.offered
        const returned = atEveryDepth(starts, call)
        for (let i = 0; i < 20; i++) yield* Effect.yieldNow
        // Another logger may be cut off after ours.
        if (call === inEffect) continue
        // A call that returns is counted: one that is not was never begun.
        assert.isAbove(returned, 0)
        assert.strictEqual((yield* stats).capture.offered - before, returned)
      }
    }).pipe(Effect.provide(Logging.layer({
      diagnostics: () => {},
      ...options,
      onShutdown: (report) => Effect.sync(() => reports.push(report))
    })))
    const [report] = reports
    assert.isDefined(report)
    assert.isTrue(report.balanced, Ledger.format(report))
    return report
  })

const memory = (options?: Partial<LogSink.LaneOptions>) =>
  LogSink.make({ name: "memory", write: () => Effect.void, ...options })

describe("F82: a stack that is full", () => {
  it.effect("leaves the books of capture and of every lane balanced, with filters and without", () =>
    Effect.gen(function*() {
      const filter = (record: { readonly message: unknown }): boolean => JSON.stringify(record.message).length > 3
      for (
        const sinks of [
          [MemorySink.make({ limit: 10 })],
          [memory(), { ...memory({ filter, minimumLevel: "Warn" }), name: "filtered" }],
          [memory({ capacity: 100, strategy: "sliding" }), { ...memory({ capacity: 50 }), name: "small" }],
          [memory({ capacity: 50, strategy: "sampling", sampleShare: 0.5 })]
        ]
      ) {
        const report = yield* reportOf({ sinks })
        assert.isAbove(report.capture.accepted, 1000)
        assert.isAbove(report.capture.rejected.encode_failed, 0)
        const [[, lane] = [], other] = Object.entries(report.lanes)
        if (other === undefined) assert.strictEqual(lane?.accepted, report.capture.accepted, "no lane is passed over")
      }
    }))

  it.effect("leaves those of lanes without a queue balanced, and of whoever takes what they give up", () =>
    Effect.gen(function*() {
      let turn = 0
      const writeSync = (): void => {
        if (turn++ % 3 === 0) throw new Error("full")
      }
      const sync = { ...memory({ fallback: { ...memory(), name: "fallback" } }), writeSync }
      const report = yield* reportOf({ sinks: [sync], queue: false })
      assert.isAbove(report.lanes["memory"]?.delivered ?? 0, 1000)
    }))

  it.layer(NodeServices.layer)((it) => {
    for (const mode of ["always", "overflow"] as const) {
      it.effect(`leaves those of a lane with a spool balanced, in mode ${mode}`, () =>
        Effect.gen(function*() {
          const directory = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
          const sink = memory({ capacity: 200, spool: { directory, mode, fsync: "never" } })
          const report = yield* reportOf({ sinks: [sink] })
          assert.strictEqual(report.lanes["memory"]?.dropped.spool_corrupt, 0)
        }))
    }
  })

  it.effect("keeps no record that a lane took from who watches, without a count of it", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make({ limit: 100_000 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const { logger } = runtime.service
      const watcher = yield* watch(runtime.service, { capacity: 100_000 })
      for (const call of calls) {
        atEveryDepth(starts, call(logger))
        yield* settle
      }
      logger.info("later")
      yield* settle
      assert.strictEqual(watcher.told().at(-1), "later")
      yield* runtime.close()
      yield* watcher.ended
      const shown = new Set(watcher.records().map(({ uid }) => uid))
      const missed = watcher.seen.reduce((sum, element) => element._tag === "Missed" ? sum + element.count : sum, 0)
      const unseen = sink.records.filter(({ uid }) => !shown.has(uid))
      assert.isAbove(sink.records.length, 1000)
      assert.isAtMost(unseen.length, missed)
    }))

  it.effect("has each event that ends there in the books, as a record or as one that could not be encoded", () =>
    Effect.gen(function*() {
      const many = starts * lastFrames
      const reports: Array<Logging.ShutdownReport> = []
      const when = [undefined, () => true, () => false] as const
      yield* Effect.gen(function*() {
        const context = yield* Effect.context()
        const open = Array.from(
          { length: many },
          (_, i) => WideEvent.openUnsafe(context, "deep", { when: when[i % 3] })
        )
        atEveryDepth(starts, () => {
          const event = open.at(-1)
          if (event === undefined) return
          event.add({ n: { n: [1, "two"] } })
          event.end(Exit.fail("deep"))
          open.pop()
        })
      }).pipe(Effect.provide(Logging.layer({
        sinks: [memory({ capacity: many * 2 })],
        diagnostics: () => {},
        onShutdown: (report) => Effect.sync(() => reports.push(report))
      })))
      const [report] = reports
      assert.isTrue(report?.balanced)
      assert.isAbove(report?.capture.rejected.encode_failed ?? 0, 0)
      assert.isAbove(report?.capture.filtered ?? 0, 0)
      assert.strictEqual(report?.capture.offered, many)
    }))
})
