import { assert, describe, it } from "@effect/vitest"
import type { SpoolError } from "../../src/spool/disk/SpoolError.ts"
import { thisOwner } from "../../src/spool/owner/owner.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import type { World } from "../../src/spool/world.ts"
import { Disk } from "../model/disk.ts"
import { type Fault, type FaultyDisk, faultyDisk } from "../support/fullDisk.ts"
import { drain, identityOf, lane, nextBatch, record, records } from "./support.ts"

const directory = "/spools"
const full = ["ENOSPC", "EDQUOT"]
const codes = [...full, "EIO", "EROFS", "EMFILE"]
const none: Fault = { at: Infinity, code: "", kind: "once" }

const self = thisOwner()

/** Above what any call needs for each file that there is. */
const mostPerFile = 24

const pad = "x".repeat(900)

interface Kind {
  readonly strategy: "sliding" | "dropping"
  readonly fsync: "never" | "interval" | "always"
}

const kinds: ReadonlyArray<Kind> = (["sliding", "dropping"] as const).flatMap((strategy) =>
  (["never", "interval", "always"] as const).map((fsync) => ({ strategy, fsync }))
)

const faultAt = (at: number, turn: number): Fault => {
  switch (turn % 3) {
    case 0:
      return { at, code: codes[turn % codes.length]!, kind: "once" }
    case 1:
      return { at, code: full[turn % full.length]!, kind: "no blocks" }
    default:
      return { at, code: full[turn % full.length]!, kind: "no names" }
  }
}

/** A store and all that happened to it: no call throws or goes on for ever, and no record is uncounted. */
class Run {
  private readonly kind: Kind
  private readonly disk: Disk
  private readonly faulty: FaultyDisk
  private store: SpoolStore.SpoolStore
  private owed = 0
  private seq = 1000
  private readonly out: Array<SpoolStore.SpooledBatch> = []

  constructor(kind: Kind, fault: Fault) {
    this.kind = kind
    this.disk = diskWithOrphans()
    this.faulty = faultyDisk(this.disk.mount().files, fault)
    this.store = this.open()
  }

  get operations(): number {
    return this.faulty.operations()
  }

  private open(): SpoolStore.SpoolStore {
    try {
      return this.bounded("open", () => open(this.faulty.files, this.kind))
    } catch (error) {
      assert.isTrue(this.faulty.hasFailed(), `it cannot be opened: ${String(error)}`)
      this.faulty.makeRoom()
      return open(this.faulty.files, this.kind)
    }
  }

  private bounded<A>(name: string, call: () => A): A {
    const before = this.faulty.operations()
    const files = this.disk.below(directory).size
    try {
      return call()
    } finally {
      const operations = this.faulty.operations() - before
      assert.isAtMost(operations, mostPerFile * (files + 2), `${name} on ${files} files`)
    }
  }

  private append(count: number): SpoolStore.AppendResult["_tag"] {
    const batch = records(this.seq, count).map(({ seq }) => record(seq, pad))
    this.seq += count
    const result = this.bounded("append", () => this.store.append(batch))
    this.owed += (result._tag === "Appended" ? count : 0) - result.dropped
    this.look("append")
    return result._tag
  }

  private next(): void {
    const batch = this.bounded("next", () => this.store.next())
    if (batch?._tag !== "SpooledBatch") return
    this.owed -= batch.lost
    this.out.push(batch)
    this.look("next")
  }

  private ack(batch: SpoolStore.SpooledBatch | undefined): void {
    if (batch === undefined) return
    this.store.ack(batch)
    this.owed -= batch.records.length
    this.look("ack")
  }

  private failing(name: string, call: () => SpoolError | undefined): void {
    const error = this.bounded(name, call)
    assert.isTrue(error === undefined || this.faulty.hasFailed(), name)
    this.look(name)
  }

  private look(after: string): void {
    assert.strictEqual(this.store.records, this.owed, `after ${after}`)
  }

  /** Some of everything, with a batch in a worker's hands all the while. */
  go(): void {
    this.owed = this.store.recovery.records
    const { store } = this
    this.next()
    this.append(2)
    this.append(2)
    for (let i = 0; i < 4; i++) this.next()
    this.ack(this.out.shift())
    this.failing("sync", () => store.sync())
    this.failing("checkpoint", () => store.checkpoint())
    for (let i = 0; i < 5; i++) this.append(3)
    this.ack(this.out.shift())
    this.next()
    this.append(1)
    this.failing("checkpoint", () => store.checkpoint())
  }

  /** With room again it takes records and gives them out; what stays is what the next process finds. */
  recover(): void {
    this.faulty.makeRoom()
    const { store } = this
    for (let more = this.out.shift(); more !== undefined; more = this.out.shift()) this.ack(more)
    const { lost, seqs } = drain(store)
    this.owed -= lost + seqs.length
    this.look("drain")
    assert.strictEqual(store.records, 0)
    assert.strictEqual(this.append(2), "Appended", "there is room again")
    assert.strictEqual(this.append(2), "Appended", "there is room again")
    this.ack(nextBatch(store))
    this.end()
  }

  /** Its process ends, whatever the disk does: nothing that it counts as spooled is missing in the next. */
  end(): void {
    const { faulty, store } = this
    // A lane counts what was dropped from under its worker's hands.
    for (const batch of this.out) if (!store.holds(batch)) this.ack(batch)
    const { owed } = this
    this.bounded("close", () => store.close())
    faulty.makeRoom()
    const again = open(this.disk.mount().files, this.kind)
    assert.isAtLeast(again.recovery.records, owed)
    if (!faulty.hasFailed()) assert.strictEqual(again.recovery.records, owed)
    const { lost, seqs } = drain(again)
    assert.strictEqual(seqs.length + lost, again.recovery.records)
    again.close()
  }
}

let tokens = 0
const world = (files: World["files"], pid: number, alive: boolean): World => ({
  files,
  identity: identityOf(
    () => ({ ...self, pid, token: String(tokens++).padStart(8, "0") }),
    () => alive ? "alive" : "dead"
  )
})

const open = (files: World["files"], kind: Kind): SpoolStore.SpoolStore =>
  SpoolStore.openIn(world(files, 1, false), { directory, lane, ...kind, segmentBytes: 4096, maxBytes: 16_384 })

/** A disk on which two processes ended, each with records in a directory of its own. */
const diskWithOrphans = (): Disk => {
  const disk = new Disk()
  const stores = [2, 3].map((pid) =>
    SpoolStore.openIn(world(disk.mount().files, pid, true), { directory, lane, segmentBytes: 4096, maxBytes: 16_384 })
  )
  for (const [i, store] of stores.entries()) {
    for (let n = 0; n < 3; n++) store.append(records(100 * i + 2 * n, 2).map(({ seq }) => record(seq, pad)))
  }
  for (const store of stores) store.close()
  return disk
}

describe("F67: a spool on a disk that fails at any operation", () => {
  it.each(kinds)("ends every call and counts every record: $strategy, fsync $fsync", (kind) => {
    const whole = new Run(kind, none)
    whole.go()
    whole.end()
    const places = whole.operations
    assert.isAbove(places, 80)
    const turn = kinds.indexOf(kind)
    for (let at = 0; at < places; at++) {
      const run = new Run(kind, faultAt(at, at + turn))
      run.go()
      if ((at + turn) % 2 === 0) run.recover()
      else run.end()
    }
  })
})
