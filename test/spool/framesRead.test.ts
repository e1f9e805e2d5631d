import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import type { SpooledBatch, SpoolStore } from "../../src/spool/SpoolStore.ts"
import {
  append,
  drain,
  laneOf,
  makeProcess,
  openStore,
  quickDirectory,
  range,
  records,
  segmentsOf,
  systemError
} from "./support.ts"

const many = { records: 100, bytes: 1e6 }

const take = (store: SpoolStore, most = many): SpooledBatch => {
  const batch = store.next(most)
  if (batch?._tag !== "SpooledBatch") throw new Error("there is no batch")
  return batch
}

const seqs = ({ records }: SpooledBatch): ReadonlyArray<number> => records.map(({ seq }) => seq)

const small = { segmentBytes: 4096, maxBytes: 8192 }

/** A store that finds what an earlier process appended bit by bit. */
const found = (directory: string, batches: number, size = 3) => {
  const earlier = makeProcess()
  const store = openStore(directory, {}, earlier)
  for (let i = 0; i < batches; i++) append(store, records(size * i, size))
  earlier.crash()
}

describe("what is read", () => {
  it.effect("is given together as far as asked for, and no more", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      found(directory, 10)
      const store = openStore(directory)
      assert.deepStrictEqual(seqs(take(store, { records: 7, bytes: 1e6 })), range(0, 6))
      assert.deepStrictEqual(seqs(take(store, { records: 1, bytes: 1e6 })), range(6, 9))
      const oneBatch = take(store, { records: 100, bytes: 1 })
      assert.deepStrictEqual([seqs(oneBatch), oneBatch.recovered], [range(9, 12), true])
      const [{ bytes }] = [oneBatch.records[0]!]
      assert.deepStrictEqual(seqs(take(store, { records: 100, bytes: 7 * bytes })), range(12, 18))
      append(store, records(30, 3))
      const rest = take(store)
      assert.deepStrictEqual([seqs(rest), rest.recovered], [range(18, 30), true])
      assert.deepStrictEqual([seqs(take(store)), store.next()], [range(30, 33), undefined])
    }))

  it.effect("is settled as a whole or in parts, over the frames it was; what was read ahead is not", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      found(directory, 5)
      const process = makeProcess()
      const store = openStore(directory, {}, process)
      const batch = take(store, { records: 10, bytes: 1e6 })
      store.ackSome(batch, [0, 2, 3, 8])
      assert.strictEqual(store.records, 11)
      assert.isTrue(store.holds(batch))
      store.note()
      process.crash()
      const after = makeProcess()
      const next = openStore(directory, {}, after)
      const left = take(next)
      assert.deepStrictEqual(seqs(left), [1, 4, 5, 6, 7, ...range(9, 15)])
      next.ackSome(left, [0, 4, 5])
      next.note()
      after.crash()
      const last = openStore(directory)
      const all = take(last)
      assert.deepStrictEqual(seqs(all), [4, 5, 6, ...range(10, 15)])
      last.ack(all)
      assert.strictEqual(last.records, 0)
      last.close()
      assert.deepStrictEqual(drain(openStore(directory)).seqs, [])
    }))

  it.effect("goes alone where it may have been sent, as it was sent", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const earlier = makeProcess()
      const first = openStore(directory, {}, earlier)
      for (const [from, maybeSent] of [[0, false], [3, true], [6, true], [9, false], [12, false]] as const) {
        first.append(records(from, 3), { maybeSent })
      }
      earlier.crash()
      const store = openStore(directory)
      const batches = Array.from({ length: 4 }, () => take(store))
      assert.deepStrictEqual(batches.map((batch) => [seqs(batch), batch.maybeSent]), [
        [range(0, 3), false],
        [range(3, 6), true],
        [range(6, 9), true],
        [range(9, 15), false]
      ])
    }))

  it.effect("goes with what has the same configuration only", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      for (const [config, from] of [["a", 0], ["a", 3], ["b", 6]] as const) {
        const process = makeProcess()
        append(openStore(directory, { config }, process), records(from, 3))
        process.crash()
      }
      const store = openStore(directory, { config: "b" })
      assert.deepStrictEqual(
        [take(store), take(store)].map((batch) => [seqs(batch), batch.sameConfig]),
        [[range(0, 6), false], [range(6, 9), true]]
      )
    }))

  it.effect("ends at the end of a segment, and at one that cannot be read now", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const small = { segmentBytes: 4096, maxBytes: 1e6 }
      const earlier = makeProcess()
      const first = openStore(directory, small, earlier)
      let appended = 0
      while (segmentsOf(laneOf(directory)).length < 3) append(first, records(10 * appended++, 10))
      earlier.crash()
      let isBroken = false
      const files = makeProcess({
        readSync: (...parameters) => {
          if (isBroken) throw systemError("EMFILE")
          return fs.readSync(...parameters)
        }
      })
      const store = openStore(directory, small, files)
      const ofFirst = take(store, { records: 1000, bytes: 1e6 })
      assert.isBelow(ofFirst.records.length, 10 * (appended - 1))
      isBroken = true
      const ahead = take(store, { records: 1000, bytes: 1e6 })
      assert.deepStrictEqual(seqs(ahead)[0], ofFirst.records.length)
      assert.strictEqual(store.next(many)?._tag, "SpoolError")
      isBroken = false
      assert.deepStrictEqual(seqs(take(store))[0], ofFirst.records.length + ahead.records.length)
    }))

  it.effect("is not given as on disk when its segment has made room", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const store = openStore(directory, small)
      let appended = 0
      while (segmentsOf(laneOf(directory)).length < 2) append(store, records(10 * appended++, 10))
      const batch = take(store)
      assert.isTrue(store.holds(batch))
      while (store.holds(batch)) store.append(records(10 * appended++, 10))
      store.ack(batch)
      let left = 0
      for (let next = store.next(many); next?._tag === "SpooledBatch"; next = store.next(many)) {
        left += next.records.length
        store.ack(next)
      }
      assert.isAbove(left, 0)
      assert.strictEqual(store.records, 0)
    }))

  it.effect("is dropped with its segment where it was read ahead, and counted", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      found(directory, 4)
      const store = openStore(directory, small)
      const batch = take(store, { records: 5, bytes: 1e6 })
      assert.deepStrictEqual(seqs(batch), range(0, 3))
      let appended = 12
      let dropped = 0
      while (store.holds(batch)) {
        const result = store.append(records(appended, 3))
        appended += 3
        dropped += result.dropped
      }
      store.ack(batch)
      assert.strictEqual(store.records, appended - 3 - dropped)
      store.close()
      const { lost, seqs: left } = drain(openStore(directory, small))
      assert.deepStrictEqual([left, lost], [range(3 + dropped, appended), 0])
    }))

  it.effect("is told at once what is missing in front of what was read ahead", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      found(directory, 4)
      const [segment = ""] = segmentsOf(laneOf(directory))
      fs.writeFileSync(segment, fs.readFileSync(segment, "latin1").replace("record 4", "record ?"), "latin1")
      const store = openStore(directory)
      const batch = take(store, { records: 5, bytes: 1e6 })
      assert.deepStrictEqual([seqs(batch), batch.lost], [range(0, 3), 3])
      store.ack(batch)
      store.close()
      const { lost, seqs: left } = drain(openStore(directory))
      assert.deepStrictEqual([left, lost], [range(6, 12), 0])
    }))

  it.effect("is not lost once more, by a process that was killed, where a full spool had dropped it", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      const killed = makeProcess()
      const store = openStore(directory, small, killed)
      append(store, records(0, 3))
      const batch = take(store)
      let dropped = 0
      while (dropped === 0) dropped += store.append(records(3, 3)).dropped
      assert.isFalse(store.holds(batch))
      const left = store.records - batch.records.length
      killed.crash()
      const { lost, seqs: found } = drain(openStore(directory, small))
      assert.deepStrictEqual([found.length, lost], [left, batch.records.length])
    }))

  it.effect("is put together, and settled in parts, in a time that is in proportion to it", () =>
    Effect.gen(function*() {
      const directory = yield* quickDirectory
      found(directory, 500, 1)
      const store = openStore(directory)
      const batch = take(store, { records: 500, bytes: 1e6 })
      let looks = 0
      const places = new Proxy(range(0, 499), {
        get: (target, name, receiver) => {
          looks++
          return Reflect.get(target, name, receiver)
        }
      })
      store.ackSome(batch, places)
      assert.strictEqual(store.records, 1)
      assert.isBelow(looks, 5 * 500)
    }))
})
