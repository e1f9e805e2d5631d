import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Arbitrary, Deferred, Effect, Exit, Fiber, FileSystem, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { ConsoleSink, FileSink, LogEncoder, LogRecord, type LogSink } from "../../src/index.ts"
import * as Encoding from "../../src/sinks/encoding/format.ts"
import { wholeRecords } from "../../src/sinks/encoding/wholeRecords.ts"
import { picky, restless } from "../process/fixtures/encoders.ts"
import * as FaultyFiles from "../support/faultyFiles.ts"
import { hostileRecord } from "../support/hostileRecord.ts"
import { makeLane, settle } from "../support/lanes.ts"
import { makeRuntime } from "../support/runtime.ts"

type Format = LogEncoder.Format | LogEncoder.LogEncoder

const record = (message: unknown): LogRecord.LogRecord => LogRecord.make({ message })
const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
const fileOf = (files: FaultyFiles.FaultyFiles, format: Format, options?: Partial<FileSink.Options>) =>
  FileSink.makeIn(files.files, { path: "app.log", format, ...options })
const linesOf = (files: FaultyFiles.FaultyFiles): ReadonlyArray<string> => files.content().split("\n").slice(0, -1)

/** What an encoder may do with a record that it does not encode, and what is said of it. */
const faults: ReadonlyArray<readonly [what: string, bad: () => unknown, problem: string | RegExp]> = [
  ["throws an error", () => picky().encode(record(1)), "threw TypeError: no"],
  ["throws nothing", () => {
    // oxlint-disable-next-line typescript/only-throw-error -- programs do
    throw undefined
  }, "threw undefined"],
  ["throws what cannot be read", () => {
    const error = new Error("x")
    Object.defineProperty(error, "message", { get: () => picky().encode(record(1)) })
    throw error
  }, "threw unknown defect"],
  ["throws lines", () => {
    throw new Error("a\nb\u2028\ud800")
  }, String.raw`threw Error: a\nb\u2028`],
  ["fills the stack", function fill(): unknown {
    return [fill()]
  }, /^threw RangeError: Maximum call stack/],
  ["gives nothing", () => undefined, "gave undefined"],
  ["gives a number", () => 3, "gave 3"],
  ["gives bytes", () => new Uint8Array(3), "gave an object of Uint8Array"],
  ["gives a promise that fails", () => Promise.reject(new Error("later")), "gave an object of Promise"],
  ["gives an empty text", () => "", "gave an empty text"],
  ["gives two lines", () => "a\nb", "gave a text with a line break"],
  ["gives a carriage return", () => "a\r", "gave a text with a line break"],
  ["gives half a character", () => "a\ud83d", "gave a text with half a character"],
  ["gives far too much", () => "x".repeat(2 ** 29 - 25), "gave a text of 536870887 characters"]
]

