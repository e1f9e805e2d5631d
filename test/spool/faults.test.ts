import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { crc32 } from "node:zlib"
import type { Files } from "../../src/spool/disk/files.ts"
import { headerBytes, seal, version } from "../../src/spool/disk/frame.ts"
import { segmentName } from "../../src/spool/log/directories.ts"
import { onSmallDisk } from "../support/disks.ts"
import {
  append,
  drain,
  laneOf,
  makeProcess,
  nextBatch,
  openStore,
  plant,
  range,
  record,
  records,
  segmentsOf,
  systemError,
  temporaryDirectory
} from "./support.ts"

const pad = "x".repeat(1000)
const large = (first: number, count: number) => records(first, count).map(({ seq }) => record(seq, pad))

describe("F44: an fsync that fails", () => {
  const failing = (times: () => number): Partial<Files> => ({
    fdatasyncSync: (fd) => {
      if (times() > 0) throw systemError("EIO")
      fs.fdatasyncSync(fd)
    }
  })

  it.effect("abandons the segment: its frames are written anew to another", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      let failures = 0
      const process = makeProcess(failing(() => failures--))
      const store = openStore(directory, { fsync: "interval" }, process)
      for (let i = 0; i < 4; i++) append(store, records(i, 1))
      const first = nextBatch(store)!
      store.ack(first)
      const handed = nextBatch(store)!
      const before = fs.statSync(segmentsOf(laneOf(directory))[0]!).ino
      failures = 1
      assert.isUndefined(store.sync())
      const after = segmentsOf(laneOf(directory))
      assert.deepStrictEqual(after, [join(laneOf(directory), segmentName(1))])
      assert.notStrictEqual(fs.statSync(after[0]!).ino, before)
      append(store, records(4, 1))
      assert.strictEqual(store.records, 4)
      store.ack(handed)
      assert.isUndefined(store.checkpoint())
      process.crash()
      const again = openStore(directory)
      assert.deepStrictEqual(drain(again).seqs, [2, 3, 4])
      again.close()
    }))

  it.effect("in append fails the append alone when nothing can be written anew", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      let failures = 0
      const process = makeProcess(failing(() => failures--))
      const store = openStore(directory, { fsync: "always" }, process)
      append(store, records(0, 2))
      failures = 2
      const result = store.append(records(2, 2))
      assert.strictEqual(result._tag, "Failed")
      assert.strictEqual(store.records, 2)
      failures = 0
      append(store, records(4, 2))
      assert.deepStrictEqual(drain(store), { seqs: [0, 1, 4, 5], lost: 0, batches: 2 })
      process.crash()
      const again = openStore(directory)
      assert.deepStrictEqual(drain(again).seqs.slice(-2), [4, 5])
      again.close()
    }))

  it.effect("leaves a frame behind that nobody mistakes for a later one", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      let failures = 0
      let cut = true
      const process = makeProcess({
        ...failing(() => failures--),
        ftruncateSync: (fd, length) => {
          if (!cut) throw systemError("EIO")
          fs.ftruncateSync(fd, length)
        }
      })
      const store = openStore(directory, { fsync: "always" }, process)
      append(store, records(0, 2))
      failures = 2
      cut = false
      assert.strictEqual(store.append(records(2, 2))._tag, "Failed")
      append(store, records(4, 2))
      process.crash()
      const again = openStore(directory)
      assert.deepStrictEqual(drain(again), { seqs: [0, 1, 4, 5], lost: 0, batches: 2 })
      again.close()
    }))
})

