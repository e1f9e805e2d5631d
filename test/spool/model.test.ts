import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { join } from "node:path"
import type { LogRecord } from "../../src/index.ts"
import type { SpooledBatch, SpoolStore } from "../../src/spool/SpoolStore.ts"
import { drain, makeQuickProcess, nextBatch, openStore, quickDirectory, record } from "./support.ts"

type Action = "append" | "next" | "ack" | "ackLast" | "ackSome" | "checkpoint" | "note" | "sync" | "reopen" | "crash"

const actions: ReadonlyArray<Action> = [
  "append",
  "append",
  "append",
  "next",
  "next",
  "ack",
  "ack",
  "ackLast",
  "ackSome",
  "ackSome",
  "checkpoint",
  "note",
  "sync",
  "reopen",
  "crash"
]

const choice = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))

const pad = "x".repeat(300)

/** A record on disk; `noted`: the last cursor says that it is settled. */
interface Item {
  readonly seq: number
  acked: boolean
  noted: boolean
}

interface Batch {
  readonly items: ReadonlyArray<Item>
  handed: boolean
}

/** What a spool owes: every record that was appended and is not known to be settled, in order. */
class Model {
  readonly batches: Array<Batch> = []
  seq = 0

  get owed(): ReadonlyArray<number> {
    return this.batches.flatMap(({ items }) => seqsOf(items))
  }

  /** The oldest batch that is to be handed out. */
  get next(): Batch | undefined {
    return this.batches.find(({ handed, items }) => !handed && seqsOf(items).length > 0)
  }

  note(): void {
    for (const item of this.batches.flatMap(({ items }) => items)) item.noted = item.acked
  }

  /** After a crash what the cursor does not say comes again. */
  restart(isCrash: boolean): void {
    if (!isCrash) this.note()
    for (const batch of this.batches) {
      for (const item of batch.items) item.acked = item.noted
      batch.handed = false
    }
  }
}

const seqsOf = (items: ReadonlyArray<Item>): ReadonlyArray<number> =>
  items.flatMap(({ acked, seq }) => acked ? [] : [seq])

class Run {
  private readonly directory: string
  private readonly fsync: "never" | "interval" | "always"
  private readonly model = new Model()
  private process = makeQuickProcess()
  private store: SpoolStore
  private readonly out: Array<{ readonly batch: SpooledBatch; readonly items: ReadonlyArray<Item> }> = []

  constructor(directory: string, fsync: "never" | "interval" | "always") {
    this.directory = directory
    this.fsync = fsync
    this.store = this.open()
  }

  private open(): SpoolStore {
    this.process = makeQuickProcess()
    return openStore(this.directory, { segmentBytes: 4096, maxBytes: 1 << 30, fsync: this.fsync }, this.process)
  }

  step(action: Action, size: number): void {
    const { model, store } = this
    switch (action) {
      case "append": {
        const batch: Array<LogRecord.LogRecord> = []
        for (let i = 0; i < 1 + size % 5; i++) batch.push(record(model.seq++, pad))
        assert.deepStrictEqual(store.append(batch, { maybeSent: size % 2 === 1 }), { _tag: "Appended", dropped: 0 })
        model.batches.push({ items: batch.map(({ seq }) => ({ seq, acked: false, noted: false })), handed: false })
        break
      }
      case "next": {
        const batch = nextBatch(store)
        const expected = model.next
        assert.deepStrictEqual(batch?.records.map((each) => each.seq), expected && seqsOf(expected.items))
        if (batch === undefined || expected === undefined) break
        assert.strictEqual(batch.lost, 0)
        expected.handed = true
        this.out.push({ batch, items: expected.items.filter(({ acked }) => !acked) })
        break
      }
      case "ack":
      case "ackLast": {
        const settled = action === "ack" ? this.out.shift() : this.out.pop()
        if (settled === undefined) break
        store.ack(settled.batch)
        store.ack(settled.batch)
        for (const item of settled.items) item.acked = true
        break
      }
      case "ackSome": {
        const { batch, items } = this.out[size % Math.max(1, this.out.length)] ?? {}
        if (batch === undefined || items === undefined) break
        const places = [...items.keys()].filter((place) => (place + size) % 3 !== 0)
        store.ackSome(batch, places)
        store.ackSome(batch, places)
        for (const place of places) items[place]!.acked = true
        break
      }
      case "checkpoint":
        assert.isUndefined(store.checkpoint())
        model.note()
        break
      case "note":
        store.note()
        model.note()
        break
      case "sync":
        assert.isUndefined(store.sync())
        break
      case "reopen":
        store.close()
        this.restart(false)
        break
      case "crash":
        this.process.crash()
        this.restart(true)
        break
    }
    assert.strictEqual(this.store.records, model.owed.length, action)
  }

  private restart(isCrash: boolean): void {
    this.out.length = 0
    this.store = this.open()
    this.model.restart(isCrash)
    assert.strictEqual(this.store.recovery.records, this.model.owed.length)
    assert.strictEqual(this.store.recovery.corruptBytes, 0)
  }

  finish(): void {
    this.step("crash", 0)
    assert.deepStrictEqual(drain(this.store).seqs, this.model.owed)
    assert.strictEqual(this.store.records, 0)
    this.store.close()
    assert.strictEqual(this.store.bytes, 0)
  }
}

describe("a spool against its model", () => {
  let runs = 0
  it.effect.prop(
    "hands out what was appended, in order, until its acknowledgement is durable",
    { steps: Arbitrary.array(Arbitrary.schema(choice), { minLength: 30, maxLength: 120 }) },
    ({ steps }) =>
      Effect.gen(function*() {
        const root = yield* quickDirectory
        const fsync = (["never", "interval", "always"] as const)[runs++ % 3]!
        const run = new Run(join(root, "spool"), fsync)
        for (const step of steps) run.step(actions[step % actions.length]!, Math.floor(step / actions.length))
        run.finish()
      }),
    { arbitrary: { runs: 150 } }
  )
})
