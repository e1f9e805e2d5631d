import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import { join } from "node:path"
import type { SpoolError } from "../../src/spool/disk/SpoolError.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { kill, owner } from "./processes.ts"
import { append, drain, lane, laneOf, openStore, range, records, temporaryDirectory } from "./support.ts"

const ready = /ready (\S+) \d+ \d+\n/

const open = (directory: string): Effect.Effect<SpoolStore.SpoolStore, SpoolError> =>
  SpoolStore.open({ directory, lane })

describe("F61: processes on one spool", () => {
  it.live(
    "a second one takes a directory of its own, and whoever comes next adopts the dead",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporaryDirectory
        const first = yield* owner(directory, "0", "3")
        const firstDirectory = yield* first.until(ready)
        assert.strictEqual(firstDirectory, laneOf(directory))
        const second = yield* owner(directory, "10", "3")
        const secondDirectory = yield* second.until(ready)
        assert.isTrue(secondDirectory.startsWith(join(laneOf(directory), "instances")))

        yield* kill(second)
        const mine = yield* open(directory)
        assert.strictEqual(mine.recovery.adopted, 1)
        assert.strictEqual(mine.records, 3)
        assert.isTrue(mine.directory.startsWith(join(laneOf(directory), "instances")))
        append(mine, records(20, 1))
        assert.deepStrictEqual(drain(mine).seqs, [10, 11, 12, 20])
        mine.close()

        yield* kill(first)
        const last = yield* open(directory)
        assert.strictEqual(last.directory, laneOf(directory))
        assert.deepStrictEqual([last.recovery.adopted, last.recovery.records], [0, 3])
        assert.deepStrictEqual(drain(last).seqs, [0, 1, 2])
        last.close()
        assert.deepStrictEqual(fs.readdirSync(join(laneOf(directory), "instances")), [])
      })
  )

  it.live(
    "of several that find a dead owner one takes its place",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporaryDirectory
        yield* kill(yield* Effect.tap(owner(directory, "0", "3"), (program) => program.until(ready)))
        const programs = yield* Effect.forEach([1, 2, 3, 4], (i) => owner(directory, `${10 * i}`, "1"))
        const directories = yield* Effect.forEach(programs, (program) => program.until(ready))
        assert.strictEqual(directories.filter((each) => each === laneOf(directory)).length, 1)
        assert.strictEqual(new Set(directories).size, 4)
        yield* Effect.forEach(programs, kill)
        const store = yield* open(directory)
        assert.deepStrictEqual(new Set(drain(store).seqs), new Set([0, 1, 2, 10, 20, 30, 40]))
        store.close()
      })
  )

  it.live(
    "a killed one loses nothing that append had taken",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporaryDirectory
        const program = yield* owner(directory, "0", "0", "endless")
        yield* program.until(/appended 200\n/)
        const { stdout } = yield* kill(program)
        const said = stdout.trimEnd().split("\n").length - 1
        const store = yield* open(directory)
        const { lost, seqs } = drain(store)
        assert.strictEqual(lost, 0)
        assert.isAtLeast(seqs.length, said)
        assert.deepStrictEqual(seqs, range(0, seqs.length))
        store.close()
      })
  )

  it.effect("a second store of one process has a directory of its own too", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const first = yield* open(directory)
      const second = yield* open(directory)
      assert.notStrictEqual(first.directory, second.directory)
      append(first, records(0, 1))
      append(second, records(1, 1))
      second.close()
      assert.deepStrictEqual(drain(first).seqs, [0])
      first.close()
      const next = yield* open(directory)
      assert.strictEqual(next.recovery.adopted, 1)
      assert.deepStrictEqual(drain(next).seqs, [1])
      assert.isUndefined(next.checkpoint())
      assert.deepStrictEqual(fs.readdirSync(join(laneOf(directory), "instances")), [])
      next.close()
    }))
})

describe.skipIf(process.platform !== "linux")("F70: a living owner whose lock is lost (Linux only)", () => {
  it.live.each<readonly [string, (lock: string) => void]>([
    ["removed", (lock) => fs.rmSync(lock)],
    ["overwritten", (lock) => fs.writeFileSync(lock, "")]
  ])("is not robbed: %s", ([, lose]) =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const first = yield* open(directory)
      lose(join(laneOf(directory), "lock"))
      const second = yield* open(directory)
      assert.isTrue(second.directory.startsWith(join(laneOf(directory), "instances")))
      append(first, records(0, 2))
      first.close()
      second.close()
      const next = yield* open(directory)
      assert.strictEqual(next.directory, laneOf(directory))
      assert.deepStrictEqual(drain(next), { seqs: [0, 1], lost: 0, batches: 1 })
      next.close()
    }))
})

