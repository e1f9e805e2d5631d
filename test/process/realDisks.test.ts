import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FileSystem, Layer } from "effect"
import { TestClock } from "effect/testing"
import { FileSink, Logging } from "../../src/index.ts"
import { onSmallDisk } from "../support/disks.ts"
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
