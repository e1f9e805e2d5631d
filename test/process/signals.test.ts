import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { createReadStream } from "node:fs"
import { text } from "node:stream/consumers"
import { Logging, MemorySink, ProcessHooks } from "../../src/index.ts"
import { recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, run, start, startCommand } from "./program.ts"

describe.concurrent("a signal under load", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it.live(`${signal} keeps every accepted record`, () =>
      Effect.gen(function*() {
        const path = yield* temporary("load.ndjson")
        const program = yield* start(fixture("load"), [path])
        yield* program.until(/^ready$/m)
        program.send(signal)
        const ended = yield* program.end
        const report = yield* reportIn(ended.stderr)
        const records = yield* recordsOf(path)

        assert.deepStrictEqual([ended.code, ended.signal], [130, null])
        assert.strictEqual(report.reason, signal)
        assert.isTrue(report.balanced)
        const books = report.lanes["file"]
        assert.strictEqual(books?.delivered, books?.accepted)
        assert.strictEqual(records.length, books?.delivered)
        assert.isAbove(records.length, 5000)
        assert.isTrue(records.every((record, i) => record.message === i))
      }))
  }
})

describe.concurrent("two runtimes with hooks", () => {
  it.live("both shut down before the signal ends the program that nobody else ends", () =>
    Effect.gen(function*() {
      const program = yield* start(fixture("two"))
      yield* program.until(/second is ready/)
      program.send("SIGTERM")
      const ended = yield* program.end
      assert.strictEqual(ended.signal, "SIGTERM")
      for (const name of ["first", "second"]) assert.include(ended.stderr, `${name} shutdown: SIGTERM after`)
    }))
})

describe.concurrent("a program that handles the signal itself", () => {
  it.live("F79: is the one that decides: what came before its shutdown does not hurry that", () =>
    Effect.gen(function*() {
      const ended = yield* run(fixture("keys"), ["shell"])
      const report = yield* reportIn(ended.stderr)
      assert.deepStrictEqual([ended.code, ended.signal], [0, null])
      assert.match(ended.stderr, /^pressed$/m)
      assert.isTrue(report.balanced)
      assert.strictEqual(report.lanes["slow"]?.delivered, 2)
    }))
})

describe.concurrent("a signal that nobody else handles", () => {
  it.live.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
    "F79: ends the first process of a container, with the code of the signal (needs root)",
    () =>
      Effect.gen(function*() {
        const path = yield* temporary("first.ndjson")
        const container = ["--fork", "--pid", "--mount-proc", process.execPath, fixture("signalled"), path, "SIGTERM"]
        const program = yield* startCommand("unshare", container)
        const ended = yield* program.end
        const report = yield* reportIn(ended.stderr)
        assert.strictEqual(ended.code, 143)
        assert.strictEqual(report.reason, "SIGTERM")
        assert.deepStrictEqual((yield* recordsOf(path)).map(({ message }) => message), ["serving as process 1"])
      })
  )

  it.live.skipIf(process.platform !== "linux")(
    "F79: SIGHUP ends a program whose terminal is closed, after its shutdown",
    () =>
      Effect.gen(function*() {
        const path = yield* temporary("hangup.ndjson")
        // The shell that owns the terminal ends with it; the one in it stays to say how the program ended.
        const CODE = `${path}.code`
        const INNER = `trap "" HUP; "${process.execPath}" ${fixture("signalled")} ${path}; echo $? > "$CODE"`
        const script = `mkfifo "$CODE"; echo made; exec script -qc 'sh -c "$INNER"; true' /dev/null`
        const terminal = yield* startCommand("sh", ["-c", script], { env: { CODE, INNER } })
        yield* terminal.until(/^made$/m)
        const code = text(createReadStream(CODE))
        yield* terminal.until(/ready/)
        // Whoever holds the other end of the terminal is gone.
        terminal.send("SIGKILL")
        assert.strictEqual(yield* Effect.promise(() => code), "129\n")
        assert.match(String((yield* recordsOf(path))[0]?.message), /^serving/)
      })
  )

  it.live("F79: is one Ctrl-C under npm, though it comes twice", () =>
    Effect.gen(function*() {
      const ended = yield* run(fixture("keys"), ["npm"])
      const report = yield* reportIn(ended.stderr)
      assert.strictEqual(ended.signal, "SIGINT")
      assert.strictEqual(report.reason, "SIGINT")
      assert.strictEqual(report.lanes["slow"]?.delivered, 1)
    }))

  it.effect("F79: is heard by one listener for each event, however many runtimes there are", () =>
    Effect.gen(function*() {
      const events = ["SIGINT", "SIGTERM", "SIGHUP", "exit", "uncaughtExceptionMonitor"]
      const counts = () => events.map((event) => process.listenerCount(event))
      const before = counts()
      const LoggingLive = ProcessHooks.layer.pipe(
        Layer.provideMerge(Logging.layer({ sinks: [MemorySink.make()], diagnostics: () => {} }))
      )
      yield* Effect.scoped(Effect.gen(function*() {
        for (let i = 0; i < 11; i++) yield* Layer.build(Layer.fresh(LoggingLive))
        assert.deepStrictEqual(counts(), before.map((count) => count + 1))
      }))
      assert.deepStrictEqual(counts(), before)
    }))
})

