import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer } from "effect"
import { Logging, MemorySink, ProcessHooks } from "../../src/index.ts"
import { type Line, recordsIn, recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, run, start } from "./program.ts"

/** Runs the fixture that logs a thousand records and ends in a given way. */
const ending = (how: string) =>
  Effect.gen(function*() {
    const path = yield* temporary("exiting.ndjson")
    const ended = yield* run(fixture("exiting"), [how, path])
    const inFlight = /^in flight: console (\d+), file (\d+)$/m.exec(ended.stderr)
    return {
      ended,
      lanes: [
        { name: "console", records: yield* recordsIn(ended.stdout), inFlight: Number(inFlight?.[1]) },
        { name: "file", records: yield* recordsOf(path), inFlight: Number(inFlight?.[2]) }
      ]
    }
  })

const numbersIn = (records: ReadonlyArray<Line>): ReadonlyArray<unknown> =>
  records.map((record) => record.message).filter((message) => typeof message === "number")

const thousand = Array.from({ length: 1000 }, (_, i) => i)

/** Every number is there; there twice are at most those that were being written. */
const complete = (
  lane: { readonly name: string; readonly records: ReadonlyArray<Line>; readonly inFlight: number }
) => {
  const numbers = numbersIn(lane.records)
  const distinct = new Set(numbers)
  assert.deepStrictEqual([...distinct].toSorted((a, b) => Number(a) - Number(b)), thousand, lane.name)
  assert.isAtMost(numbers.length - distinct.size, lane.inFlight, `what is twice in the ${lane.name}`)
}

