import * as Effect from "effect/Effect"
import { describeError } from "../../diagnostics/describe.ts"
import type { LogRecord } from "../../LogRecord.ts"
import type { RecordLimit } from "../../LogSink.ts"
import type { Body, Named } from "./body.ts"
import { oddSamples } from "./samples.ts"
import { broken, same, sameSet } from "./verdict.ts"

/** What is stored, in which order, and by whom. */
export const storing = <Far, R>(isOrdered: boolean): ReadonlyArray<Named<Far, R>> => [
  ["completeness", "a write that succeeds has stored its batch, once", storesAll],
  ...isOrdered ? [["order", "records are stored in their order", keepsOrder] satisfies Named<Far, R>] : [],
  ["identity", "a record is known by what identifies it, and no two by the same", identifies],
  ["odd records", "whatever a record says, it is stored", storesOdd],
  ["shared records", "records are left as they are", leavesRecords],
  ["writes at once", "two writes at once do not mix", doesNotMix],
  ["record limit", "every record has a size", measures]
]

const storesAll: Body = (trial) =>
  Effect.gen(function*() {
    const [first, second] = [trial.samples(100), trial.samples(1, 100)]
    yield* trial.storedWrite(first, "completeness", "a first write")
    yield* sameSet(
      "completeness",
      "the records of a write that succeeded",
      trial.idsOf(first),
      yield* trial.storedIds
    )
    yield* trial.storedWrite(second, "completeness", "a second write")
    const all = trial.idsOf([...first, ...second])
    yield* sameSet("completeness", "the records of two writes", all, yield* trial.storedIds)
  })

const keepsOrder: Body = (trial) =>
  Effect.gen(function*() {
    const batches = [trial.samples(20), trial.samples(1, 20), trial.samples(7, 21)]
    for (const batch of batches) yield* trial.storedWrite(batch, "order", "a write")
    yield* same("order", "the records, in their order,", trial.idsOf(batches.flat()), yield* trial.storedIds)
  })

const identifies: Body = (trial) =>
  Effect.gen(function*() {
    const batch = [...trial.samples(3), ...trial.samples(3, 46_655)]
    yield* trial.storedWrite(batch, "identity", "a write")
    yield* sameSet("identity", "the identities", trial.idsOf(batch), yield* trial.storedIds)
    const { length } = batch
    const { size } = new Set(yield* trial.storedIds)
    if (size !== length) {
      return yield* broken(
        "identity",
        `every record must have its own identity, records: ${length}, identities: ${size}`
      )
    }
  })

const storesOdd: Body = (trial) =>
  Effect.gen(function*() {
    const { recordLimit } = trial.sink
    const writable = (record: LogRecord) =>
      recordLimit === undefined || recordLimit.sizeOf(record) <= recordLimit.maxBytes
    // What is larger than the limit comes to no sink.
    const odd = oddSamples(trial.runtimeId).filter(({ record }) => writable(record))
    for (const [i, { record, what }] of odd.entries()) {
      const [before, after] = [trial.samples(1, 100 + 2 * i), trial.samples(1, 101 + 2 * i)]
      const batch = [...before, record, ...after]
      const known = yield* trial.storedIds
      yield* trial.storedWrite(batch, "odd records", `a write with ${what}`)
      const ids = yield* trial.storedIds
      yield* sameSet("odd records", `the records around ${what}`, [...known, ...trial.idsOf(batch)], ids)
    }
  })

const leavesRecords: Body = (trial) =>
  Effect.gen(function*() {
    const [batch, like] = [trial.samples(4), trial.samples(4)]
    const shared = Object.freeze([...batch])
    yield* trial.storedWrite(shared, "shared records", "a write of a frozen batch")
    const text = (records: typeof batch) => records.map((record) => JSON.stringify(record))
    yield* same("shared records", "records after a write", text(like), text(batch))
  })

const doesNotMix: Body = (trial) =>
  Effect.gen(function*() {
    const alone = yield* trial.another
    const [one, other] = [trial.samples(30), trial.samples(30, 30)]
    yield* Effect.forEach(
      [one, other],
      (batch) => trial.storedWrite(batch, "writes at once", "a write beside another"),
      { concurrency: 2, discard: true }
    )
    yield* alone.storedWrite(one, "writes at once", "a write alone")
    yield* alone.storedWrite(other, "writes at once", "a write alone")
    yield* sameSet(
      "writes at once",
      "what two writes at once have stored",
      yield* alone.storedBytes,
      yield* trial.storedBytes
    )
  })

const measures: Body = (trial) =>
  Effect.gen(function*() {
    const { recordLimit } = trial.sink
    if (recordLimit === undefined) return
    for (const record of [...trial.samples(2), ...oddSamples(trial.runtimeId).map(({ record }) => record)]) {
      const size = sizeBy(recordLimit, record)
      if (typeof size === "string") return yield* broken("record limit", `sizeOf must give a number, it threw ${size}`)
      if (!(size > 0)) return yield* broken("record limit", `sizeOf must give a number above 0, got ${size}`)
    }
  })

/** The size of a record, or what the measure throws. */
const sizeBy = ({ sizeOf }: RecordLimit, record: LogRecord): number | string => {
  try {
    return sizeOf(record)
  } catch (error) {
    return describeError(error)
  }
}