describe("F58: what does not belong into a spool", () => {
  const noRecords = (): Buffer => {
    const frame = Buffer.alloc(headerBytes + 8)
    seal(frame, { flags: 0, count: 1, first: 0, config: 0 })
    return frame
  }

  const name = segmentName(0)

  it.effect.each<readonly [string, Readonly<Record<string, Uint8Array>>, stays: ReadonlyArray<string>]>([
    ["an empty segment", { [name]: Buffer.alloc(0) }, []],
    ["a segment of zeros", { [name]: Buffer.alloc(5000) }, [`quarantine/${name}`]],
    ["a text under the name of a segment", { [name]: Buffer.from("hello\n") }, [`quarantine/${name}`]],
    ["one byte", { [name]: Buffer.from([0xf5]) }, [`quarantine/${name}`]],
    ["a foreign file", { "README.md": Buffer.from("mine") }, ["README.md"]],
    ["a name that is no position", { [`${"9".repeat(20)}.seg`]: Buffer.from("x") }, [`${"9".repeat(20)}.seg`]],
    ["a short cursor", { cursor: Buffer.from("cursor") }, ["cursor"]],
    ["a lock that is no lock", { lock: Buffer.from("{") }, []],
    ["an unfinished copy", { [`${name}.tmp`]: Buffer.from("half") }, []],
    ["a payload that is no records", { [name]: noRecords() }, [name]]
  ])("starts with %s", ([, files, stays]) =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const path = plant(directory, files)
      const store = openStore(directory)
      append(store, records(10, 2))
      assert.deepStrictEqual(drain(store).seqs, [10, 11])
      for (const each of stays) assert.isTrue(fs.existsSync(join(path, each)), `${each} is gone`)
      store.close()
    }))

  it.effect("sets a newer version aside and counts what is missing", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory)
      append(store, records(0, 3))
      store.close()
      const [segment] = segmentsOf(laneOf(directory))
      const bytes = fs.readFileSync(segment!)
      bytes[4] = version + 1
      // A later version keeps the first 32 bytes, with their checksum.
      bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28)
      fs.writeFileSync(segment!, bytes)
      const again = openStore(directory)
      assert.strictEqual(again.recovery.setAside, 1)
      assert.deepStrictEqual(drain(again), { seqs: [], lost: 3, batches: 1 })
      assert.deepStrictEqual(fs.readFileSync(join(laneOf(directory), "quarantine", name)), bytes)
      again.close()
    }))

  it.effect("counts a segment that somebody removed", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory, { segmentBytes: 4096 })
      for (let i = 0; i < 9; i++) append(store, large(i, 1))
      store.close()
      const segments = segmentsOf(laneOf(directory))
      assert.strictEqual(segments.length, 3)
      fs.unlinkSync(segments[1]!)
      const again = openStore(directory)
      assert.deepStrictEqual(drain(again), { seqs: [0, 1, 2, 6, 7, 8], lost: 3, batches: 6 })
      again.close()
    }))

  it.effect("reads around a stray file between the segments", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory, { segmentBytes: 4096 })
      for (let i = 0; i < 9; i++) append(store, large(i, 1))
      store.close()
      plant(directory, { [segmentName(1)]: Buffer.from("stray"), [segmentName(4)]: Buffer.alloc(9000, 0xf5) })
      const again = openStore(directory, { segmentBytes: 4096 })
      assert.deepStrictEqual(drain(again), { seqs: range(0, 9), lost: 0, batches: 9 })
      again.close()
    }))
})

describe("a segment that cannot be read", () => {
  const three = (directory: string): void => {
    const store = openStore(directory, { segmentBytes: 4096 })
    for (let i = 0; i < 9; i++) append(store, large(i, 1))
    store.close()
  }

  it.effect("for want of descriptors is read later", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      three(directory)
      let out = false
      const process = makeProcess({
        openSync: (path, ...rest) => {
          if (out) throw systemError("EMFILE")
          return fs.openSync(path, ...rest)
        }
      })
      const store = openStore(directory, {}, process)
      for (const seq of range(0, 9)) {
        out = true
        const now = store.next()
        if (now?._tag === "SpoolError") assert.strictEqual(now.code, "EMFILE")
        out = false
        const batch = now?._tag === "SpooledBatch" ? now : nextBatch(store)!
        assert.deepStrictEqual([batch.lost, ...batch.records.map((each) => each.seq)], [0, seq])
        store.ack(batch)
      }
      store.close()
    }))

  it.effect("because the disk is bad is counted as lost from there on", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      three(directory)
      const bad = fs.statSync(segmentsOf(laneOf(directory))[1]!).ino
      const process = makeProcess({
        readSync: (fd, bytes, offset, length, position) => {
          if (fs.fstatSync(fd).ino === bad && position > 1000) throw systemError("EIO")
          return fs.readSync(fd, bytes, offset, length, position)
        }
      })
      const store = openStore(directory, { segmentBytes: 4096 }, process)
      const { lost, seqs } = drain(store)
      assert.deepStrictEqual(seqs, [0, 1, 2, 3, 6, 7, 8])
      assert.strictEqual(lost, 2)
      store.close()
    }))

  it.effect.skipIf(process.platform === "win32")(
    "because it is a named pipe is set aside",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporaryDirectory
        three(directory)
        execFileSync("mkfifo", [join(laneOf(directory), segmentName(50))])
        const store = openStore(directory)
        assert.strictEqual(store.recovery.setAside, 1)
        assert.deepStrictEqual(drain(store).seqs, range(0, 9))
        store.close()
      })
  )
})

