import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schedule, Schema, type Scope } from "effect"
import { TestClock } from "effect/testing"
import * as fs from "node:fs"
import { DeadLetters, Ledger, type LogRecord, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import * as Letters from "../../src/spool/openLetters.ts"
import { makeProcess, quickDirectory, records, segmentsOf, temporaryDirectory } from "../spool/support.ts"
import { numbers, settle } from "../support/lanes.ts"
import { logMany, makeRuntime, type RuntimeUnderTest } from "../support/runtime.ts"

const { fail, gate, hang } = ScriptedSink

const lane = "archive"
const verdict = { reason: "rejected_by_server", attempts: 1, message: "400", time: 0 }

const seqs = (of: ReadonlyArray<LogRecord.LogRecord>): ReadonlyArray<number> => of.map(({ seq }) => seq)

/** Letters of so many records each, numbered in order. */
const keep = (letters: DeadLetters.DeadLetters, ...counts: ReadonlyArray<number>): void => {
  let first = letters.records
  for (const count of counts) {
    letters.append(records(first, count), verdict)
    first += count
  }
}

const openIn = (directory: string): Effect.Effect<DeadLetters.DeadLetters, never, Scope.Scope> =>
  Effect.orDie(DeadLetters.open({ directory, lane }))

const open = Effect.flatMap(temporaryDirectory, openIn)

/** What another process finds. */
const foundIn = (directory: string): ReadonlyArray<DeadLetters.DeadLetter> => {
  const letters = Letters.openIn(makeProcess().world, { directory, lane })
  const found: Array<DeadLetters.DeadLetter> = []
  for (let letter = letters.next(); letter?._tag === "DeadLetter"; letter = letters.next()) found.push(letter)
  letters.close()
  return found
}

/** Closes a runtime whose sink hangs. */
const closeHung = (runtime: RuntimeUnderTest): Effect.Effect<void> =>
  Effect.gen(function*() {
    const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
    yield* TestClock.adjust("5 seconds")
    yield* Fiber.join(closing)
  })

const outcomes: ReadonlyArray<ScriptedSink.Step> = [
  ScriptedSink.succeed,
  ScriptedSink.unavailable,
  fail({ _tag: "Unavailable", ambiguous: true }),
  fail({ _tag: "Unavailable", stored: 2 }),
  fail({ _tag: "Rejected" }),
  fail({ _tag: "Rejected", records: [0] }),
  fail({ _tag: "TooLarge" }),
  fail({ _tag: "Closed" }),
  ScriptedSink.die(),
  hang
]

const below = (n: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: n - 1 }))

/** Whether a record comes from a letter: those that the tests log are of today. */
const isLetter = ({ time }: LogRecord.LogRecord): boolean => time >= 1_700_000_000_000 && time < 1_700_000_001_000

const droppedBy = (report: Ledger.ShutdownReport | undefined, name: string): number | undefined => {
  const books = report?.lanes[name]
  return books && Ledger.total(books.dropped)
}

