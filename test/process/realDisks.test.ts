import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FileSystem, Layer, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { execFileSync } from "node:child_process"
import { DeadLetters, FileSink, Ledger, Logging, LogSink } from "../../src/index.ts"
import { onSmallDisk } from "../support/disks.ts"
import { settle } from "../support/lanes.ts"
import { recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, run } from "./program.ts"

const numbers = (from: number, to: number): Array<number> => Array.from({ length: to - from }, (_, i) => from + i)

const messagesOf = (path: string) => Effect.map(recordsOf(path), (records) => records.map(({ message }) => message))

describe("a file on a real disk", () => {
  it.effect("F41: on a full disk it keeps whole lines, and everything is written once there is room", () =>
    onSmallDisk((directory) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = `${directory}/app.ndjson`
        const ballast = `${directory}/ballast`
        yield* fs.writeFile(ballast, new Uint8Array(900 * 1024))
        const LoggingLive = Logging.layer({ sinks: [FileSink.make({ path })], diagnostics: () => {} })
        yield* Effect.gen(function*() {
          const logging = yield* Logging.Logging
          for (let i = 0; i < 3000; i++) yield* Effect.logInfo(i)
          const flush = yield* Effect.forkChild(logging.flush)
          const error = Effect.map(logging.stats, ({ lanes }) => lanes["file"]?.lastError)
          assert.match((yield* Effect.repeat(error, { until: (message) => message !== undefined })) ?? "", /ENOSPC/)
          const kept = yield* messagesOf(path)
          assert.isAbove(kept.length, 0)
          assert.deepStrictEqual(kept, numbers(0, kept.length))

          yield* fs.remove(ballast)
          // Long enough for a retry, and shorter than the timeout of a write, which takes real time.
          yield* TestClock.adjust("1 second")
          yield* Fiber.join(flush)
          assert.strictEqual((yield* logging.stats).lanes["file"]?.delivered, 3000)
        }).pipe(Effect.provide(LoggingLive))
        assert.deepStrictEqual(yield* messagesOf(path), numbers(0, 3000))
      }).pipe(Effect.provide(Layer.fresh(NodeServices.layer)))
    ))

  it.effect("F42: on a disk that was mounted to be read, what is logged is written once it is mounted to be written", () =>
    onSmallDisk((directory) =>
      Effect.gen(function*() {
        const path = `${directory}/app.ndjson`
        const remount = (how: string): Buffer => execFileSync("mount", ["-o", `remount,${how}`, directory])
        remount("ro")
        const LoggingLive = Logging.layer({ sinks: [FileSink.make({ path })], diagnostics: () => {} })
        yield* Effect.gen(function*() {
          const logging = yield* Logging.Logging
          for (let i = 0; i < 10; i++) yield* Effect.logInfo(i)
          const flush = yield* Effect.forkChild(logging.flush)
          yield* TestClock.adjust("100 millis")
          const error = Effect.map(logging.stats, ({ lanes }) => lanes["file"]?.lastError)
          assert.match((yield* Effect.repeat(error, { until: (message) => message !== undefined })) ?? "", /EROFS/)
          remount("rw")
          yield* TestClock.adjust("30 seconds")
          yield* Fiber.join(flush)
        }).pipe(Effect.provide(LoggingLive))
        assert.deepStrictEqual(yield* messagesOf(path), numbers(0, 10))
      }).pipe(Effect.provide(Layer.fresh(NodeServices.layer)))
    ))

  it.live("F42: a folder that may not be written keeps nothing from the file once it may", () =>
    Effect.gen(function*() {
      const path = yield* temporary("unpermitted.ndjson")
      const ended = yield* run(fixture("unpermitted"), [path])
      assert.match(ended.stderr, /^refused: .*EACCES/m)
      const report = yield* reportIn(ended.stderr)
      assert.strictEqual(report.lanes["file"]?.delivered, 20)
      assert.isTrue(report.balanced)
      assert.deepStrictEqual(yield* messagesOf(path), numbers(10, 20))
      assert.strictEqual(ended.code, 0)
    }))
})

