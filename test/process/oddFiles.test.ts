import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import { recordsIn, recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, run, start, startCommand } from "./program.ts"

const pipe = Effect.tap(temporary("log.fifo"), (path) => Effect.sync(() => execFileSync("mkfifo", [path])))

const program = (path: string, what: string) => start(fixture("oddFile"), [path, what])

describe.concurrent("a named pipe", () => {
  it.live("F73: that nobody reads does not hold up the start, and SIGTERM ends the program", () =>
    Effect.gen(function*() {
      const logging = yield* program(yield* pipe, "waits")
      yield* logging.until(/cannot open .* \(ENXIO: a named pipe that nobody reads, or no file\); the lane "file"/)
      yield* logging.until(/^runs$/m)
      logging.send("SIGTERM")
      const { code, stderr } = yield* logging.end
      assert.strictEqual(code, 130)
      const report = yield* reportIn(stderr)
      assert.isTrue(report.balanced)
      assert.strictEqual(report.lanes["file"]?.delivered, 0)
    }))

  it.live("F73: whose reader stops costs no thread of the pool, and process.exit ends the program", () =>
    Effect.gen(function*() {
      const path = yield* pipe
      yield* startCommand("sh", ["-c", `exec 3<"${path}"; echo reads; sleep 60`])
      const logging = yield* program(path, "stops")
      const { code, stderr } = yield* logging.end
      assert.match(stderr, /^failed: .*(EAGAIN|timed out)/m)
      assert.match(stderr, /^read \d+ characters of another file$/m)
      assert.strictEqual(code, 3)
    }))

  it.live("F73: stays open while it is read, and the program ends", () =>
    Effect.gen(function*() {
      const path = yield* pipe
      const reader = yield* startCommand("sh", ["-c", `cat "${path}"; echo end`])
      const logging = yield* program(path, "slowly")
      const { code, stderr } = yield* logging.end
      assert.strictEqual(code, 0)
      const [lines = "", rest] = (yield* reader.end).stdout.split("end\n")
      assert.deepStrictEqual((yield* recordsIn(lines)).map(({ message }) => message), ["first", 0, 1, 2])
      assert.strictEqual(rest, "")
      assert.strictEqual((yield* reportIn(stderr)).lanes["file"]?.delivered, 4)
    }))

  it.live("F73: gets what is logged once it has a reader", () =>
    Effect.gen(function*() {
      const path = yield* pipe
      const logging = yield* program(path, "waits")
      yield* logging.until(/^runs$/m)
      const reader = yield* startCommand("head", ["-n", "1", path])
      assert.deepStrictEqual((yield* recordsIn((yield* reader.end).stdout)).map(({ message }) => message), ["first"])
      logging.send("SIGTERM")
      yield* logging.end
    }))
})

describe.concurrent("a file that hangs", () => {
  it.live("F73, F74: holds one thread, and an error ends the program with Node's report and exit code", () =>
    Effect.gen(function*() {
      const { code, signal, stderr } = yield* run(fixture("oddFile"), [yield* pipe, "hung error"])
      assert.deepStrictEqual([code, signal], [1, null])
      assert.match(stderr, /^failed: the write timed out/m)
      assert.match(stderr, /^read \d+ characters of another file$/m)
      assert.match(stderr, /^the program's own listener$/m)
      // Nothing was written synchronously to it: that would have been for ever.
      assert.match(stderr, /file: 12 accepted, 0 delivered/)
      assert.match(stderr, /^Uncaught TypeError: on purpose\n {4}at .*oddFile\.js[^]*\n\nNode\.js v.*\n$/m)
    }))

  const permission = "--permission --allow-fs-read=* --allow-fs-write=*"
  for (
    const [name, flags, ending] of [
      ["with its exit code, after its last listeners", "", "4 null"],
      ["killed, where it may not be replaced", permission, "null SIGKILL"]
    ] as const
  ) {
    it.live(`F73: does not keep a program with nothing more to do, which ends ${name}`, () =>
      Effect.gen(function*() {
        const env = { NODE_OPTIONS: flags }
        const { code, signal, stderr } = yield* run(fixture("oddFile"), [yield* pipe, "hung end"], { env })
        assert.match(stderr, /^failed: the write timed out/m)
        assert.strictEqual(`${code} ${signal}`, ending)
      }))
  }
})

describe("a file of the last resort", () => {
  it.live("F72: that ends in half a line keeps it apart from the next", () =>
    Effect.gen(function*() {
      const path = yield* temporary("last-resort.ndjson")
      fs.writeFileSync(path, "{\"message\":\"half")
      const { code } = yield* run(fixture("unwritable"), [path])
      assert.strictEqual(code, 0)
      fs.writeFileSync(path, fs.readFileSync(path, "utf8").replace("{\"message\":\"half\n", ""))
      assert.strictEqual((yield* recordsOf(path)).length, 10)
    }))
})