describe("replay of dead letters", () => {
  it.effect("sends what is there again, in order and in batches of the lane, and removes it when it is settled", () =>
    Effect.gen(function*() {
      const letters = yield* open
      keep(letters, 2, 25, 1)
      const sink = ScriptedSink.make({ name: lane, maxBatchSize: 10 })
      const runtime = yield* makeRuntime({ sinks: [sink, MemorySink.make()] })
      assert.deepStrictEqual(yield* runtime.service.replay(letters), { replayed: 28, lost: 0, partial: 0 })
      assert.deepStrictEqual(seqs(sink.delivered), numbers(0, 28))
      assert.deepStrictEqual(sink.delivered, records(0, 28), "with their identity and their time")
      assert.deepStrictEqual(sink.writes.map(({ length }) => length), [2, 10, 10, 5, 1])
      const books = (yield* runtime.service.stats).lanes[lane]
      assert.deepStrictEqual([books?.accepted, books?.recovered, books?.delivered], [0, 28, 28])
      assert.strictEqual(letters.records, 0)
      assert.deepStrictEqual(yield* runtime.service.replay(letters), { replayed: 0, lost: 0, partial: 0 })
      yield* runtime.close()
    }))

  it.effect("goes through another lane when it is told to, also one that is written at once", () =>
    Effect.gen(function*() {
      const letters = yield* open
      keep(letters, 3)
      const memory = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [memory], queue: false })
      const error = yield* Effect.flip(runtime.service.replay(letters))
      assert.strictEqual(error.message, `there is no lane "archive", only "memory"`)
      assert.deepStrictEqual(yield* runtime.service.replay(letters, { into: "memory" }), {
        replayed: 3,
        lost: 0,
        partial: 0
      })
      assert.deepStrictEqual(seqs(memory.records), [0, 1, 2])
      yield* runtime.close()
    }))

  it.effect("what is refused again becomes new dead letters, and the replay ends", () =>
    Effect.gen(function*() {
      const letters = yield* open
      keep(letters, 4, 4)
      const sink = LogSink.make({
        name: lane,
        deadLetter: DeadLetters.into(letters),
        write: (batch) => {
          const odd = batch.flatMap(({ seq }, index) => seq % 2 === 1 ? [index] : [])
          return Effect.fail(LogSink.rejected("still 400", { records: odd }))
        }
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      assert.deepStrictEqual(yield* runtime.service.replay(letters), { replayed: 8, lost: 0, partial: 0 })
      const books = (yield* runtime.service.stats).lanes[lane]
      assert.deepStrictEqual([books?.recovered, books?.delivered, books?.deadLettered], [8, 4, 4])
      assert.strictEqual(letters.records, 4)
      const first = letters.next()
      assert.isTrue(first?._tag === "DeadLetter" && first.message === "still 400")
      yield* runtime.close()
    }))

  it.effect("leaves where it is what was refused in part, because the rest of it is stored", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryDirectory
      yield* Effect.scoped(Effect.gen(function*() {
        const letters = yield* openIn(folder)
        letters.append(records(0, 3), { ...verdict, partial: 2 })
        keep(letters, 2)
        const sink = ScriptedSink.make({ name: lane, script: [fail({ _tag: "Rejected", count: 1 })] })
        const runtime = yield* makeRuntime({ sinks: [sink] })
        assert.deepStrictEqual(yield* runtime.service.replay(letters), { replayed: 2, lost: 0, partial: 3 })
        assert.deepStrictEqual(sink.writes.map(seqs), [[3, 4]])
        const books = (yield* runtime.service.stats).lanes[lane]
        assert.deepStrictEqual([books?.delivered, books?.dropped.rejected_by_server, books?.deadLettered], [1, 1, 0])
        yield* runtime.close()
      }))
      assert.deepStrictEqual(
        foundIn(folder).map(({ partial, records }) => [partial, records.length]),
        [[2, 3], [1, 2]],
        "and what the replay itself was answered with a number is kept as a copy"
      )
    }))

  it.effect("a lane without dead letters gives back what it gives up, with the new reason", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* openIn(directory)
      keep(letters, 3)
      const sink = ScriptedSink.make({ name: lane, otherwise: fail({ _tag: "Rejected", records: [1] }) })
      const sync = LogSink.make({
        name: "sync",
        write: () => Effect.void,
        writeSync() {
          throw new Error("disk on fire")
        }
      })
      const runtime = yield* makeRuntime({ sinks: [sink, sync], queue: false })
      yield* runtime.service.replay(letters)
      assert.deepStrictEqual(seqs(sink.delivered), [0, 2])
      yield* runtime.service.replay(letters, { into: "sync" })
      yield* runtime.close()
      assert.strictEqual(runtime.reports[0]?.lanes[lane]?.deadLettered, 1)
      assert.strictEqual(droppedBy(runtime.reports[0], "sync"), 0)
      letters.close()
      assert.deepStrictEqual(
        foundIn(directory).map(({ message, reason, records }) => [seqs(records), reason, message]),
        [[[1], "retries_exhausted", "disk on fire"]]
      )
    }))

  it.effect("waits for room: what is logged is not dropped for it, and one letter is on its way at a time", () =>
    Effect.gen(function*() {
      const letters = yield* open
      keep(letters, 5, 5)
      const sink = ScriptedSink.make({ name: lane, otherwise: gate, capacity: 10, maxBatchSize: 3 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(Effect.logInfo("first"))
      yield* sink.started(1)
      yield* runtime.run(logMany(9))
      const replay = yield* Effect.forkChild(runtime.service.replay(letters), { startImmediately: true })
      yield* settle
      const books = Effect.map(runtime.service.stats, ({ lanes }) => lanes[lane])
      assert.strictEqual((yield* books)?.recovered, 0, "the lane is full")
      yield* sink.release
      yield* sink.started(2)
      assert.strictEqual((yield* books)?.recovered, 0, "the oldest of the queue go first while it is full")
      yield* sink.release
      yield* sink.started(3)
      assert.strictEqual((yield* books)?.recovered, 5, "then there is room")
      yield* Effect.forEach(numbers(0, 20), () => sink.release, { discard: true })
      assert.deepStrictEqual(yield* Fiber.join(replay), { replayed: 10, lost: 0, partial: 0 })
      yield* runtime.close()
      assert.strictEqual(droppedBy(runtime.reports[0], lane), 0)
      assert.isAtMost(Math.max(...sink.writes.map(({ length }) => length)), 3)
    }))

  it.effect("takes turns with what is logged", () =>
    Effect.gen(function*() {
      const letters = yield* open
      keep(letters, 1, 1, 1)
      const sink = ScriptedSink.make({ name: lane, otherwise: gate, maxBatchSize: 1 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const replay = yield* Effect.forkChild(runtime.service.replay(letters), { startImmediately: true })
      yield* sink.started(1)
      yield* runtime.run(logMany(3))
      for (let n = 2; n <= 6; n++) {
        yield* sink.release
        yield* sink.started(n)
      }
      yield* sink.release
      yield* Fiber.join(replay)
      yield* runtime.close()
      const severity = sink.delivered.map((record) => isLetter(record) ? "letter" : "logged")
      assert.deepStrictEqual(severity, ["letter", "logged", "letter", "logged", "letter", "logged"])
    }))

  it.effect("interrupted, it leaves the letter on its way to the lane and the others where they are", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* openIn(directory)
      keep(letters, 2, 2, 2)
      const sink = ScriptedSink.make({ name: lane, script: [ScriptedSink.succeed, gate] })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const replay = yield* Effect.forkChild(runtime.service.replay(letters))
      yield* sink.started(2)
      yield* Fiber.interrupt(replay)
      assert.strictEqual(letters.records, 4)
      yield* sink.release
      yield* settle
      assert.strictEqual(letters.records, 2)
      assert.deepStrictEqual(yield* runtime.service.replay(letters), { replayed: 2, lost: 0, partial: 0 })
      assert.deepStrictEqual(seqs(sink.delivered), numbers(0, 6))
      yield* runtime.close()
    }))

  it.effect("interrupted while it waits, it has taken nothing", () =>
    Effect.gen(function*() {
      const letters = yield* open
      keep(letters, 2)
      const sink = ScriptedSink.make({ name: lane, script: [gate], maxBatchSize: 1 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      const replay = yield* Effect.forkChild(runtime.service.replay(letters), { startImmediately: true })
      yield* Fiber.interrupt(replay)
      yield* sink.release
      yield* runtime.service.flush
      yield* settle
      assert.strictEqual(sink.writes.length, 1)
      assert.deepStrictEqual(yield* runtime.service.replay(letters), { replayed: 2, lost: 0, partial: 0 })
      yield* runtime.close()
    }))

  it.effect("a crash in the middle loses nothing: what was on its way is there again", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const process = makeProcess()
      const letters = Letters.openIn(process.world, { directory, lane })
      keep(letters, 2, 2, 2)
      const sink = ScriptedSink.make({ name: lane, script: [ScriptedSink.succeed], otherwise: hang })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const replay = yield* Effect.forkChild(runtime.service.replay(letters))
      yield* sink.started(2)
      process.crash()
      const sent = seqs(sink.delivered)
      assert.deepStrictEqual(sent, [0, 1])
      const found = foundIn(directory).flatMap((letter) => seqs(letter.records))
      assert.deepStrictEqual(found, numbers(0, 6), "what was sent is sent twice")
      yield* Fiber.interrupt(replay)
      yield* closeHung(runtime)
    }))

  it.effect("shutdown in the middle ends it; nothing is dropped, and every letter is delivered or there", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* openIn(directory)
      keep(letters, 2, 2, 2)
      const sink = ScriptedSink.make({ name: lane, script: [ScriptedSink.succeed], otherwise: hang })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const replay = yield* Effect.forkChild(runtime.service.replay(letters))
      yield* sink.started(2)
      yield* closeHung(runtime)
      const exit = yield* Fiber.await(replay)
      assert.isTrue(Exit.isFailure(exit))
      const [report] = runtime.reports
      assert.strictEqual(droppedBy(report, lane), 0)
      assert.deepStrictEqual([report?.lanes[lane]?.recovered, report?.lanes[lane]?.deadLettered], [4, 2])
      letters.close()
      const found = foundIn(directory)
      assert.deepStrictEqual(found.flatMap((letter) => seqs(letter.records)), [4, 5, 2, 3])
      assert.deepStrictEqual(found.map(({ reason }) => reason), ["rejected_by_server", "unconfirmed"])
      const error = yield* Effect.flip(runtime.service.replay(letters))
      assert.match(error.message, /takes nothing any more/)
    }))

  it.effect("a store that is closed, before or in the middle, is told of and keeps what was not sent", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* openIn(directory)
      keep(letters, 2, 2)
      const sink = ScriptedSink.make({ name: lane, otherwise: gate })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const replay = yield* Effect.forkChild(Effect.flip(runtime.service.replay(letters)), { startImmediately: true })
      yield* sink.started(1)
      letters.close()
      yield* sink.release
      for (const error of [yield* Fiber.join(replay), yield* Effect.flip(runtime.service.replay(letters))]) {
        assert.match(error.message, /is closed: open it again$/)
      }
      yield* runtime.close()
      assert.deepStrictEqual(seqs(sink.delivered), [0, 1])
      assert.deepStrictEqual(foundIn(directory).flatMap((letter) => seqs(letter.records)), [0, 1, 2, 3])
    }))

  it.effect("what cannot be given back stays where it is", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* openIn(directory)
      keep(letters, 2)
      const sink = LogSink.make({
        name: lane,
        write: () =>
          Effect.suspend(() => {
            letters.close()
            return Effect.fail(LogSink.rejected("400"))
          })
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.service.replay(letters)
      assert.strictEqual((yield* runtime.service.stats).lanes[lane]?.deadLettered, 2)
      assert.deepStrictEqual(foundIn(directory).flatMap((letter) => seqs(letter.records)), [0, 1])
      yield* runtime.close()
    }))

  it.effect.each([true, false])(
    "a full store drops no letter for one that is refused again (its lane's dead letters: %s)",
    (givenUp) =>
      Effect.gen(function*() {
        const directory = yield* temporaryDirectory
        const letters = yield* DeadLetters.open({ directory, lane, maxBytes: 16_384, segmentBytes: 4096 })
        while (letters.bytes < 15_000) keep(letters, 5)
        const all = numbers(0, letters.records)
        const sink = ScriptedSink.make({
          name: lane,
          otherwise: fail({ _tag: "Rejected" }),
          ...(givenUp ? { deadLetter: DeadLetters.into(letters) } : {})
        })
        const runtime = yield* makeRuntime({ sinks: [sink] })
        yield* runtime.service.replay(letters)
        assert.isAtMost(letters.bytes, 16_384)
        yield* runtime.close()
        letters.close()
        const kept = new Set(foundIn(directory).flatMap((letter) => seqs(letter.records)))
        assert.deepStrictEqual(all.filter((seq) => !kept.has(seq)), [])
      })
  )

  it.effect("what was answered with a number is not sent again, though a full store keeps no copy of it", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* DeadLetters.open({ directory, lane, maxBytes: 16_384, segmentBytes: 4096 })
      while (letters.bytes < 15_000) keep(letters, 5)
      const all = letters.records
      const sink = ScriptedSink.make({ name: lane, otherwise: fail({ _tag: "Rejected", count: 1 }) })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* Effect.exit(runtime.service.replay(letters))
      yield* runtime.close()
      assert.strictEqual(sink.writes.flat().length, all)
      letters.close()
      assert.deepStrictEqual(foundIn(directory).filter(({ partial }) => partial === undefined), [])
    }))

  it.effect.prop(
    "whatever the destination does and whenever it ends, every letter is delivered or there",
    {
      sizes: Schema.Array(below(20)).check(Schema.isMinLength(1), Schema.isMaxLength(6)),
      script: Schema.Array(below(outcomes.length)).check(Schema.isMinLength(0), Schema.isMaxLength(20)),
      actions: Schema.Array(below(60)).check(Schema.isMinLength(0), Schema.isMaxLength(20)),
      givenUp: Schema.Boolean,
      strategy: Schema.Literals(["dropping", "sliding", "sampling"])
    },
    ({ actions, givenUp, script, sizes, strategy }) =>
      Effect.gen(function*() {
        const directory = yield* quickDirectory
        const letters = yield* openIn(directory)
        keep(letters, ...sizes.map((size) => size + 1))
        const all = numbers(0, letters.records)
        const sink = ScriptedSink.make({
          name: lane,
          script: script.map((index) => outcomes[index] ?? ScriptedSink.succeed),
          capacity: 20,
          maxBatchSize: 7,
          strategy,
          writeTimeout: "5 seconds",
          retry: Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 2 })),
          ...(givenUp ? { deadLetter: DeadLetters.into(letters) } : {})
        })
        const runtime = yield* makeRuntime({ sinks: [sink] })
        for (const action of [40, ...actions]) {
          if (action < 20) yield* runtime.run(logMany(action))
          else if (action < 40) yield* TestClock.adjust((action - 20) * 300)
          else yield* Effect.forkChild(runtime.service.replay(letters), { startImmediately: action < 50 })
          const { lanes } = yield* runtime.service.stats
          assert.isTrue(Object.values(lanes).every(Ledger.balanced), JSON.stringify(lanes))
        }
        yield* closeHung(runtime)
        letters.close()
        const found = foundIn(directory).flatMap((letter) => letter.records)
        const kept = new Set(seqs([...sink.delivered, ...found].filter(isLetter)))
        assert.deepStrictEqual(all.filter((seq) => !kept.has(seq)), [])
      }),
    { arbitrary: { runs: 100 } }
  )

  it.effect("what cannot be read is counted as lost", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* openIn(directory)
      keep(letters, 2, 3, 2)
      for (const segment of segmentsOf(letters.directory)) {
        const bytes = fs.readFileSync(segment)
        bytes[bytes.indexOf("record 3")] = 0
        fs.writeFileSync(segment, bytes)
      }
      const sink = ScriptedSink.make({ name: lane })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      assert.deepStrictEqual(yield* runtime.service.replay(letters), { replayed: 4, lost: 3, partial: 0 })
      assert.deepStrictEqual(seqs(sink.delivered), [0, 1, 5, 6])
      assert.strictEqual(letters.records, 0)
      yield* runtime.close()
    }))
})