describe("the format of a sink", () => {
  const makers: ReadonlyArray<readonly [where: string, make: (format: unknown) => unknown]> = [
    ["FileSink.make", (format) => Reflect.apply(FileSink.make, undefined, [{ path: "/dev/null", format }])],
    ["ConsoleSink.make", (format) => Reflect.apply(ConsoleSink.make, undefined, [{ format }])]
  ]

  for (const [where, make] of makers) {
    for (const [what, bad, problem] of faults) {
      it(`${where}: an encoder that ${what} is named by a sentence before the program starts`, () => {
        const encoder = { ...LogEncoder.json(), encode: bad }
        const sentence = `${where}: format must encode every record as one line of text, but for a sample it `
        let text = ""
        try {
          make(encoder)
        } catch (error) {
          assert.instanceOf(error, RangeError)
          text = error.message
        }
        assert.isTrue(text.startsWith(sentence), text)
        if (typeof problem === "string") {
          assert.include(text, problem)
        } else assert.match(text.slice(sentence.length), problem)
      })
    }

    for (
      const [format, shown] of [["xml", "\"xml\""], [LogEncoder.json, "a function"], [{}, "an object"], [
        null,
        "null"
      ]] as const
    ) {
      it(`${where}: ${shown} is none`, () => {
        const expected = `${where}: format must be "json", "logfmt" or "pretty", or a LogEncoder, got ${shown}`
        assert.throws(() => make(format), RangeError, expected)
      })
    }
  }

  it.effect("takes a name or an encoder, of the library or of the program", () =>
    Effect.gen(function*() {
      const formats: ReadonlyArray<readonly [Format, string]> = [
        ["logfmt", LogEncoder.logfmt().encode(record("m"))],
        [
          LogEncoder.json({ fields: { message: "msg" } }),
          LogEncoder.json({ fields: { message: "msg" } }).encode(record("m"))
        ],
        [LogEncoder.pretty(), LogEncoder.pretty().encode(record("m"))],
        [LogEncoder.fromRenderer(({ message }) => `<${String(message)}>`), "<m>"],
        [{ ...LogEncoder.json(), encode: () => "other" }, "other"],
        [new Prefixed("> "), "> m"]
      ]
      for (const [format, line] of formats) {
        const files = FaultyFiles.make()
        const sink = yield* fileOf(files, format)
        yield* sink.write([record("m")])
        sink.writeSync?.([record("m")])
        assert.strictEqual(files.content(), `${line}\n${line}\n`)
      }
    }))
})

/** An encoder of a program that is made by a class. */
class Prefixed implements LogEncoder.LogEncoder {
  private readonly prefix: string
  constructor(prefix: string) {
    this.prefix = prefix
  }
  encode({ message }: LogRecord.LogRecord): string {
    return this.prefix + String(message)
  }
  encodeBatch(): Uint8Array {
    throw new Error("sinks do not use it")
  }
}