describe("F59: a crash between the cursor and the removal", () => {
  it.effect("removes the segments at the next start and replays nothing", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      let stuck = true
      const process = makeProcess({
        unlinkSync: (path) => {
          if (stuck && path.endsWith(".seg")) throw systemError("EIO")
          fs.unlinkSync(path)
        }
      })
      const store = openStore(directory, { segmentBytes: 4096 }, process)
      for (let i = 0; i < 9; i++) append(store, large(i, 1))
      for (let i = 0; i < 7; i++) store.ack(nextBatch(store)!)
      assert.strictEqual(store.checkpoint()?.reason, "Unavailable")
      assert.strictEqual(segmentsOf(laneOf(directory)).length, 3)
      process.crash()
      stuck = false
      const again = openStore(directory, { segmentBytes: 4096 })
      assert.strictEqual(segmentsOf(laneOf(directory)).length, 1)
      assert.deepStrictEqual(drain(again).seqs, [7, 8])
      again.close()
    }))

  it.effect("never removes a segment before the cursor is on the disk", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const steps: Array<string> = []
      const process = makeProcess({
        fdatasyncSync: (fd) => {
          steps.push("sync")
          fs.fdatasyncSync(fd)
        },
        unlinkSync: (path) => {
          if (path.endsWith(".seg")) steps.push("unlink")
          fs.unlinkSync(path)
        }
      })
      const store = openStore(directory, { segmentBytes: 4096, fsync: "never" }, process)
      for (let i = 0; i < 9; i++) append(store, large(i, 1))
      for (let i = 0; i < 7; i++) store.ack(nextBatch(store)!)
      steps.length = 0
      assert.isUndefined(store.checkpoint())
      assert.deepStrictEqual(steps, ["sync", "unlink", "unlink"])
      store.close()
    }))

  it.effect("keeps the segments when the cursor cannot be written", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      let broken = false
      const process = makeProcess({
        writeSync: (fd, bytes, offset, length, position) => {
          if (broken && bytes.length === 64) throw systemError("EIO")
          return fs.writeSync(fd, bytes, offset, length, position)
        }
      })
      const store = openStore(directory, { segmentBytes: 4096 }, process)
      for (let i = 0; i < 9; i++) append(store, large(i, 1))
      drain(store)
      broken = true
      assert.strictEqual(store.checkpoint()?.code, "EIO")
      assert.strictEqual(segmentsOf(laneOf(directory)).length, 3)
      broken = false
      assert.isUndefined(store.checkpoint())
      assert.strictEqual(segmentsOf(laneOf(directory)).length, 1)
      store.close()
    }))
})

describe("F60: a full spool", () => {
  const bounds = { segmentBytes: 4096, maxBytes: 12_000 }

  it.effect("drops the oldest segments and says how many records that were", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory, { ...bounds, strategy: "sliding" })
      let dropped = 0
      for (let i = 0; i < 40; i++) {
        const result = store.append(large(i, 1))
        assert.strictEqual(result._tag, "Appended")
        dropped += result.dropped
        assert.isAtMost(store.bytes, bounds.maxBytes)
        assert.strictEqual(store.records + dropped, i + 1)
      }
      assert.isAbove(dropped, 0)
      assert.deepStrictEqual(drain(store), { seqs: range(dropped, 40), lost: 0, batches: 40 - dropped })
      store.close()
    }))

  it.effect("keeps what is handed out in the books when its segment goes", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory, { ...bounds, strategy: "sliding" })
      append(store, large(0, 1))
      append(store, large(1, 1))
      const handed = nextBatch(store)!
      let dropped = 0
      for (let i = 2; i < 20; i++) dropped += store.append(large(i, 1)).dropped
      assert.strictEqual(store.records + dropped, 20)
      store.ack(handed)
      assert.strictEqual(store.records + dropped, 19)
      assert.deepStrictEqual(drain(store).seqs, range(dropped + 1, 20))
      store.close()
    }))

  it.effect("refuses the new when it is told to, until something is settled", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory, { ...bounds, strategy: "dropping" })
      let accepted = 0
      while (store.append(large(accepted, 1))._tag === "Appended") accepted++
      assert.strictEqual(store.records, accepted)
      assert.deepStrictEqual(store.append(large(accepted, 1)), { _tag: "Refused", dropped: 0 })
      for (let i = 0; i < 4; i++) store.ack(nextBatch(store)!)
      append(store, large(accepted, 1))
      assert.deepStrictEqual(drain(store).seqs, range(4, accepted + 1))
      store.close()
    }))

  it.effect("takes all it can again once everything is settled", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory, { ...bounds, strategy: "dropping" })
      for (let round = 0; round < 10; round++) {
        for (let i = 0; i < 8; i++) append(store, large(8 * round + i, 1))
        assert.deepStrictEqual(drain(store).seqs, range(8 * round, 8 * round + 8))
      }
      store.close()
      assert.strictEqual(store.bytes, 0)
    }))

  it.effect("refuses a batch that is larger than all of it", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory, bounds)
      append(store, large(0, 1))
      assert.deepStrictEqual(store.append(large(1, 20)), { _tag: "Refused", dropped: 0 })
      append(store, large(1, 6))
      assert.deepStrictEqual(drain(store).seqs, range(0, 7))
      store.close()
    }))
})