const booksOf = (logging: Logging.Logging["Service"]): Effect.Effect<Ledger.LaneBooks> =>
  Effect.map(logging.stats, ({ lanes }) => {
    const books = lanes["api"]
    if (books === undefined || !Ledger.balanced(books)) {
      return assert.fail(`no books that balance: ${JSON.stringify(books)}`)
    }
    return books
  })

describe("F67: a spool on a real disk that is full", () => {
  it.effect("with a batch in the worker's hands it ends, counts, and goes on once there is room", () =>
    onSmallDisk((directory) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const ballast = `${directory}/ballast`
        let isUp = false
        let delivered = 0
        const sink = LogSink.make({
          name: "api",
          batchWindow: 0,
          maxBatchSize: 10,
          retry: Schedule.spaced("1 second"),
          breaker: false,
          spool: { directory: `${directory}/spool`, mode: "always" },
          write: (batch) =>
            isUp
              ? Effect.sync(() => {
                delivered += batch.length
              })
              : Effect.fail(LogSink.unavailable("down"))
        })
        yield* Effect.gen(function*() {
          const logging = yield* Logging.Logging
          const books = booksOf(logging)
          yield* Effect.logInfo("first")
          yield* settle
          assert.deepStrictEqual([(yield* books).retrying, (yield* books).spooled], [1, 0])
          // Somebody else fills the disk to the last block.
          yield* Effect.ignore(fs.writeFile(ballast, new Uint8Array(2 * 1024 * 1024)))
          for (let i = 0; i < 200; i++) yield* Effect.logInfo("x".repeat(1000))
          yield* TestClock.adjust("3 seconds")
          assert.strictEqual((yield* books).accepted, 201)
          yield* fs.remove(ballast)
          yield* TestClock.adjust("3 seconds")
          isUp = true
          yield* TestClock.adjust("3 seconds")
          yield* logging.flush
          const end = yield* books
          assert.strictEqual(delivered, end.delivered)
          assert.isAbove(delivered, 0)
          assert.strictEqual(delivered + Ledger.total(end.dropped), 201)
        }).pipe(Effect.provide(Logging.layer({ sinks: [sink], diagnostics: () => {} })))
      }).pipe(Effect.provide(Layer.fresh(NodeServices.layer)))
    ))

  it.effect("with a dead letter in a replay's hands the letters do too", () =>
    onSmallDisk((directory) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const letters = yield* DeadLetters.open({ directory: `${directory}/spool`, lane: "api" })
        const sink = LogSink.make({
          name: "api",
          batchWindow: 0,
          deadLetter: DeadLetters.into(letters),
          write: () => Effect.fail(LogSink.rejected("no"))
        })
        yield* Effect.gen(function*() {
          const logging = yield* Logging.Logging
          yield* Effect.logInfo("first")
          yield* logging.flush
          const inHand = letters.next()
          assert.strictEqual(inHand?._tag, "DeadLetter")
          yield* Effect.ignore(fs.writeFile(`${directory}/ballast`, new Uint8Array(2 * 1024 * 1024)))
          for (let i = 0; i < 10; i++) yield* Effect.logInfo("x".repeat(30_000))
          yield* logging.flush
          const books = yield* booksOf(logging)
          assert.strictEqual(books.deadLettered + books.dropped.rejected_by_server, 11)
          yield* fs.remove(`${directory}/ballast`)
          yield* Effect.logInfo("room")
          yield* logging.flush
          assert.strictEqual((yield* booksOf(logging)).deadLettered, books.deadLettered + 1)
        }).pipe(Effect.provide(Logging.layer({ sinks: [sink], diagnostics: () => {} })))
        letters.close()
      }).pipe(Effect.provide(Layer.fresh(NodeServices.layer)))
    ))
})