describe("a record that an encoder does not encode", () => {
  for (const [what, bad, problem] of faults) {
    it.effect(`is a marker and a count, and its batch is written: it ${what}`, () =>
      Effect.gen(function*() {
        const files = FaultyFiles.make()
        const { close, lines, reports, run, service } = yield* makeRuntime({
          sinks: [fileOf(files, picky(bad), { batchWindow: 0 })]
        })
        yield* run(Effect.forEach(["a", 1, "b", 2], (message) => Effect.logInfo(message), { discard: true }))
        yield* service.flush
        assert.strictEqual((yield* service.stats).lanes["file"]?.marked, 2)
        yield* run(Effect.logInfo("c"))
        yield* close()

        const [a, first = "", b, second = "", c, ...rest] = linesOf(files)
        assert.deepStrictEqual([a, b, c, rest], ["a", "b", "c", []])
        for (const [line, message] of [[first, 1], [second, 2]] as const) {
          const { notEncoded, ...fields } = JSON.parse(line)
          assert.strictEqual(fields.message, message)
          assert.deepStrictEqual(Object.keys(fields), Object.keys(JSON.parse(LogEncoder.json().encode(record(1)))))
          if (typeof problem === "string") assert.include(notEncoded, problem)
          else assert.match(notEncoded, problem)
        }
        const books = reports[0]?.lanes["file"]
        assert.deepStrictEqual([books?.accepted, books?.delivered, books?.marked], [5, 5, 2])
        assert.strictEqual(lines.filter((line) => line.includes("the encoder of \"file\"")).length, 1)
        assert.match(lines[0] ?? "", /^\[spillway\] a sink logged: WARN the encoder of "file" \w+ .*; each such record/)
        assert.match(
          lines.at(-1) ?? "",
          /an encoder did not encode 2 records, written as markers: lane "file" 2; mend the encoder\n$/
        )
        assert.strictEqual(lines.length, 2)
      }))
  }

  it.effect("is counted without a queue too, and once although its write is tried again", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sync = yield* makeRuntime({ sinks: [fileOf(files, picky())], queue: false })
      yield* sync.run(Effect.forEach(["a", 1], (message) => Effect.logInfo(message), { discard: true }))
      yield* sync.close()
      assert.deepStrictEqual([sync.reports[0]?.lanes["file"]?.delivered, sync.reports[0]?.lanes["file"]?.marked], [
        2,
        1
      ])

      const sink = yield* fileOf(FaultyFiles.make(), picky(), { batchWindow: 0, retry: Schedule.spaced("1 second") })
      const { lane, offer } = yield* makeLane(sink)
      const faulty = FaultyFiles.make()
      const again = yield* makeLane(
        yield* fileOf(faulty, picky(), { batchWindow: 0, retry: Schedule.spaced("1 second") })
      )
      faulty.push({ takes: 200 }, { code: "ENOSPC" }, { code: "ENOSPC" })
      offer(3)
      again.offer(3)
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      yield* again.lane.flush
      for (const { delivered, marked } of [lane.books(), again.lane.books()]) {
        assert.deepStrictEqual([delivered, marked], [3, 3])
      }
      assert.strictEqual(linesOf(faulty).length, 3)
    }))

  it.effect("is not counted when nobody has stored it", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const sink = yield* fileOf(files, picky())
      files.push({ code: "ENOSPC" })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(sink.write([record(1)]))))
      assert.strictEqual(sink.marked?.(), 0)
      files.push({ takes: 180 }, { code: "ENOSPC" })
      assert.throws(() => sink.writeSync?.([record(2), record(3)]))
      assert.strictEqual(sink.marked?.(), 1)
      yield* sink.write([record(1), record(3), record("a")])
      assert.strictEqual(sink.marked?.(), 3)
    }))

  it.effect("is not counted when it is encoded after all", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      let calls = 0
      const sink = yield* fileOf(files, picky((message) => calls++ === 0 ? undefined : `<${String(message)}>`))
      files.push({ code: "ENOSPC" })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(sink.write([record(1)]))))
      yield* sink.write([record(2)])
      const again = record(1)
      calls = 0
      files.push({ code: "ENOSPC" })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(sink.write([again]))))
      yield* sink.write([again])
      assert.deepStrictEqual(linesOf(files), ["<2>", "<1>"])
      assert.strictEqual(sink.marked?.(), 0)
    }))

  it.effect("what an encoder logs while it encodes is no record, and tears no line", () =>
    Effect.gen(function*() {
      const files = FaultyFiles.make()
      const logged: Array<unknown> = []
      let log: (message: string) => void = () => {}
      const encoder = LogEncoder.fromRenderer(({ message }) => {
        const isNew = !logged.includes(message)
        logged.push(message)
        if (isNew && message !== "inside") log("inside")
        return `<${String(message)}>`
      })
      const { close, run, service } = yield* makeRuntime({ sinks: [fileOf(files, encoder)], queue: false })
      log = (message) => service.logger.info(message)
      yield* run(Effect.logInfo("first"))
      yield* run(Effect.logInfo("second"))
      yield* close()
      assert.deepStrictEqual(linesOf(files), ["<first>", "<second>"])
    }))
})