describe("F60: a full disk", () => {
  const bounds = { segmentBytes: 64 * 1024, maxBytes: 64 * 1024 * 1024 }

  const inSpool = (test: (directory: string) => void) =>
    onSmallDisk((directory) => Effect.sync(() => test(join(directory, "spool"))))

  it.effect("gives up the oldest for the newest", () =>
    inSpool((directory) => {
      const store = openStore(directory, { ...bounds, strategy: "sliding" })
      let dropped = 0
      for (let i = 0; i < 300; i++) {
        const result = store.append(large(8 * i, 8))
        assert.strictEqual(result._tag, "Appended", `batch ${i}`)
        dropped += result.dropped
        assert.strictEqual(store.records + dropped, 8 * (i + 1))
      }
      assert.isAbove(dropped, 0)
      assert.deepStrictEqual(drain(store).seqs, range(dropped, 2400))
      store.close()
    }))

  it.effect("fails the append, keeps what there is, and is freed without a write", () =>
    inSpool((directory) => {
      const process = makeProcess()
      const store = openStore(directory, { ...bounds, strategy: "dropping" }, process)
      let accepted = 0
      for (;;) {
        const result = store.append(large(accepted, 1))
        if (result._tag === "Failed") {
          assert.strictEqual(result.error.code, "ENOSPC")
          break
        }
        accepted++
      }
      fs.writeFileSync(join(directory, "..", "filler"), "")
      try {
        fs.writeFileSync(join(directory, "..", "filler"), Buffer.alloc(1 << 20))
      } catch {
        // The last free page is taken.
      }
      assert.strictEqual(store.append(large(accepted, 1))._tag, "Failed")
      assert.strictEqual(store.records, accepted)
      const half = Math.floor(accepted / 2)
      for (let i = 0; i < half; i++) store.ack(nextBatch(store)!)
      assert.isUndefined(store.checkpoint())
      append(store, large(accepted, 1))
      process.crash()
      fs.unlinkSync(join(directory, "..", "filler"))
      const again = openStore(directory, bounds)
      assert.deepStrictEqual(drain(again), { seqs: range(half, accepted + 1), lost: 0, batches: accepted + 1 - half })
      again.close()
    }))
})

describe("F62: replay", () => {
  it.effect("comes first, in order, with every record as it was", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const process = makeProcess()
      const store = openStore(directory, { config: "one" }, process)
      append(store, records(1, 2))
      append(store, records(3, 2), { maybeSent: true })
      process.crash()
      const again = openStore(directory, { config: "two" })
      append(again, records(5, 1))
      const [first, second, third] = [nextBatch(again)!, nextBatch(again)!, nextBatch(again)!]
      assert.deepStrictEqual(
        first.records.map((each) => [each.seq, each.time]),
        [1, 2].map((
          seq
        ) => [seq, 1_700_000_000_000 + seq])
      )
      assert.deepStrictEqual([first, second, third].map((each) => each.recovered), [true, true, false])
      assert.deepStrictEqual([first, second, third].map((each) => each.maybeSent), [false, true, false])
      assert.deepStrictEqual([first, second, third].map((each) => each.sameConfig), [false, false, true])
      assert.isUndefined(again.next())
      again.close()
      assert.strictEqual(again.append(records(6, 1))._tag, "Failed")
      assert.isUndefined(again.next())
      assert.deepStrictEqual(drain(openStore(directory)).seqs, [1, 2, 3, 4, 5])
    }))
})
