import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import { join } from "node:path"
import { LogRecord } from "../../src/index.ts"
import { Cursor, readCursor } from "../../src/spool/disk/Cursor.ts"
import { nodeFiles } from "../../src/spool/disk/files.ts"
import { headerBytes } from "../../src/spool/disk/frame.ts"
import {
  append,
  drain,
  laneOf,
  makeQuickProcess,
  openStore,
  plant,
  quickDirectory,
  range,
  records,
  segmentsOf
} from "./support.ts"

const sizes = [2, 1, 3]
const total = 6

interface Spool {
  readonly segment: Buffer
  readonly cursor: Buffer
  /** Where each frame begins, and the end. */
  readonly bounds: ReadonlyArray<number>
}

/** Three small frames, and the cursor of a clean end. */
const makeSpool = (directory: string): Spool => {
  const store = openStore(directory, {}, makeQuickProcess())
  const bounds = [0]
  let seq = 0
  for (const size of sizes) {
    append(store, range(seq, seq + size).map((seq) => LogRecord.make({ seq, message: seq })))
    seq += size
    bounds.push(store.bytes)
  }
  store.close()
  return {
    segment: fs.readFileSync(segmentsOf(laneOf(directory))[0]!),
    cursor: fs.readFileSync(join(laneOf(directory), "cursor")),
    bounds
  }
}

const name = `${"0".repeat(20)}.seg`

const recordsBefore = (frame: number): number => sizes.slice(0, frame).reduce((sum, size) => sum + size, 0)

describe("F56: a torn write", () => {
  it.effect("keeps every whole frame and counts the rest, at every byte", () =>
    Effect.gen(function*() {
      const root = yield* quickDirectory
      const { bounds, segment } = makeSpool(join(root, "source"))
      for (let cut = 0; cut < segment.length; cut++) {
        const directory = join(root, `${cut}`)
        plant(directory, { [name]: segment.subarray(0, cut) })
        const torn = bounds.findIndex((bound) => bound > cut) - 1
        const whole = recordsBefore(torn)
        const store = openStore(directory, {}, makeQuickProcess())
        const { lost, seqs } = drain(store)
        assert.deepStrictEqual(seqs, range(0, whole), `cut at ${cut}`)
        // The header says how many records the torn frame was to hold.
        const known = cut - bounds[torn]! >= headerBytes ? sizes[torn]! : 0
        assert.strictEqual(lost, known, `lost at ${cut}`)
        assert.strictEqual(store.recovery.corruptBytes, cut - bounds[torn]!)
        append(store, records(100, 2))
        assert.deepStrictEqual(drain(store).seqs, [100, 101])
        store.close()
        assert.strictEqual(store.records, 0)
      }
    }))

  it.effect("counts what is missing to the last record when the cursor knows the end", () =>
    Effect.gen(function*() {
      const root = yield* quickDirectory
      const { cursor, segment } = makeSpool(join(root, "source"))
      for (let cut = 0; cut < segment.length; cut += 3) {
        const directory = join(root, `${cut}`)
        plant(directory, { [name]: segment.subarray(0, cut), cursor })
        const store = openStore(directory, {}, makeQuickProcess())
        assert.strictEqual(store.recovery.records, total)
        const { lost, seqs } = drain(store)
        assert.strictEqual(seqs.length + lost, total, `cut at ${cut}`)
        store.close()
      }
    }))
})

