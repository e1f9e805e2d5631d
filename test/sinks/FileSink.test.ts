import { NodeServices } from "@effect/platform-node"
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, FileSystem, type Layer, Schedule, type Scope } from "effect"
import type { PlatformError } from "effect/PlatformError"
import { TestClock } from "effect/testing"
import { createServer } from "node:net"
import { localPace } from "../../src/contract/localLane.ts"
import { storedIn } from "../../src/contract/storedIn.ts"
import { FileSink, Logging, type LogSink } from "../../src/index.ts"
import * as LogRecord from "../../src/LogRecord.ts"
import { nodeFiles } from "../../src/node/fileCalls.ts"
import * as FaultyFiles from "../support/faultyFiles.ts"
import { makeLane, settle } from "../support/lanes.ts"
import { logMany } from "../support/runtime.ts"

const record = (message: string): LogRecord.LogRecord => LogRecord.make({ message })

const messages = (content: string): ReadonlyArray<unknown> =>
  content.split("\n").slice(0, -1).map((line) => JSON.parse(line).message)

/** What a thread does with a line that it has to write. */
type Landing = (write: (bytes: Uint8Array) => void, line: Uint8Array) => void

const faulty = (
  files: FaultyFiles.FaultyFiles,
  options?: Partial<FileSink.Options>
): Effect.Effect<LogSink.LogSink, LogSink.RequiredSinkError, Scope.Scope> =>
  FileSink.makeIn(files.files, { path: "app.log", ...options })

