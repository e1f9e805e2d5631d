import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { DeadLetters, Logging, type LogRecord, MemorySink } from "../../src/index.ts"
import * as LogSink from "../../src/LogSink.ts"
import { identitiesOfVersion1 } from "../../src/spool/recordIdentity.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { plain } from "../support/capture.ts"

// Written by the version of the spool before records had a uid: every kind of message, cause and
// annotations, in a spool, in one whose batches may have been sent, and as dead letters.
const version1 = fileURLToPath(new URL("fixtures/version1", import.meta.url))

const Expected = Schema.Record(
  Schema.String,
  Schema.Array(Schema.Struct({
    flags: Schema.Finite,
    lost: Schema.Literals([0]),
    deadLetter: Schema.optional(Schema.Unknown),
    records: Schema.Array(Schema.Unknown)
  }))
)

const expected = Effect.gen(function*() {
  const files = yield* FileSystem.FileSystem
  const text = yield* files.readFileString(`${version1}/expected.json`)
  return yield* Schema.decodeEffect(Schema.fromJsonString(Expected))(text)
})

/** A copy of the spool, which reading it changes. */
const copied = Effect.gen(function*() {
  const files = yield* FileSystem.FileSystem
  const directory = yield* files.makeTempDirectoryScoped()
  yield* files.copy(version1, directory, { overwrite: true })
  return directory
})

const withoutUid = (record: LogRecord.LogRecord): unknown => {
  const { uid, ...fields } = record.toJSON()
  assert.match(String(uid), /^[\w-]{16,26}$/)
  return plain(fields)
}

interface Batch {
  readonly records: ReadonlyArray<LogRecord.LogRecord>
}

/** All that a spool or a store of dead letters gives. */
const drained = (
  store: { readonly next: () => unknown; readonly close: () => void },
  isBatch: (u: unknown) => u is Batch
): ReadonlyArray<Batch> => {
  const batches: Array<Batch> = []
  for (let next = store.next(); next !== undefined; next = store.next()) {
    if (isBatch(next)) batches.push(next)
  }
  store.close()
  return batches
}

const hasRecords = (u: unknown): u is Batch => typeof u === "object" && u !== null && "records" in u

layer(NodeServices.layer, { excludeTestServices: true })("a spool of version 1", (it) => {
  for (const lane of ["old", "unsure"]) {
    it.effect(`gives all that the lane ${lane} had, each with a uid of its own, the same at every reading`, () =>
      Effect.gen(function*() {
        const frames = (yield* expected)[lane] ?? []
        assert.isAbove(frames.length, 3)
        const read = Effect.gen(function*() {
          return drained(yield* SpoolStore.open({ directory: yield* copied, lane }), hasRecords)
        })
        const [first, second] = [yield* read, yield* read]
        const records = first.flatMap((batch) => batch.records)
        assert.deepStrictEqual(records.map(withoutUid), frames.flatMap((frame) => frame.records))
        const uids = records.map(({ uid }) => uid)
        assert.strictEqual(new Set(uids).size, uids.length)
        assert.deepStrictEqual(second.flatMap((batch) => batch.records).map(({ uid }) => uid), uids)
        const nanos = records.toSorted((a, b) => a.seq - b.seq).map(({ timeNanos }) => timeNanos)
        assert.deepStrictEqual(nanos, [...new Set(nanos)].toSorted((a, b) => Number(a - b)))
      }))
  }

  it("tells records of one frame apart, whatever their numbers are", () => {
    const header = { version: 1, flags: 0, length: 3, count: 2, first: 7, config: 1, checksum: 0 }
    const identify = identitiesOfVersion1(header, Buffer.from("[]\n"))
    const other = identitiesOfVersion1({ ...header, first: 8 }, Buffer.from("[]\n"))
    const ids = [identify(0, 5), identify(1, 5), other(0, 5)].map(({ runtimeId }) => runtimeId)
    assert.strictEqual(new Set(ids).size, 3)
    for (const id of ids) assert.match(id, /^[\w-]{16}$/)
  })

  it.effect("gives its dead letters with their reasons", () =>
    Effect.gen(function*() {
      const frames = (yield* expected)["refusing/dead-letters"] ?? []
      assert.isAbove(frames.length, 3)
      const store = yield* DeadLetters.open({ directory: yield* copied, lane: "refusing" })
      const letters = drained(store, hasRecords)
      assert.deepStrictEqual(
        letters.flatMap(({ records }) => records).map(withoutUid),
        frames.flatMap(({ records }) => records)
      )
    }))

  it.effect("is sent by a lane, with the uids that reading gives, and put on disk again with them", () =>
    Effect.gen(function*() {
      const directory = yield* copied
      const given = drained(yield* SpoolStore.open({ directory: yield* copied, lane: "old" }), hasRecords)
      const before = given.flatMap(({ records }) => records).map(({ uid }) => uid)

      const failing = LogSink.make({
        name: "old",
        spool: { directory, mode: "always", maxAge: "Infinity" },
        write: () => Effect.fail(LogSink.unavailable("still down"))
      })
      const quiet = { diagnostics: () => {}, shutdownTimeout: "100 millis" } as const
      yield* Effect.scoped(Logging.make({ sinks: [failing], ...quiet }))

      const memory = MemorySink.make()
      const working = LogSink.withName(
        LogSink.withOptions(memory, { spool: { directory, mode: "always", maxAge: "Infinity" } }),
        "old"
      )
      yield* Effect.scoped(Effect.gen(function*() {
        const context = yield* Logging.make({ sinks: [working], ...quiet })
        const { flush } = yield* Effect.provide(Logging.Logging, context)
        yield* flush
      }))
      assert.deepStrictEqual(memory.records.map(({ uid }) => uid), before)
    }))
})