describe("F57: a flipped bit", () => {
  const flipped = (bytes: Buffer, offset: number): Buffer => {
    const copy = Buffer.from(bytes)
    copy[offset] = copy[offset]! ^ (1 << (offset % 8))
    return copy
  }

  it.effect("never stops a start, and recovered and lost make the whole, at every byte", () =>
    Effect.gen(function*() {
      const root = yield* quickDirectory
      const { bounds, cursor, segment } = makeSpool(join(root, "source"))
      for (let offset = 0; offset < segment.length; offset++) {
        const directory = join(root, `${offset}`)
        plant(directory, { [name]: flipped(segment, offset), cursor })
        const store = openStore(directory, {}, makeQuickProcess())
        assert.strictEqual(store.records, total)
        const { lost, seqs } = drain(store)
        const frame = bounds.findIndex((bound) => bound > offset) - 1
        const damaged = range(recordsBefore(frame), recordsBefore(frame + 1))
        assert.deepStrictEqual(seqs, range(0, total).filter((seq) => !damaged.includes(seq)), `flip at ${offset}`)
        assert.strictEqual(lost, sizes[frame], `lost at ${offset}`)
        assert.isAtLeast(store.corruptBytes, 1)
        assert.strictEqual(store.records, 0)
        assert.isTrue(fs.readdirSync(join(laneOf(directory), "quarantine")).length > 0)
        store.close()
      }
    }))

  it.effect("is counted in bytes when it hides the number of the last records after a crash", () =>
    Effect.gen(function*() {
      const root = yield* quickDirectory
      const { bounds, segment } = makeSpool(join(root, "source"))
      const lastFrame = bounds[2]!
      for (let offset = 0; offset < segment.length; offset++) {
        const directory = join(root, `${offset}`)
        plant(directory, { [name]: flipped(segment, offset) })
        const store = openStore(directory, {}, makeQuickProcess())
        const { lost, seqs } = drain(store)
        const hidden = offset >= lastFrame && offset < lastFrame + 32
        assert.strictEqual(seqs.length + lost, hidden ? total - sizes[2]! : total, `flip at ${offset}`)
        if (hidden) assert.strictEqual(store.corruptBytes, segment.length - lastFrame)
        store.close()
      }
    }))

  it.effect("in the cursor costs nothing but duplicates", () =>
    Effect.gen(function*() {
      const root = yield* quickDirectory
      const { cursor, segment } = makeSpool(join(root, "source"))
      for (let offset = 0; offset < cursor.length; offset++) {
        const directory = join(root, `${offset}`)
        plant(directory, { [name]: segment, cursor: flipped(cursor, offset) })
        const store = openStore(directory, {}, makeQuickProcess())
        assert.deepStrictEqual(drain(store), { seqs: range(0, total), lost: 0, batches: sizes.length })
        store.close()
      }
    }))
})