describe("FileSink on a failing file system", () => {
  it.effect("F40: a partial write is continued at its byte, also inside a character", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      files.push({ takes: 13 }, { takes: 1 }, { takes: 1 }, { takes: 5 })
      yield* sink.write([record("größer"), record("日本語")])
      assert.deepStrictEqual(messages(files.content()), ["größer", "日本語"])
    }))

  for (const written of [0, 1, 60, 119, 200]) {
    it.effect(`F41: a disk that fills up after ${written} bytes keeps whole lines and loses nothing`, () =>
      Effect.gen(function*() {
        const files = FaultyFiles.make()
        const sink = yield* faulty(files, { batchWindow: 0, retry: Schedule.spaced("1 second") })
        const { lane, offer } = yield* makeLane(sink)
        files.push(...(written === 0 ? [] : [{ takes: written }]), { code: "ENOSPC" }, { code: "ENOSPC" })
        offer(5)
        yield* settle
        assert.match(files.content(), /^(|[^]*\n)$/)
        assert.strictEqual(lane.books().delivered, messages(files.content()).length)
        yield* TestClock.adjust("1 second")
        yield* settle
        yield* TestClock.adjust("1 second")
        yield* lane.flush
        assert.deepStrictEqual(messages(files.content()), [0, 1, 2, 3, 4])
        assert.strictEqual(files.opens(), 1, "the file stays open")
      }))
  }

  it.effect("half a line that cannot be cut off, because others append too, is ended before the next", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      files.append("somebody else\n")
      files.push({ takes: 10 }, { code: "ENOSPC" })
      yield* Effect.exit(sink.write([record("a")]))
      yield* sink.write([record("b")])
      const [other, half, whole, end] = files.content().split("\n")
      assert.strictEqual(other, "somebody else")
      assert.strictEqual(half?.length, 10)
      assert.strictEqual(JSON.parse(whole ?? "").message, "b")
      assert.strictEqual(end, "")
    }))

  it.effect("F72: half a line is not cut off a file to which others append, who may do so in between", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      yield* sink.write([record("a")])
      files.append("somebody else\n")
      yield* TestClock.adjust("1 second")
      yield* sink.write([record("b")])
      const before = files.content()
      files.push({ takes: 10 }, { code: "ENOSPC" })
      yield* Effect.exit(sink.write([record("c")]))
      assert.strictEqual(files.content().length, before.length + 10)
      yield* sink.write([record("c")])
      assert.deepStrictEqual(messages(files.content().slice(before.length + 11)), ["c"])
    }))

  it.effect("F72: nor when others were seen to append while much was written", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      yield* sink.write([record("a")])
      files.append(`${"somebody else ".repeat(100_000)}\n`)
      yield* TestClock.adjust("1 second")
      yield* sink.write(Array.from({ length: localPace.full }, () => record("b")))
      const before = files.content()
      files.push({ takes: 10 }, { code: "ENOSPC" })
      yield* Effect.exit(sink.write([record("c")]))
      assert.strictEqual(files.content().length, before.length + 10)
    }))

  it.effect("a look at the file that hangs is left behind when the sink is closed", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const looks: Array<() => unknown> = []
      let hangs = false
      const fstat: typeof files.files.fstat = (fd, done) => {
        if (hangs) looks.push(() => files.files.fstat(fd, (...answer) => isAwaited.push(done(...answer))))
        else files.files.fstat(fd, done)
      }
      const isAwaited: Array<unknown> = []
      const sink = FileSink.makeIn({ ...files.files, fstat }, { path: "app.log" })
      yield* Effect.scoped(Effect.gen(function*() {
        const { write } = yield* sink
        yield* write([record("a")])
        yield* TestClock.adjust("1 second")
        hangs = true
        yield* write(Array.from({ length: localPace.full }, () => record("b")))
      }))
      looks.forEach((answer) => answer())
      assert.deepStrictEqual(isAwaited, [false])
    }))

  it.effect("F72: half a line that a write has left is ended by the synchronous write too", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      files.append("somebody else\n")
      files.push({ takes: 10 }, { code: "ENOSPC" })
      yield* Effect.exit(sink.write([record("a")]))
      sink.writeSync?.([record("b")])
      assert.deepStrictEqual(messages(files.content().split("\n").slice(2).join("\n")), ["b"])
    }))

  it.effect("half a line is ended also when the file was opened anew in between", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      files.append("somebody else\n")
      files.push({ takes: 10 }, { code: "EIO" })
      yield* Effect.exit(sink.write([record("a")]))
      yield* sink.write([record("b")])
      assert.deepStrictEqual(messages(files.content().split("\n").slice(2).join("\n")), ["b"])
    }))

  it.effect("F73: a write that is left behind is not followed by another one before it has returned", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      const returns = yield* Deferred.make<void>()
      files.push({ takes: 10 }, { after: Deferred.await(returns) })
      const writing = yield* Effect.forkChild(sink.write([record("a")]), { startImmediately: true })
      yield* settle
      yield* Fiber.interrupt(writing)
      const refused = yield* Effect.forkChild(Effect.flip(sink.write([record("b")])))
      yield* settle
      yield* TestClock.adjust("5 seconds")
      const error = yield* Fiber.join(refused)
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.strictEqual(error.message, "cannot write the file: the last call to the system has not returned")
      const next = yield* Effect.forkChild(sink.write([record("b")]))
      yield* settle
      assert.strictEqual(files.writes(), 1)
      yield* Deferred.succeed(returns, undefined)
      yield* Fiber.join(next)
      assert.deepStrictEqual(messages(files.content()), ["a", "b"])
    }))

  it.effect("F73: an open that hangs takes 5 s of the start, and is not followed by another one before it has returned", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const returns = yield* Deferred.make<void>()
      files.holdOpen(Deferred.await(returns))
      const starting = yield* Effect.forkChild(faulty(files))
      yield* settle
      yield* TestClock.adjust("5 seconds")
      const sink = yield* Fiber.join(starting)
      const writing = yield* Effect.forkChild(sink.write([record("a")]))
      yield* settle
      assert.strictEqual(files.opens(), 0)
      yield* Deferred.succeed(returns, undefined)
      yield* Fiber.join(writing)
      assert.strictEqual(files.opens(), 1)
      assert.deepStrictEqual(messages(files.content()), ["a"])
    }))

  it.live("F74: a file whose last call hangs is not written synchronously", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      files.push({ after: Effect.never })
      yield* Effect.forkChild(sink.write([record("a")]), { startImmediately: true })
      yield* Effect.sleep("600 millis")
      assert.throws(() => sink.writeSync?.([record("b")]), /the last call to the system has not returned/)
      assert.strictEqual(files.writes(), 0)
    }))

  for (const [lands, texts] of [[3, ["a", "b", "c"]], [Infinity, ["b", "c"]]] as const) {
    it.effect(
      `F74: a write that a thread has is waited for by synchronous ones for 250 ms at most (lands at look ${lands})`,
      () =>
        Effect.gen(function*() {
          const files = FaultyFiles.make()
          let looks = 0
          let land = (): void => {}
          const sink = yield* FileSink.makeIn({
            ...files.files,
            write: (fd, bytes, offset, length) => {
              land = () => void files.files.writeSync(fd, bytes, offset, length)
            },
            fstatSync: (fd) => {
              looks++
              if (looks === lands) land()
              return files.files.fstatSync(fd)
            }
          }, { path: "app.log" })
          yield* Effect.forkChild(sink.write([record("a")]), { startImmediately: true })
          yield* settle
          const began = performance.now()
          sink.writeSync?.([record("b")])
          const millis = performance.now() - began
          sink.writeSync?.([record("c")])
          assert.deepStrictEqual(messages(files.content()), texts)
          if (lands === Infinity) assert.isAtLeast(millis, 250)
          assert.isBelow(performance.now() - began, 2500)
        })
    )
  }

  const others = `${"-".repeat(300)}\n`
  const arrivals: ReadonlyArray<
    readonly [arrival: string, texts: ReadonlyArray<string>, land: Landing, readable?: false]
  > = [
    ["whole", ["a", "b", "c"], (write, line) => write(line)],
    ["whole, in one that we may not read", ["a", "a", "b", "c"], (write, line) => write(line), false],
    ["in part", ["a", "b", "c"], (write, line) => write(line.subarray(0, 20))],
    ["not at all", ["a", "b", "c"], () => {}],
    ["behind a line of somebody else", ["a", "a", "b", "c"], (write, line) => {
      write(Buffer.from(others))
      write(line)
    }],
    ["not, but a line of somebody else is there", ["a", "b", "c"], (write) => write(Buffer.from(others))]
  ]
  for (const [arrival, texts, land, readable = true] of arrivals) {
    it.effect(`F54: a batch that a thread has is written once more only where it is not seen in the file (${arrival})`, () =>
      Effect.gen(function*() {
        const { content, files } = FaultyFiles.make({ readable })
        const append = (bytes: Uint8Array): void => void files.writeSync(3, bytes, 0, bytes.length)
        const sink = yield* FileSink.makeIn(
          { ...files, write: (_fd, bytes, offset, length) => land(append, bytes.subarray(offset, offset + length)) },
          { path: "app.log" }
        )
        const batch = [record("a")]
        yield* Effect.forkChild(sink.write(batch), { startImmediately: true })
        yield* settle
        sink.writeSync?.(batch)
        sink.writeSync?.([record("b")])
        sink.writeSync?.([record("c")])
        const whole = content().split("\n").filter((line) => line.endsWith("}")).map((line) => `${line}\n`)
        assert.deepStrictEqual(messages(whole.join("")), texts)
      }))
  }

  it.effect("F74: a pipe that is full is waited for by synchronous writes for 250 ms in all, then not at all", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make({ regular: false })
      const sink = yield* faulty(files)
      files.push(...Array.from({ length: 10_000 }, () => ({ code: "EAGAIN" })))
      const began = performance.now()
      for (let i = 0; i < 50; i++) assert.throws(() => sink.writeSync?.([record("a")]), /it is full/)
      const millis = performance.now() - began
      assert.isAtLeast(millis, 250)
      // Waited for each time, it would be twelve seconds.
      assert.isBelow(millis, 2500)
    }))

  it.effect("F73: a pipe is waited for while it is full, and what it has taken is counted", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make({ regular: false })
      const sink = yield* faulty(files)
      const batch = Array.from({ length: 200 }, (_, i) => record(`${i}`))
      files.push({ takes: 4096 }, ...Array.from({ length: 7 }, () => ({ code: "EAGAIN" })))
      const writing = yield* Effect.forkChild(sink.write(batch), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust("200 millis")
      yield* Fiber.join(writing)
      assert.deepStrictEqual(messages(files.content()), batch.map(({ message }) => message))

      const before = messages(files.content()).length
      files.push({ takes: 4096 }, ...Array.from({ length: 100 }, () => ({ code: "EAGAIN" })))
      const failing = yield* Effect.forkChild(Effect.flip(sink.write(batch)), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust("2 seconds")
      const { reason } = yield* Fiber.join(failing)
      const stored = reason._tag === "Unavailable" ? reason.stored : undefined
      assert.strictEqual(messages(files.content()).length - before, stored)
      assert.isAbove(stored ?? 0, 0)
      assert.isTrue(files.content().endsWith("\n"), "what a pipe takes at once are whole lines")
    }))

  for (const written of [0, 1, 60, 119]) {
    it.effect(`F72: without a queue, a disk that fills up after ${written} bytes keeps whole lines and counts the rest`, () =>
      Effect.gen(function*() {
        const files = FaultyFiles.make()
        const sink = yield* faulty(files)
        files.push(...(written === 0 ? [] : [{ takes: written }]), { code: "ENOSPC" })
        const stored = storedAtOnce(sink, [record("a"), record("b")])
        assert.strictEqual(stored, messages(files.content()).length)
        sink.writeSync?.([record("c")])
        yield* sink.write([record("d")])
        assert.deepStrictEqual(messages(files.content()).slice(stored), ["c", "d"])
      }))
  }

  for (const how of ["with", "without"]) {
    it.effect(`F72: half a line of ours in a file that cannot be cut is ended before the next (${how} a queue)`, () =>
      Effect.gen(function*() {
        const files = FaultyFiles.make({ appendOnly: true })
        const sink = yield* faulty(files)
        const write = how === "with" ?
          sink.write :
          (batch: ReadonlyArray<LogRecord.LogRecord>) => Effect.sync(() => sink.writeSync?.(batch))
        files.push({ takes: 20 }, { code: "ENOSPC" })
        assert.isTrue(Exit.isFailure(yield* Effect.exit(write([record("a")]))))
        yield* write([record("b")])
        const [half, ...rest] = files.content().split("\n")
        assert.strictEqual(half?.length, 20)
        assert.deepStrictEqual(messages(rest.join("\n")), ["b"])
      }))
  }

  it.effect("F72: what is stored of the last batch of a process is counted as delivered, the rest as lost", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const { lane, offer } = yield* makeLane(yield* faulty(files))
      offer(10)
      files.push({ takes: 500 }, ...Array.from({ length: 3 }, () => ({ code: "ENOSPC" })))
      lane.writeLeft(() => {}, () => true)
      const { delivered, dropped } = lane.books()
      assert.isAbove(delivered, 0)
      assert.deepStrictEqual(messages(files.content()), Array.from({ length: delivered }, (_, i) => i))
      assert.strictEqual(dropped.shutdown_deadline, 10 - delivered)
    }))

  it.effect("F72: half a line that another writer left since is ended within a second", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make({ readable: true })
      const sink = yield* faulty(files)
      yield* sink.write([record("a")])
      for (
        const write of [
          (batch: ReadonlyArray<LogRecord.LogRecord>) => sink.write(batch),
          (batch: ReadonlyArray<LogRecord.LogRecord>) => Effect.sync(() => sink.writeSync?.(batch))
        ]
      ) {
        files.append("half of")
        yield* TestClock.adjust("1 second")
        yield* write([record("b")])
      }
      const [a, half, b, ...rest] = files.content().split("\n")
      assert.deepStrictEqual([half, rest[0]], ["half of", "half of"])
      assert.deepStrictEqual(messages([a, b, rest[1], ""].join("\n")), ["a", "b", "b"])
      assert.strictEqual(files.opens(), 1)
    }))

  it.effect("two lanes may share a sink: their writes take turns", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      const ready = yield* Deferred.make<void>()
      files.push({ after: Deferred.await(ready) })
      const both = yield* Effect.forkChild(
        Effect.all([sink.write([record("first")]), sink.write([record("second")])], { concurrency: "unbounded" }),
        { startImmediately: true }
      )
      yield* settle
      yield* Deferred.succeed(ready, undefined)
      yield* Fiber.join(both)
      assert.deepStrictEqual(messages(files.content()), ["first", "second"])
    }))

  for (const code of ["EBADF", "EIO", "EACCES", "EROFS"]) {
    it.effect(`F42: after ${code} the file is opened anew`, () =>
      Effect.gen(function*() {
        const files = FaultyFiles.make()
        const sink = yield* faulty(files)
        files.push({ code })
        const exit = yield* Effect.exit(sink.write([record("a")]))
        assert.isTrue(Exit.isFailure(exit))
        yield* sink.write([record("a")])
        assert.strictEqual(files.opens(), 2)
        assert.deepStrictEqual(messages(files.content()), ["a"])
      }))
  }

  for (
    const [code, tag] of [["EMFILE", "Unavailable"], ["ENFILE", "Unavailable"], ["EACCES", "Misconfigured"], [
      "ELOOP",
      "Misconfigured"
    ]] as const
  ) {
    it.effect(`F42: a file that cannot be opened (${code}) is ${tag}, and the lane keeps its records`, () =>
      Effect.gen(function*() {
        const files = FaultyFiles.make()
        files.failOpens(code, code)
        const sink = yield* faulty(files)
        const error = yield* Effect.flip(sink.write([record("a")]))
        assert.strictEqual(error.reason._tag, tag)
        assert.strictEqual(error.message, `cannot open "app.log" (${code})`)
        yield* sink.write([record("a")])
        assert.deepStrictEqual(messages(files.content()), ["a"])
      }))
  }

  it.effect("required: a file that cannot be opened fails the sink", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      files.failOpens("EACCES")
      const error = yield* Effect.flip(faulty(files, { required: true }))
      assert.strictEqual(error._tag, "RequiredSinkError")
      assert.strictEqual(error.message, `cannot open "app.log" (EACCES)`)
    }))

  it.effect("a file that takes no bytes is an error, not an endless loop", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* faulty(files)
      files.push({ takes: 0 })
      const error = yield* Effect.flip(sink.write([record("a")]))
      assert.strictEqual(error.message, "cannot write the file (it takes no bytes)")
    }))

  it("only a required one can fail, in its type", () => {
    type Fails<E> = Effect.Effect<LogSink.LogSink, E, Scope.Scope>
    expectTypeOf(FileSink.make({ path: "app.log" })).toEqualTypeOf<Fails<never>>()
    expectTypeOf(FileSink.make({ path: "app.log", required: undefined })).toEqualTypeOf<Fails<never>>()
    expectTypeOf(FileSink.make({ path: "app.log", required: false })).toEqualTypeOf<Fails<never>>()
    expectTypeOf(FileSink.make({ path: "app.log", required: true })).toEqualTypeOf<Fails<LogSink.RequiredSinkError>>()
    const options: FileSink.Options = { path: "app.log" }
    expectTypeOf(FileSink.make(options)).toEqualTypeOf<Fails<LogSink.RequiredSinkError>>()
    const required = Logging.layer({ sinks: [FileSink.make({ path: "app.log", required: true })] })
    expectTypeOf(required).toEqualTypeOf<Layer.Layer<Logging.Logging, LogSink.RequiredSinkError>>()
    const other = Logging.layer({ sinks: [FileSink.make({ path: "app.log" })] })
    expectTypeOf(other).toEqualTypeOf<Layer.Layer<Logging.Logging>>()
  })

  it.each([-1, 0o10000, 7.5, "755"])("a folder is not made with permissions like %s", (directoryMode) => {
    const options: object = { directoryMode }
    assert.throws(
      () => FileSink.make({ path: "app.log", ...options }),
      "FileSink.make: directoryMode must be permissions as a number like 0o640, got"
    )
  })

  it("a path that is empty is refused", () => {
    assert.throws(
      () => FileSink.make({ path: "" }),
      `FileSink.make: path must be a path that is not blank and has no control characters, got ""`
    )
  })
})

