import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { join } from "node:path"
import type { LogRecord } from "../../src/index.ts"
import type { SpooledBatch, SpoolStore } from "../../src/spool/SpoolStore.ts"
import { drain, makeQuickProcess, nextBatch, openStore, quickDirectory, record } from "./support.ts"

type Action = "append" | "next" | "ack" | "ackLast" | "checkpoint" | "sync" | "reopen" | "crash"

const actions: ReadonlyArray<Action> = [
  "append",
  "append",
  "append",
  "next",
  "next",
  "ack",
  "ack",
  "ackLast",
  "checkpoint",
  "sync",
  "reopen",
  "crash"
]

const choice = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))

const pad = "x".repeat(300)

/** What a spool owes: every batch that was appended and is not known to be settled, in order. */
class Model {
  readonly batches: Array<{ readonly seqs: ReadonlyArray<number>; acked: boolean; handed: boolean }> = []
  /** How many batches the last cursor, or nobody, says are settled. */
  checkpointed = 0
  seq = 0

  get records(): number {
    return this.batches.reduce((sum, batch) => sum + (batch.acked ? 0 : batch.seqs.length), 0)
  }

  get frontier(): number {
    const open = this.batches.findIndex((batch) => !batch.acked)
    return open === -1 ? this.batches.length : open
  }

  /** After a start the batches behind the frontier of the cursor come again. */
  restart(from: number): void {
    for (const [i, batch] of this.batches.entries()) {
      batch.acked = i < from
      batch.handed = i < from
    }
  }
}

class Run {
  private readonly directory: string
  private readonly fsync: "never" | "interval" | "always"
  private readonly model = new Model()
  private process = makeQuickProcess()
  private store: SpoolStore
  private readonly out: Array<{ readonly batch: SpooledBatch; readonly index: number }> = []

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
        model.batches.push({ seqs: batch.map((each) => each.seq), acked: false, handed: false })
        break
      }
      case "next": {
        const batch = nextBatch(store)
        const index = model.batches.findIndex((each) => !each.handed)
        if (batch === undefined) {
          assert.strictEqual(index, -1)
          break
        }
        const expected = model.batches[index]!
        assert.deepStrictEqual(batch.records.map((each) => each.seq), expected.seqs)
        assert.strictEqual(batch.lost, 0)
        expected.handed = true
        this.out.push({ batch, index })
        break
      }
      case "ack":
      case "ackLast": {
        const settled = action === "ack" ? this.out.shift() : this.out.pop()
        if (settled === undefined) break
        store.ack(settled.batch)
        store.ack(settled.batch)
        model.batches[settled.index]!.acked = true
        break
      }
      case "checkpoint":
        assert.isUndefined(store.checkpoint())
        model.checkpointed = model.frontier
        break
      case "sync":
        assert.isUndefined(store.sync())
        break
      case "reopen":
        store.close()
        this.restart(model.frontier)
        break
      case "crash":
        this.process.crash()
        this.restart(model.checkpointed)
        break
    }
    assert.strictEqual(this.store.records, model.records, action)
  }

  private restart(from: number): void {
    this.out.length = 0
    this.store = this.open()
    // Opening writes a cursor of its own.
    this.model.checkpointed = from
    this.model.restart(from)
    assert.strictEqual(this.store.recovery.records, this.model.records)
    assert.strictEqual(this.store.recovery.corruptBytes, 0)
  }

  finish(): void {
    this.step("crash", 0)
    const owed = this.model.batches.filter((batch) => !batch.acked).flatMap((batch) => batch.seqs)
    assert.deepStrictEqual(drain(this.store).seqs, owed)
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
