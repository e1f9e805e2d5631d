import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { type Line, recordsOf, temporary } from "./files.ts"
import { type Ended, repository, run, start, startCommand } from "./program.ts"

const script = "scratchpad/replay.ts"

const loghub = ["Apache_2k.log", "Mac_2k.log", "OpenSSH_2k.log", "OpenStack_2k.log"]
  .map((name) => resolve(repository, "../shared/data/loghub", name))
const missing = loghub.filter((path) => !existsSync(path))
if (missing.length > 0 && process.env["CI"] === "true") throw new Error(`missing: ${missing.join(", ")}`)
const here = missing.length > 0 ? ` (skipped: ${missing.length} of the files are not here)` : ""

/** Puts the bytes of a replayed file together again, from nothing but its records. */
const restored = (records: ReadonlyArray<Line>, file: string): Buffer =>
  Buffer.concat(
    records.filter((record) => record.annotations["file"] === file).map((record) => {
      const { encoding, newline } = record.annotations
      const text = `${String(record.message)}${newline === false ? "" : "\n"}`
      return Buffer.from(text, encoding === "latin1" ? "latin1" : "utf8")
    })
  )

const bytesOf = (path: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    return Buffer.from(yield* fs.readFile(path))
  }).pipe(Effect.provide(NodeServices.layer))

const written = (name: string, bytes: Uint8Array) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* temporary(name)
    yield* fs.writeFile(path, bytes)
    return path
  }).pipe(Effect.provide(NodeServices.layer))

const numbered = (lines: number): Buffer => Buffer.from(Array.from({ length: lines }, (_, i) => `line ${i}\n`).join(""))

const lossless = (ended: Ended, lines: number): void => {
  assert.strictEqual(ended.code, 0, ended.stderr)
  assert.include(ended.stdout, "books balanced")
  assert.include(ended.stdout, `all ${lines} lines`)
  assert.include(ended.stdout, "nothing was lost")
  assert.strictEqual(ended.stderr, "")
}

describe.concurrent(`replaying real log files${here}`, () => {
  const ways = [
    { name: "paced by the lane", args: [] },
    { name: "paced by a small lane", args: ["--capacity", "100"] },
    { name: "at full speed into a large lane", args: ["--full-speed", "--capacity", "20000"] }
  ]
  for (const { args, name } of ways) {
    it.live.skipIf(missing.length > 0)(`${name}: every byte comes back`, () =>
      Effect.gen(function*() {
        const out = yield* temporary("out.ndjson")
        lossless(yield* run(script, [...loghub, "--out", out, ...args]), 8000)
        const records = yield* recordsOf(out)
        for (const file of loghub) {
          assert.isTrue(restored(records, file).equals(yield* bytesOf(file)), file)
        }
        assert.deepStrictEqual(
          records.slice(0, 3).map((record) => record.annotations),
          [1, 2, 3].map((line) => ({ file: loghub[0], line }))
        )
      }))
  }
})