describe("the cursor", () => {
  it.effect("whose slots are both lost replays everything", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const store = openStore(directory, {}, makeQuickProcess())
      append(store, records(0, 3))
      append(store, records(3, 3))
      const first = store.next()
      assert.isTrue(first?._tag === "SpooledBatch")
      if (first?._tag === "SpooledBatch") store.ack(first)
      store.close()
      fs.writeFileSync(join(laneOf(directory), "cursor"), Buffer.alloc(128, 0xff))
      const again = openStore(directory, {}, makeQuickProcess())
      assert.deepStrictEqual(drain(again).seqs, range(0, 6))
      again.close()
    }))

  it.effect("says where to read on by position; the offset is a hint that may be wrong", () =>
    Effect.gen(function*() {
      const root = yield* quickDirectory
      const { bounds, segment } = makeSpool(join(root, "source"))
      for (const [segmentOf, offset] of [[0, 0], [0, 7], [0, bounds[1]!], [0, 1 << 30], [99, bounds[2]!]] as const) {
        const directory = join(root, `${segmentOf}-${offset}`)
        const path = plant(directory, { [name]: segment })
        const cursor = new Cursor(nodeFiles, join(path, "cursor"))
        cursor.write({ segment: segmentOf, offset, position: 3 }, total, true)
        cursor.close()
        const store = openStore(directory, {}, makeQuickProcess())
        assert.strictEqual(store.records, 3)
        assert.deepStrictEqual(drain(store), { seqs: [3, 4, 5], lost: 0, batches: 1 })
        store.close()
      }
    }))

  it.effect("inside a frame skips the records before it", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const { segment } = makeSpool(join(directory, "source"))
      const path = plant(directory, { [name]: segment })
      const cursor = new Cursor(nodeFiles, join(path, "cursor"))
      cursor.write({ segment: 0, offset: 0, position: 4 }, total, true)
      cursor.close()
      const store = openStore(directory, {}, makeQuickProcess())
      assert.deepStrictEqual(drain(store), { seqs: [4, 5], lost: 0, batches: 1 })
      assert.strictEqual(store.records, 0)
      store.close()
    }))

  it.effect("says what is settled behind a gap, and knows nothing of what was written for another slot", () =>
    Effect.gen(function*() {
      const path = join(yield* quickDirectory, "cursor")
      const place = { segment: 0, offset: 0, position: 0 }
      const cursor = new Cursor(nodeFiles, path)
      cursor.write(place, total, true, [{ from: 1, to: 2 }])
      cursor.write(place, total, true, [{ from: 2, to: 3 }, { from: 4, to: 5 }])
      cursor.close()
      assert.deepStrictEqual(readCursor(nodeFiles, path)?.settled, [{ from: 2, to: 3 }, { from: 4, to: 5 }])
      const bytes = fs.readFileSync(path)
      // The second generation is in the first slot.
      fs.writeFileSync(path, Buffer.concat([Buffer.alloc(64, 0xff), bytes.subarray(64)]))
      const { generation, settled } = readCursor(nodeFiles, path) ?? {}
      assert.deepStrictEqual([generation, settled], [1, []])
      fs.writeFileSync(path, bytes.subarray(0, 140))
      assert.deepStrictEqual(readCursor(nodeFiles, path)?.settled, [], "half of it is not there")
    }))

  it.effect("of a version that knew of no gap is read", () =>
    Effect.gen(function*() {
      const root = yield* quickDirectory
      const { cursor, segment } = makeSpool(root)
      const path = plant(join(root, "old"), { [name]: segment, cursor: cursor.subarray(0, 128) })
      const found = readCursor(nodeFiles, join(path, "cursor"))
      assert.deepStrictEqual([found?.end, found?.settled], [total, []])
    }))

  it.effect("has what is missing behind an open batch counted once", () =>
    Effect.gen(function*() {
      const root = yield* quickDirectory
      const { bounds, segment } = makeSpool(join(root, "source"))
      const directory = join(root, "damaged")
      plant(directory, { [name]: Buffer.from(segment).fill(0xff, bounds[1]! + 50, bounds[1]! + 52) })
      const store = openStore(directory, {}, makeQuickProcess())
      const [first, last] = [store.next(), store.next()]
      assert.isTrue(first?._tag === "SpooledBatch" && last?._tag === "SpooledBatch" && last.lost > 0)
      if (last?._tag === "SpooledBatch") store.ack(last)
      store.close()
      const again = openStore(directory, {}, makeQuickProcess())
      assert.deepStrictEqual(drain(again), { seqs: range(0, recordsBefore(1)), lost: 0, batches: 1 })
      again.close()
    }))

  it.effect("falls back to the older slot", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const store = openStore(directory, {}, makeQuickProcess())
      for (let i = 0; i < 4; i++) append(store, records(i, 1))
      for (let i = 0; i < 3; i++) {
        const batch = store.next()
        if (batch?._tag === "SpooledBatch") store.ack(batch)
        assert.isUndefined(store.checkpoint())
      }
      const path = join(laneOf(directory), "cursor")
      const slots = fs.readFileSync(path)
      // One generation was written by the opening: the fourth is in the first slot.
      slots.fill(0xff, 0, 64)
      store.close()
      fs.writeFileSync(path, slots)
      const again = openStore(directory, {}, makeQuickProcess())
      assert.deepStrictEqual(drain(again).seqs, [2, 3])
      again.close()
    }))
})