describe("FileSink on a real disk", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect("creates folders and a file of mode 0600, appends, and writes synchronously to the same file", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        const path = `${folder}/new/folder/app.ndjson`
        for (const round of [1, 2]) {
          yield* logMany(1000).pipe(Effect.provide(Logging.layer({ sinks: [FileSink.make({ path })] })))
          assert.strictEqual(messages(yield* fs.readFileString(path)).length, 1000 * round)
        }
        assert.strictEqual((yield* fs.stat(path)).mode & 0o777, 0o600)
        assert.strictEqual((yield* fs.stat(`${folder}/new`)).mode & 0o777, 0o700)
        yield* logMany(5).pipe(Effect.provide(Logging.layer({ sinks: [FileSink.make({ path })], queue: false })))
        assert.strictEqual(messages(yield* fs.readFileString(path)).length, 2005)
      }))

    it.effect("creates folders and a file of the modes that it is given, with and without a queue", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        for (const queue of [true, false]) {
          const path = `${folder}/${queue}/folder/app.ndjson`
          const sinks = [FileSink.make({ path, mode: 0o640, directoryMode: 0o750 })]
          yield* logMany(1).pipe(Effect.provide(Logging.layer({ sinks, queue })))
          const modes = [path, `${folder}/${queue}/folder`, `${folder}/${queue}`].map((one) =>
            Effect.map(fs.stat(one), ({ mode }) => mode & 0o777)
          )
          assert.deepStrictEqual(yield* Effect.all(modes), [0o640, 0o750, 0o750])
        }
      }))

    for (const [path, answer] of [["/dev/null", undefined], ["/dev/full", /ENOSPC/], ["/", /EISDIR/]] as const) {
      it.effect(`F73: ${path} as a file is ${answer === undefined ? "written" : "an error of its lane only"}`, () =>
        Effect.gen(function*() {
          const sink = yield* FileSink.make({ path })
          const write = Effect.exit(sink.write([record("a")]))
          const answers = [yield* write, yield* Effect.andThen(TestClock.adjust("1 second"), write)]
          for (const exit of answers) {
            if (answer === undefined) assert.isTrue(Exit.isSuccess(exit))
            else assert.match(Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : "", answer)
          }
        }))
    }

    it.effect("F73: a socket as a file is an error of its lane only", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = `${yield* fs.makeTempDirectoryScoped()}/socket`
        const server = createServer()
        yield* Effect.acquireRelease(
          Effect.callback<void>((resume) => {
            server.listen(path, () => resume(Effect.void))
          }),
          () => Effect.sync(() => server.close())
        )
        const sink = yield* FileSink.make({ path })
        assert.match((yield* Effect.flip(sink.write([record("a")]))).message, /^cannot open .*ENXIO/)
      }))

    it.effect("F69, F72: a relative path is that of the start", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        const before = process.cwd()
        yield* Effect.addFinalizer(() => Effect.sync(() => process.chdir(before)))
        process.chdir(folder)
        const sink = yield* FileSink.make({ path: "logs/app.log" })
        yield* sink.write([record("before")])
        yield* fs.makeDirectory("elsewhere")
        process.chdir("elsewhere")
        yield* TestClock.adjust("1 second")
        yield* sink.write([record("after")])
        yield* TestClock.adjust("1 second")
        sink.writeSync?.([record("at once")])
        process.chdir(before)
        assert.deepStrictEqual(messages(yield* fs.readFileString(`${folder}/logs/app.log`)), [
          "before",
          "after",
          "at once"
        ])
        assert.isFalse(yield* fs.exists(`${folder}/elsewhere/logs`))
      }))

    it.effect("F43: without a queue too, a file that was renamed is noticed within a second", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        const path = `${folder}/app.ndjson`
        yield* Effect.gen(function*() {
          yield* Effect.logInfo("before")
          yield* fs.rename(path, `${path}.1`)
          yield* TestClock.adjust("1 second")
          yield* Effect.logInfo("after")
        }).pipe(Effect.provide(Logging.layer({ sinks: [FileSink.make({ path })], queue: false })))
        assert.deepStrictEqual(messages(yield* fs.readFileString(`${path}.1`)), ["before"])
        assert.deepStrictEqual(messages(yield* fs.readFileString(path)), ["after"])
      }))

    it.effect("R55: a folder that cannot be made degrades the lane; what was logged meanwhile is written later", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        yield* fs.writeFileString(`${folder}/blocked`, "a file where a folder should be")
        const path = `${folder}/blocked/app.ndjson`
        yield* Effect.gen(function*() {
          const logging = yield* Logging.Logging
          yield* logMany(3)
          const flushing = yield* Effect.forkChild(logging.flush)
          yield* TestClock.adjust("100 millis")
          yield* waitFor(Effect.map(logging.stats, ({ lanes }) => lanes["file"]?.retrying === 3))
          assert.strictEqual((yield* logging.stats).lanes["file"]?.lastError, `cannot open "${path}" (ENOTDIR)`)
          yield* fs.remove(`${folder}/blocked`)
          yield* TestClock.adjust("30 seconds")
          yield* Fiber.join(flushing)
        }).pipe(Effect.provide(Logging.layer({ sinks: [FileSink.make({ path })], diagnostics: () => {} })))
        assert.strictEqual(messages(yield* fs.readFileString(path)).length, 3)
      }))

    it.effect("F42: a folder that cannot be made is the reason why the file cannot be opened", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = `${yield* fs.makeTempDirectoryScoped()}/none/app.ndjson`
        const refused: typeof nodeFiles.mkdir = (_path, _options, done) =>
          done(Object.assign(new Error("refused"), { code: "EACCES" }))
        const sink = yield* FileSink.makeIn({ ...nodeFiles, mkdir: refused }, { path })
        const error = yield* Effect.flip(sink.write([record("a")]))
        assert.strictEqual(error.message, `cannot open "${path}" (EACCES)`)
        assert.strictEqual(error.reason._tag, "Misconfigured")
      }))

    const moved: Readonly<
      Record<string, (fs: FileSystem.FileSystem, path: string) => Effect.Effect<void, PlatformError>>
    > = {
      renamed: (fs, path) => fs.rename(path, `${path}.1`),
      deleted: (fs, path) => fs.remove(path),
      truncated: (fs, path) => fs.truncate(path),
      replaced: (fs, path) => Effect.andThen(fs.rename(path, `${path}.1`), fs.writeFileString(path, ""))
    }
    for (const [what, move] of Object.entries(moved)) {
      it.effect(`F43: a file that was ${what} is noticed within a second of writes`, () =>
        Effect.gen(function*() {
          const fs = yield* FileSystem.FileSystem
          const path = `${yield* fs.makeTempDirectoryScoped()}/app.log`
          const sink = yield* FileSink.make({ path })
          yield* TestClock.adjust("1 second")
          yield* sink.write([record("before")])
          yield* move(fs, path)
          yield* TestClock.adjust("1 second")
          yield* sink.write([record("after")])
          yield* sink.write([record("later")])
          assert.deepStrictEqual(messages(yield* fs.readFileString(path)), ["after", "later"])
        }))
    }

    it.effect("logfmt and pretty can be written to a file too", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        yield* Effect.logInfo("hello world").pipe(Effect.provide(Logging.layer({
          sinks: [
            FileSink.make({ path: `${folder}/a.log`, format: "logfmt" }),
            FileSink.make({ path: `${folder}/b.log`, format: "pretty" })
          ]
        })))
        assert.match(yield* fs.readFileString(`${folder}/a.log`), /level=INFO fiber=#\d+ message="hello world"\n$/)
        assert.match(yield* fs.readFileString(`${folder}/b.log`), /INFO {2}\(#\d+\) hello world\n$/)
      }))
  })
})

const storedAtOnce = (sink: LogSink.LogSink, batch: ReadonlyArray<LogRecord.LogRecord>): number => {
  try {
    sink.writeSync?.(batch)
    return batch.length
  } catch (error) {
    return storedIn(error, batch.length)
  }
}

/** Gives the event loop turns until something holds: real input and output answer in their own time. */
const waitFor = (condition: Effect.Effect<boolean>): Effect.Effect<void> =>
  Effect.flatMap(condition, (holds) => holds ? Effect.void : Effect.andThen(Effect.yieldNow, waitFor(condition)))
