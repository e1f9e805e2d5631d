import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import type { LogRecord } from "../../src/index.ts"
import type { SpooledBatch, SpoolStore } from "../../src/spool/SpoolStore.ts"
import {
  drain,
  laneOf,
  makeProcess,
  nextBatch,
  openStore,
  quickDirectory,
  range,
  records,
  segmentsOf
} from "./support.ts"

const many = { records: 100, bytes: 1e6 }
const keepBytes = 1e6

const keep = (store: SpoolStore, from: number, count: number, most = keepBytes): ReadonlyArray<LogRecord.LogRecord> => {
  const batch = records(from, count)
  assert.deepStrictEqual(store.append(batch, { keepBytes: most }), { _tag: "Appended", dropped: 0 })
  return batch
}

const take = (store: SpoolStore, most = many): SpooledBatch => {
  const batch = store.next(most)
  if (batch?._tag !== "SpooledBatch") throw new Error("there is no batch")
  return batch
}

const seqs = (batch: SpooledBatch | undefined): ReadonlyArray<number> | undefined =>
  batch?.records.map(({ seq }) => seq)

/** Whether a batch is of the very records, and not of copies that were read. */
const isOf = (batch: SpooledBatch, kept: ReadonlyArray<LogRecord.LogRecord>): boolean =>
  batch.records.length === kept.length && batch.records.every((record, i) => record === kept[i])

describe("what was appended last", () => {
  it.effect("is given from memory, together as far as asked for, and is on disk", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const process = makeProcess({
        openSync: (path, flags, mode) => {
          const isRead = (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) === 0
          assert.isFalse(isRead && path.endsWith(".seg"), "a segment is read")
          return fs.openSync(path, flags, mode)
        }
      })
      const store = openStore(directory, {}, process)
      const kept = [keep(store, 0, 3), keep(store, 3, 3), keep(store, 6, 3)].flat()
      assert.isTrue(isOf(take(store, { records: 6, bytes: 1e6 }), kept.slice(0, 6)))
      assert.isTrue(isOf(take(store, { records: 1, bytes: 1 }), kept.slice(6)))
      keep(store, 9, 2)
      assert.deepStrictEqual(seqs(take(store, { records: 100, bytes: 1 })), [9, 10])
      process.crash()
      assert.deepStrictEqual(drain(openStore(directory)).seqs, range(0, 11))
    }))

  it.effect("is settled as a whole or in parts, over the frames it was", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const process = makeProcess()
      const store = openStore(directory, {}, process)
      keep(store, 0, 3)
      keep(store, 3, 3)
      keep(store, 6, 3)
      const first = take(store, { records: 6, bytes: 1e6 })
      store.ackSome(first, [0, 2, 4])
      store.ack(take(store))
      assert.strictEqual(store.records, 3)
      store.note()
      process.crash()
      assert.deepStrictEqual(drain(openStore(directory)).seqs, [1, 3, 5])
    }))

  it.effect("is given in its turn, between what has to be read", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const store = openStore(directory, { segmentBytes: 4096, maxBytes: 1e6 })
      const found: Array<number> = []
      const isKept = (i: number): boolean => i % 3 === 1 || i % 7 === 0
      for (let i = 0; i < 60; i++) keep(store, 10 * i, 10, isKept(i) ? keepBytes : 0)
      assert.isAbove(segmentsOf(laneOf(directory)).length, 3)
      for (let batch = nextBatch(store); batch !== undefined; batch = nextBatch(store)) {
        assert.strictEqual(batch.lost, 0)
        found.push(...batch.records.map(({ seq }) => seq))
        store.ack(batch)
      }
      assert.deepStrictEqual(found, range(0, 600))
      assert.strictEqual(store.records, 0)
    }))

  it.effect("stays in memory up to so many bytes, and until the next checkpoint", () =>
    Effect.gen(function*() {
      const store = openStore(yield* quickDirectory)
      const first = keep(store, 0, 3, 500)
      const second = keep(store, 3, 3, 500)
      const third = keep(store, 6, 2, 500)
      assert.isTrue(isOf(take(store), first))
      const read = take(store)
      assert.deepStrictEqual(seqs(read), [3, 4, 5])
      assert.isFalse(isOf(read, second))
      assert.isTrue(isOf(take(store), third))
      const fourth = keep(store, 8, 5, 500)
      assert.isUndefined(store.checkpoint())
      const late = take(store)
      assert.deepStrictEqual(seqs(late), range(8, 13))
      assert.isFalse(isOf(late, fourth))
    }))

  it.effect("is not given together over the end of a segment, nor when it was dropped to make room", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const store = openStore(directory, { segmentBytes: 4096, maxBytes: 8192 })
      let appended = 0
      while (segmentsOf(laneOf(directory)).length < 2) keep(store, 10 * appended++, 10)
      const first = take(store)
      assert.deepStrictEqual(seqs(first), range(0, 10 * (appended - 1)))
      let dropped = 0
      while (dropped === 0) {
        const result = store.append(records(10 * appended++, 10), { keepBytes })
        assert.strictEqual(result._tag, "Appended")
        dropped = store.holds(first) ? 0 : 1
      }
      while (dropped === 1) dropped += store.append(records(10 * appended++, 10), { keepBytes }).dropped
      const next = take(store)
      assert.strictEqual(next.lost, 0)
      assert.strictEqual(next.records[0]?.seq, first.records.length + dropped - 1)
    }))
})