describe.concurrent("replay", () => {
  it.live(
    "any bytes come back: not UTF-8, empty lines, very long lines, no line break at the end",
    () =>
      Effect.gen(function*() {
        const awkward = Buffer.concat([
          Buffer.from("\ufeffbyte order mark\r\n\n\n\ttab\u0000null\u0085\u2028 \u{1f600}\r\n"),
          Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i)),
          Buffer.from("\npassword=hunter2 authorization: Bearer abc\n"),
          Buffer.from(`${"é".repeat(1_500_000)}\n`),
          Buffer.from(new Uint8Array(1_200_000).fill(0xff)),
          Buffer.from("\nthe end")
        ])
        const file = yield* written("awkward.log", awkward)
        const out = yield* temporary("out.ndjson")
        const ended = yield* run(script, [file, "--out", out])
        const records = yield* recordsOf(out)
        lossless(ended, records.length)
        assert.isTrue(restored(records, file).equals(awkward))
        assert.isTrue(records.some((record) => record.message === "password=hunter2 authorization: Bearer abc"))

        const empty = yield* written("empty.log", new Uint8Array())
        lossless(yield* run(script, [empty, "--out", out]), 0)
        assert.strictEqual((yield* recordsOf(out)).length, 0)
      })
  )

  it.live("reads standard input", () =>
    Effect.gen(function*() {
      const out = yield* temporary("out.ndjson")
      const input = Buffer.from("first\r\n\nlast")
      for (const args of [[], ["-"]]) {
        lossless(yield* run(script, [...args, "--out", out], { input }), 3)
        assert.isTrue(restored(yield* recordsOf(out), "-").equals(input))
      }
    }))

  it.live("--loop repeats, --append keeps what is there", () =>
    Effect.gen(function*() {
      const file = yield* written("numbers.log", numbered(100))
      const out = yield* temporary("out.ndjson")
      lossless(yield* run(script, [file, "--out", out, "--loop", "3"]), 300)
      const rounds = (yield* recordsOf(out)).map((record) => record.annotations["round"])
      assert.deepStrictEqual([...new Set(rounds)], [1, 2, 3])
      lossless(yield* run(script, [file, "--out", out, "--append"]), 100)
      assert.strictEqual((yield* recordsOf(out)).length, 400)
    }))

  it.live("--rate paces: the last record is not logged before its time", () =>
    Effect.gen(function*() {
      const file = yield* written("numbers.log", numbered(51))
      const out = yield* temporary("out.ndjson")
      lossless(yield* run(script, [file, "--out", out, "--rate", "100"]), 51)
      const times = (yield* recordsOf(out)).map((record) => Date.parse(record.timestamp))
      // Unpaced they would take a few milliseconds; the bound leaves room for a late first record.
      assert.isAtLeast((times.at(-1) ?? 0) - (times[0] ?? 0), 400)
    }))

  it.live("more than fits the heap is replayed", () =>
    Effect.gen(function*() {
      const file = yield* written("large.log", Buffer.from(`${"x".repeat(50_000)}\n`.repeat(40)))
      const out = yield* temporary("out.ndjson")
      const ended = yield* run("--max-old-space-size=48", [
        script,
        file,
        "--out",
        out,
        "--loop",
        "26",
        "--capacity",
        "100"
      ])
      lossless(ended, 1040)
    }))

  it.live("--full-speed into a tiny lane loses records, says so and fails", () =>
    Effect.gen(function*() {
      const file = yield* written("numbers.log", numbered(2000))
      const out = yield* temporary("out.ndjson")
      const ended = yield* run(script, [file, "--out", out, "--full-speed", "--capacity", "10"])
      const records = yield* recordsOf(out)
      const lost = 2000 - records.length
      assert.strictEqual(ended.code, 1)
      assert.isAbove(lost, 0)
      assert.include(ended.stdout, `${records.length} delivered, ${lost} dropped (queue_full ${lost})`)
      assert.include(ended.stdout, "books balanced")
      assert.include(ended.stderr, `LOST: ${lost} of 2000 lines are not in ${out} (queue_full ${lost})`)
    }))

  it.live("a signal in the middle keeps what was logged and prints the books", () =>
    Effect.gen(function*() {
      const file = yield* written("numbers.log", numbered(2000))
      const out = yield* temporary("out.ndjson")
      const program = yield* start(script, ["-", "--out", out, "--rate", "1000"], { input: yield* bytesOf(file) })
      yield* untilWritten(out)
      program.send("SIGTERM")
      const ended = yield* program.end
      const records = yield* recordsOf(out)
      assert.strictEqual(ended.code, 130)
      assert.include(ended.stdout, "shutdown: SIGTERM")
      assert.include(ended.stdout, `${records.length} accepted, ${records.length} delivered, 0 dropped`)
    }))

  const mistakes = [
    { name: "a file that is missing", args: ["no-such.log"], says: `"no-such.log"` },
    { name: "a folder", args: ["src"], says: "it is a directory" },
    { name: "a rate of nothing", args: ["--rate", "0"], says: "Expected a number above 0" },
    { name: "a rate that is no number", args: ["--rate", "fast"], says: `"fast"` },
    { name: "a loop below 1", args: ["--loop", "0"], says: "Expected a whole number above 0" },
    { name: "a capacity below 1", args: ["--capacity", "-1"], says: "capacity" },
    { name: "an unknown flag", args: ["--speed", "1"], says: "--speed" }
  ]
  it.live(
    "refuses bad arguments and shows the usage",
    () =>
      Effect.forEach(mistakes, ({ args, name, says }) =>
        Effect.gen(function*() {
          const ended = yield* run(script, args)
          assert.strictEqual(ended.code, 1, name)
          assert.include(ended.stderr, says, name)
          assert.include(ended.stdout, "USAGE", name)
        }), { concurrency: 2, discard: true })
  )

  it.live.skipIf(process.platform !== "linux")("shows its progress on a terminal", () =>
    Effect.gen(function*() {
      const file = yield* written("numbers.log", numbered(10))
      const command = `"${process.execPath}" ${script} ${file} --out ${yield* temporary("out.ndjson")}`
      const program = yield* startCommand("script", ["-qec", command, "/dev/null"])
      const ended = yield* program.end
      assert.strictEqual(ended.code, 0)
      assert.match(ended.stdout, /\[K\d+ lines, 0\.0 MB \(\d+ %\)/)
      assert.include(ended.stdout, "all 10 lines")
    }))

  it.live(
    "refuses to loop over standard input, to write over what it reads and where it cannot write",
    () =>
      Effect.gen(function*() {
        const file = yield* written("numbers.log", numbered(1))
        const refused = yield* Effect.all([
          run(script, ["--loop", "2"]),
          run(script, [file, "--out", file]),
          run(script, [file, "--out", `${file}/out.ndjson`])
        ], { concurrency: 2 })
        assert.deepStrictEqual(refused.map((ended) => ended.code), [1, 1, 1])
        assert.include(refused[0].stderr, "standard input can be read once only")
        assert.include(refused[1].stderr, "is one of the files to replay")
        assert.include(refused[2].stderr, "cannot open")
        assert.isTrue((yield* bytesOf(file)).equals(numbered(1)))
      })
  )
})

/** Waits until a file holds something. */
const untilWritten = (path: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const size = Effect.orElseSucceed(Effect.map(fs.stat(path), (info) => Number(info.size)), () => 0)
    yield* Effect.repeat(size, { until: (bytes) => bytes > 0 })
  }).pipe(Effect.provide(NodeServices.layer))