describe.concurrent("the second and the third signal", () => {
  it.live("F52: the second ends a shutdown that a sink holds up", () =>
    Effect.gen(function*() {
      const program = yield* start(fixture("hanging"))
      yield* program.until(/^ready$/m)
      program.send("SIGTERM")
      yield* program.until(/^signal 1$/m)
      program.send("SIGTERM")
      const ended = yield* program.end
      const report = yield* reportIn(ended.stderr)

      assert.strictEqual(ended.code, 130)
      assert.strictEqual(report.reason, "SIGTERM")
      assert.isTrue(report.balanced)
      assert.strictEqual(report.lanes["hanging"]?.dropped["unconfirmed"], 1)
      assert.strictEqual(report.lanes["hanging"]?.dropped["shutdown_deadline"], 1)
    }))

  it.live("F52: the third ends the process at once with the code of the signal", () =>
    Effect.gen(function*() {
      const program = yield* start(fixture("hanging"), ["report"])
      yield* program.until(/^ready$/m)
      for (const number of [1, 2]) {
        program.send("SIGTERM")
        yield* program.until(new RegExp(`^signal ${number}$`, "m"))
      }
      yield* program.until(/^report /m)
      program.send("SIGTERM")
      const ended = yield* program.end
      const report = yield* reportIn(ended.stderr)

      assert.deepStrictEqual([ended.code, ended.signal], [143, null])
      assert.strictEqual(report.reason, "SIGTERM")
      assert.isTrue(report.balanced)
    }))
})

describe.concurrent("the end of a program", () => {
  const endings = [
    { ending: "success", code: 0, reason: "completed", exitCode: "undefined" },
    { ending: "failure", code: 1, reason: "failed", exitCode: "1" },
    { ending: "plain", code: 0, reason: "completed", exitCode: "undefined" }
  ]
  for (const { code, ending, exitCode, reason } of endings) {
    it.live(`${ending}: exit code ${code}, all records, the exit code left alone`, () =>
      Effect.gen(function*() {
        const path = yield* temporary("ending.ndjson")
        const ended = yield* run(fixture("ending"), [ending, path])
        const report = yield* reportIn(ended.stderr)

        assert.deepStrictEqual([ended.code, ended.signal], [code, null])
        assert.strictEqual(report.reason, reason)
        assert.isTrue(report.balanced)
        assert.strictEqual((yield* recordsOf(path)).length, 1000)
        assert.strictEqual(ended.stdout.split("\n").length - 1, 1000)
        assert.include(ended.stderr, `exitCode ${exitCode}\n`)
      }))
  }

  it.live(
    "without runMain a signal runs shutdown, and then ends the process as if nobody had listened",
    () =>
      Effect.gen(function*() {
        const path = yield* temporary("signal.ndjson")
        const program = yield* start(fixture("ending"), ["signal", path])
        yield* program.until(/^ready$/m)
        program.send("SIGTERM")
        const ended = yield* program.end
        const report = yield* reportIn(ended.stderr)

        assert.deepStrictEqual([ended.code, ended.signal], [null, "SIGTERM"])
        assert.strictEqual(report.reason, "SIGTERM")
        assert.strictEqual((yield* recordsOf(path)).length, 1000)
      })
  )
})