describe("encoders of programs", () => {
  for (const taken of [0, 1, 60, 130, 260]) {
    it.effect(`F41: never tear or lose a line on a disk that fills up after ${taken} bytes, though they give others each time`, () =>
      Effect.gen(function*() {
        const files = FaultyFiles.make()
        const sink = yield* fileOf(files, restless(), { batchWindow: 0, retry: Schedule.spaced("1 second") })
        const { lane, offer } = yield* makeLane(sink)
        files.push(...(taken === 0 ? [] : [{ takes: taken }]), { code: "ENOSPC" }, { code: "ENOSPC" })
        offer(5)
        yield* settle
        assert.strictEqual(lane.books().delivered, linesOf(files).length)
        yield* TestClock.adjust("1 second")
        yield* settle
        yield* TestClock.adjust("1 second")
        yield* lane.flush
        assert.deepStrictEqual(linesOf(files).map((line) => JSON.parse(line).message), [0, 1, 2, 3, 4])
      }))
  }

  const shared: ReadonlyArray<readonly [name: string, make: () => Format]> = [
    ["of the library", () => LogEncoder.json({ message: "text" })],
    ["of the program", () => LogEncoder.fromRenderer(({ message }) => `<${String(message)}>`)],
    ["of the program, in place of one of the library", () => {
      const json = LogEncoder.json()
      return { ...json, encode: (each) => json.encode(each) }
    }]
  ]
  for (const [name, make] of shared) {
    it.effect(`one ${name} serves two sinks, and their synchronous writes, at the same time`, () =>
      Effect.gen(function*() {
        const encoder = make()
        const held = FaultyFiles.make()
        const other = FaultyFiles.make()
        const first = yield* fileOf(held, encoder)
        const second = yield* fileOf(other, encoder)
        const returns = yield* Deferred.make<void>()
        // The system reads the bytes of the first write only after all the others.
        held.push({ after: Deferred.await(returns) })
        const writing = yield* Effect.forkChild(first.write([record("aaaa")]), { startImmediately: true })
        yield* settle
        yield* second.write([record("bbbb")])
        second.writeSync?.([record("cccc")])
        yield* Deferred.succeed(returns, undefined)
        yield* Fiber.join(writing)
        assert.deepStrictEqual([linesOf(held).length, linesOf(other).length], [1, 2])
        assert.include(held.content(), "aaaa")
        assert.match(other.content(), /bbbb[^]*cccc/)
      }))
  }

  it.prop(
    "have as many whole records as their bytes have lines, whatever was written of a batch",
    [Arbitrary.array(hostileRecord, { minLength: 1, maxLength: 4 })],
    ([batch]) => {
      for (
        const format of [
          "json",
          "logfmt",
          "pretty",
          LogEncoder.fromRenderer((each) => LogEncoder.json().encode(each))
        ] as const
      ) {
        const encoder = Encoding.encodersOf(format).make()
        const bytes = encoder.encodeBatch(batch).slice()
        let before = 0
        for (const [i, each] of batch.entries()) {
          const end = encoder.endOf(each, bytes, before)
          assert.strictEqual(decode(encoder.encodeBatch([each])), decode(bytes.slice(before, end)))
          for (const written of [before, end - 1]) {
            assert.deepStrictEqual(wholeRecords(batch, encoder, bytes, written), {
              records: i,
              size: before,
              next: end
            })
          }
          before = end
        }
        const all = { records: batch.length, size: bytes.length, next: bytes.length }
        assert.deepStrictEqual(wholeRecords(batch, encoder, bytes, bytes.length), all)
      }
    },
    { arbitrary: { runs: 50 } }
  )
})

layer(NodeServices.layer, { excludeTestServices: true })("encoders of programs in files", (it) => {
  it.effect("a file that was moved is opened anew", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* fs.makeTempDirectoryScoped()}/app.log`
      const sink: LogSink.LogSink = yield* FileSink.make({ path, format: picky() })
      yield* sink.write([record("a"), record(1)])
      yield* fs.rename(path, `${path}.1`)
      sink.reopen?.()
      yield* sink.write([record("b")])
      assert.match(yield* fs.readFileString(`${path}.1`), /^a\n\{.*"notEncoded":"threw TypeError: no"\}\n$/)
      assert.strictEqual(yield* fs.readFileString(path), "b\n")
    }))

  it.effect("batches are bounded as with any other", () =>
    Effect.gen(function*() {
      const sizes: Array<number> = []
      const files = FaultyFiles.make()
      const sink = yield* fileOf(files, restless(), { batchWindow: 0, maxBatchBytes: 300, maxBatchSize: 4 })
      const { lane, offer } = yield* makeLane({
        ...sink,
        write(batch) {
          sizes.push(batch.length)
          return sink.write(batch)
        }
      })
      offer(10)
      yield* lane.flush
      assert.deepStrictEqual(sizes, [3, 3, 3, 1])
      assert.strictEqual(linesOf(files).length, 10)
    }))
})