describe("F70: a child of an owner", () => {
  it.live("that outlives it does not keep its spool", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const program = yield* owner(directory, "0", "2", "parent")
      yield* program.until(ready)
      yield* kill(program)
      const store = yield* open(directory)
      assert.strictEqual(store.directory, laneOf(directory))
      assert.deepStrictEqual(drain(store).seqs, [0, 1])
      store.close()
    }))
})

describe("F65: threads and forks", () => {
  it.live(
    "never share the lock of the thread that has it",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporaryDirectory
        const program = yield* owner(directory, "0", "2", "worker")
        const main = yield* program.until(/^ready (\S+)/m)
        const worker = yield* program.until(/^worker ready (\S+)/m)
        assert.strictEqual(main, laneOf(directory))
        assert.isTrue(worker.startsWith(join(laneOf(directory), "instances")))
        yield* program.until(/worker ended/)
        yield* kill(program)
        const store = yield* open(directory)
        assert.deepStrictEqual(drain(store).seqs, [100, 101, 0, 1])
        store.close()
      })
  )
})

describe("a spool directory", () => {
  const reasonOf = (directory: string, options?: Partial<SpoolStore.Options>) =>
    Effect.flip(SpoolStore.open({ directory, lane, ...options }))

  it.effect("that others can write to is refused", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      for (const mode of [0o720, 0o702, 0o777]) {
        fs.chmodSync(directory, mode)
        const error = yield* reasonOf(directory)
        assert.strictEqual(error.reason, "Insecure")
        assert.match(error.message, /can be written by group or others \(mode 07\d\d\): run chmod 700/)
      }
    }))

  it.effect("that is a symbolic link or a file is refused, at every level", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      fs.mkdirSync(join(directory, "real"), { mode: 0o700 })
      fs.symlinkSync(join(directory, "real"), join(directory, "link"))
      fs.writeFileSync(join(directory, "file"), "")
      assert.match((yield* reasonOf(join(directory, "link"))).message, /is a symbolic link/)
      assert.match((yield* reasonOf(join(directory, "file"))).message, /is not a directory/)
      fs.symlinkSync(join(directory, "real"), join(directory, lane))
      assert.match((yield* reasonOf(directory)).message, /is a symbolic link/)
      assert.strictEqual((yield* reasonOf(join(directory, "file", "below"))).reason, "Unavailable")
    }))

  it.effect("and its files belong to nobody else", () =>
    Effect.gen(function*() {
      const directory = join(yield* temporaryDirectory, "new", "spool")
      const store = openStore(directory)
      append(store, records(0, 1))
      const mode = (path: string): number => fs.statSync(path).mode & 0o777
      assert.deepStrictEqual([mode(directory), mode(laneOf(directory))], [0o700, 0o700])
      for (const name of fs.readdirSync(laneOf(directory))) {
        assert.strictEqual(mode(join(laneOf(directory), name)), 0o600, name)
      }
      store.close()
    }))

  it.effect("follows no link that was planted under the name of a file", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const path = laneOf(directory)
      fs.mkdirSync(path, { mode: 0o700 })
      const target = join(directory, "target")
      fs.writeFileSync(target, "precious")
      for (const name of ["cursor", `${"0".repeat(20)}.seg`, "lock"]) fs.symlinkSync(target, join(path, name))
      const store = openStore(directory)
      append(store, records(0, 2))
      assert.deepStrictEqual(drain(store).seqs, [0, 1])
      store.close()
      assert.strictEqual(fs.readFileSync(target, "utf8"), "precious")
    }))

  it.effect("has a name for every lane", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const lanes = ["a/b", "..", "a%2fb", "x".repeat(300), "x".repeat(301), "ä"]
      const paths = yield* Effect.forEach(lanes, (lane) =>
        Effect.map(SpoolStore.open({ directory, lane }), (store) => {
          store.close()
          return store.directory
        }))
      assert.strictEqual(new Set(paths).size, lanes.length)
      assert.strictEqual(fs.readdirSync(directory).length, lanes.length)
    }))

  it.effect.each<readonly [string, Partial<SpoolStore.Options>, RegExp]>([
    [
      "one segment of room",
      { maxBytes: 10_000, segmentBytes: 8192 },
      /room for two segments.*at least 16384, got 10000/
    ],
    ["a tiny segment", { segmentBytes: 10 }, /segmentBytes must be .* at least 4096, got 10/],
    ["no number", { maxBytes: Number.NaN }, /maxBytes must be/]
  ])("is not opened with %s", ([, options, message]) =>
    Effect.gen(function*() {
      const error = yield* reasonOf(yield* temporaryDirectory, options)
      assert.strictEqual(error.reason, "Options")
      assert.match(error.message, message)
    }))
})