describe.concurrent("the end of the process", () => {
  for (const [how, code] of [["exit", 3], ["natural", 0]] as const) {
    it.live(`F53: every accepted record is in the file and on the console (${how})`, () =>
      Effect.gen(function*() {
        const { ended, lanes } = yield* ending(how)
        assert.deepStrictEqual([ended.code, ended.signal], [code, null])
        for (const lane of lanes) complete(lane)
      }))
  }

  for (const where of ["filter", "getter", "letters", "write"]) {
    it.live(
      `in the middle of code of the program has books that balance, and counts what is logged then (${where})`,
      () =>
        Effect.gen(function*() {
          const ended = yield* run(fixture("amidst"), [where])
          assert.strictEqual(ended.code, 7)
          assert.match(ended.stderr, /^balanced true, closed [12]$/m)
          assert.match(ended.stderr, /^\{"message":"late"/m)
        })
    )
  }

  for (const how of ["uncaught", "rejection"]) {
    it.live(
      `F54: every record, then the cause, and the report and exit code of Node itself (${how})`,
      () =>
        Effect.gen(function*() {
          const { ended, lanes } = yield* ending(how)
          assert.strictEqual(ended.code, 1)
          assert.match(ended.stderr, /^TypeError: on purpose\n {4}at .*exiting\.js/m)
          assert.match(ended.stderr, /^Node\.js v/m)
          for (const lane of lanes) {
            complete(lane)
            const fatal = lane.records.flatMap(({ level }, i) => level === "FATAL" ? [i] : [])
            assert.deepStrictEqual(fatal, [lane.records.length - 1], `the ${lane.name}: one, and it is the last`)
            assert.match(lane.records.at(-1)?.cause ?? "", /TypeError: on purpose\n {4}at .*exiting\.js/)
          }
        })
    )
  }

  for (const how of ["handled", "captured"]) {
    it.live(
      `${how}: a program that handles its uncaught errors lives on and logs them as it likes`,
      () =>
        Effect.gen(function*() {
          const { ended, lanes } = yield* ending(how)
          assert.strictEqual(ended.code, 0)
          for (const lane of lanes) {
            complete(lane)
            assert.strictEqual(lane.records.at(-1)?.message, "lives on")
            assert.isFalse(lane.records.some((record) => record.level === "FATAL"))
          }
        })
    )
  }

  it.live("what is logged in an exit handler goes to stderr at once and is counted", () =>
    Effect.gen(function*() {
      const { ended, lanes } = yield* ending("late")
      assert.strictEqual(ended.code, 0)
      for (const lane of lanes) complete(lane)
      assert.match(ended.stderr, /^\{"message":"late".*\}\nclosed 1$/m)
    }))

  it.live("a stderr that nobody reads is waited for once", () =>
    Effect.gen(function*() {
      const program = yield* start(fixture("flooding"), [], { pausedErrors: true })
      const millis = Number(yield* program.until(/^logged for (\d+) ms$/m))
      program.readErrors()
      assert.strictEqual((yield* program.end).code, 0)
      // Waited for each time, it would take minutes.
      assert.isBelow(millis, 5000)
    }))

  it.live(
    "a sink that cannot write synchronously leaves its records to stderr or a file",
    () =>
      Effect.gen(function*() {
        const path = yield* temporary("last-resort.ndjson")
        const [toStderr, toFile] = yield* Effect.all([
          run(fixture("unwritable")),
          run(fixture("unwritable"), [path])
        ], { concurrency: 2 })
        const ten = thousand.slice(0, 10)
        assert.deepStrictEqual(numbersIn(yield* recordsIn(toStderr.stderr)), ten)
        assert.deepStrictEqual(numbersIn(yield* recordsOf(path)), ten)
        assert.strictEqual(toFile.stderr, "")
      })
  )

  it.live(
    "the last writes to a pipe that nobody reads are bounded, and cost the file nothing",
    () =>
      Effect.gen(function*() {
        const path = yield* temporary("stuffed.ndjson")
        const program = yield* start(fixture("stuffed"), [path], { paused: true })
        const millis = Number(yield* program.until(/^written in (\d+) ms$/m))
        program.read()
        const ended = yield* program.end
        // Meant to be 250; the margin is for a busy machine.
        assert.isBelow(millis, 3000)
        assert.strictEqual(ended.code, 0)
        assert.match(ended.stderr, /console: 3000 accepted, .*(unconfirmed|shutdown_deadline)/)
        const messages = (yield* recordsOf(path)).map((record) => String(record.message).split(" ", 1).join(""))
        assert.strictEqual(new Set(messages).size, 3000)
      })
  )

  it.live("half a line on a pipe is ended before the last writes", () =>
    Effect.gen(function*() {
      const path = yield* temporary("stuffed.ndjson")
      const program = yield* start(fixture("stuffed"), [path], { paused: true })
      yield* program.until(/^exits$/m)
      program.read()
      const ended = yield* program.end
      assert.match(ended.stdout, /^\{"message":"0 /)
      assert.notMatch(ended.stdout, /[^\n]\{"message":/)
    }))

  it.live("the second signal writes synchronously what is left", () =>
    Effect.gen(function*() {
      const path = yield* temporary("hurried.ndjson")
      const ended = yield* run(fixture("hurried"), [path])
      const report = yield* reportIn(ended.stderr)
      assert.strictEqual(ended.code, 130)
      assert.strictEqual(report.reason, "SIGTERM")
      assert.isTrue(report.balanced)
      assert.strictEqual(report.lanes["file"]?.delivered, 1000)
      assert.deepStrictEqual(report.failures, [])
      // The drain that the first signal began may be writing all of them, and nobody can know what has arrived.
      complete({ name: "file", records: yield* recordsOf(path), inFlight: 1000 })
    }))

  it.live(
    "F64: a program with nothing more to do ends by itself, also right after it has dropped records",
    () =>
      Effect.gen(function*() {
        const path = yield* temporary("dropping.ndjson")
        const ended = yield* run(fixture("dropping"), [path])
        assert.strictEqual(ended.code, 0)
        assert.include(ended.stderr, `lane "file" dropped`)
        // The summaries come every 30 s: none but the first may have been waited for.
      }),
    { timeout: 25_000 }
  )
})

describe.concurrent("SIGHUP", () => {
  it.live("F43: after a rename it opens the file anew", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* temporary("rotated.ndjson")
      const program = yield* start(fixture("rotated"), [path])
      yield* program.until(/^ready$/m)
      yield* fs.rename(path, `${path}.1`)
      program.send("SIGHUP")
      const ended = yield* program.end
      assert.strictEqual(ended.code, 0)
      assert.deepStrictEqual(numbersIn(yield* recordsOf(`${path}.1`)), thousand.slice(0, 500))
      assert.deepStrictEqual(numbersIn(yield* recordsOf(path)), thousand.slice(500))
    }).pipe(Effect.provide(NodeServices.layer)))

  it.live("F43: under load nothing is lost between the old file and the new one", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* temporary("load.ndjson")
      const program = yield* start(fixture("load"), [path])
      yield* program.until(/^ready$/m)
      yield* fs.rename(path, `${path}.1`)
      program.send("SIGHUP")
      const size = Effect.orElseSucceed(Effect.map(fs.stat(path), (info) => Number(info.size)), () => 0)
      yield* Effect.repeat(size, { until: (bytes) => bytes > 0 })
      program.send("SIGTERM")
      const ended = yield* program.end
      const report = yield* reportIn(ended.stderr)
      const before = numbersIn(yield* recordsOf(`${path}.1`))
      const after = numbersIn(yield* recordsOf(path))
      assert.isAbove(after.length, 0)
      assert.strictEqual(before.length + after.length, report.lanes["file"]?.accepted)
      assert.isTrue([...before, ...after].every((number, i) => number === i))
    }).pipe(Effect.provide(NodeServices.layer)))
})

describe("the listeners", () => {
  it.effect("are gone after shutdown, however often the layer is built", () =>
    Effect.gen(function*() {
      const before = counts()
      const LoggingLive = ProcessHooks.layer.pipe(
        Layer.provideMerge(Logging.layer({ sinks: [MemorySink.make()], diagnostics: () => {} }))
      )
      for (let i = 0; i < 3; i++) {
        const during = yield* Effect.provide(Effect.sync(counts), Layer.fresh(LoggingLive))
        assert.deepStrictEqual(during, before.map((count) => count + 1))
        assert.deepStrictEqual(counts(), before)
      }
    }))
})

const counts = (): ReadonlyArray<number> =>
  ["SIGINT", "SIGTERM", "SIGHUP", "exit", "uncaughtExceptionMonitor"].map((event) => process.listenerCount(event))
