import { Clock, Effect } from "effect"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { build, type Lane } from "../../src/lane/Lane.ts"
import { LaneSpool } from "../../src/lane/LaneSpool.ts"
import type { LaneState } from "../../src/lane/LaneState.ts"
import { balanced } from "../../src/Ledger.ts"
import * as LogRecord from "../../src/LogRecord.ts"
import type { SpoolOptions } from "../../src/LogSink.ts"
import { nobody } from "../../src/spool/owner/owner.ts"
import { openIn, type SpooledBatch, type SpoolStore } from "../../src/spool/SpoolStore.ts"
import { identityOf } from "../spool/support.ts"
import { cursorIn, type FoundCursor } from "./cursor.ts"
import type { Disk, Mount } from "./disk.ts"
import type { Event, Item } from "./events.ts"
import { type FoundFrame, framesIn } from "./frames.ts"
import { Machine } from "./machine.ts"
import type { Names } from "./names.ts"
import { laneOptions, spoolOptions } from "./options.ts"
import type { Parameters } from "./parameters.ts"
import { ModelSink } from "./sink.ts"
import { Violation } from "./state.ts"

const directory = "/spools"
/** How long it may take until a lane tries a disk again. */
const maintenanceMillis = 500

/** The whole frames on a disk, whoever wrote them. */
export const framesOn = (disk: Disk, names: Names): ReadonlyArray<FoundFrame> =>
  framesIn(disk.below(`${directory}/model`), names)

/** What the cursor on a disk says. */
const cursorOn = (disk: Disk): FoundCursor | undefined => {
  const bytes = disk.below(`${directory}/model`).get(`${directory}/model/cursor`)
  return bytes === undefined ? undefined : cursorIn(bytes)
}

const segmentsOn = (disk: Disk): ReadonlyArray<string> =>
  [...disk.below(`${directory}/model`).keys()].filter((path) => path.endsWith(".seg"))

/** What can be left out of a record when it is shortened. */
const twoReasons: LogRecord.LogRecord["cause"] = [{ kind: "Interrupt", fiberId: 1 }, { kind: "Interrupt", fiberId: 2 }]

/**
 * The implementation, in a process of its own on a disk that outlives it. All it
 * does with its sink, its spool and its dead letters is observed.
 */
export class Subject {
  readonly machine: Machine
  readonly sink: ModelSink
  private readonly lane: Lane
  private readonly state: LaneState
  private readonly store: SpoolStore | undefined
  private readonly mount: Mount
  private readonly disk: Disk
  private readonly clock: Clock.Clock
  private readonly observe: (event: Event) => void
  private readonly names: Names
  private readonly runtimeId: string
  private logged = 0
  private flushes = 0
  private tokens = 0
  /** When the lane must have noticed that the disk has room. */
  private diskTakesFrom = 0
  closed = false

  constructor(
    parameters: Parameters,
    disk: Disk,
    { names, now, token }: { readonly names: Names; readonly now: number; readonly token: string },
    observe: (event: Event) => void
  ) {
    this.observe = observe
    this.disk = disk
    this.names = names
    this.runtimeId = `${token}-`.padEnd(16, "0")
    this.mount = disk.mount()
    this.machine = new Machine(parameters.maxOps, now)
    this.clock = this.machine.run(Clock.Clock)
    const spool = spoolOptions(parameters, directory)
    const found = framesOn(disk, names)
    const cursor = cursorOn(disk)
    const time = (): number => this.now
    this.sink = new ModelSink({
      options: laneOptions(parameters, time, names.ofRecords, observe),
      recordLimit: parameters.recordLimit,
      writesSync: parameters.writesSync,
      now: time,
      seqsOf: names.ofRecords,
      observe
    })
    const diagnostics = new Diagnostics(() => {}, () => 0)
    const hooks = { onDrop: () => {}, onTake: () => {}, onChange: () => {} }
    const { lane, state, workers } = this.machine.run(build(this.sink.sink, diagnostics, hooks))
    this.lane = lane
    this.state = state
    this.machine.afterTask = () => {
      if (!balanced(lane.books())) throw new Violation(`unbalanced: ${JSON.stringify(lane.books())}`)
    }
    this.store = spool === undefined ? undefined : this.openStore(spool, token)
    observe({
      _tag: "Begun",
      found,
      cursor,
      recovered: this.store?.recovery.records ?? 0,
      lostAtEnd: this.store?.recovery.corruptRecords ?? 0
    })
    if (spool !== undefined && this.store !== undefined) {
      const { counters } = state
      const store = this.observed(this.store)
      const parts = { name: "model", options: spool, store, counters, diagnostics, onLoss: hooks.onDrop }
      const laneSpool = new LaneSpool({ ...parts, clock: this.clock })
      state.attach(laneSpool)
      this.machine.start(laneSpool.maintain)
    }
    this.machine.start(workers.start)
  }

  offer(item: Item): void {
    const { bytes, time, urgent } = item
    const level = urgent ? "Warn" : "Info"
    const order = LogRecord.severityOf(level)
    this.observe({ _tag: "Offered", item, queued: this.state.queue.size })
    const { inlet } = this.lane
    const { runtimeId } = this
    const seq = this.logged++
    this.names.add(runtimeId, seq, item.seq)
    const cause = item.shrinks ? twoReasons : undefined
    const record = LogRecord.make({ runtimeId, seq, level, bytes, time, cause, message: "x".repeat(bytes) })
    if (inlet.hasRoomFor(bytes)) inlet.accept(record)
    else if (inlet.isFull(order)) inlet.refuse(order)
    else inlet.offer(record, order)
    this.observe({ _tag: "OfferEnded", queued: this.state.queue.size })
  }

  flush(): void {
    const id = this.flushes++
    this.observe({ _tag: "FlushBegun", id, queued: this.state.queue.size })
    const done = Effect.sync(() => this.observe({ _tag: "FlushDone", id, queued: this.state.queue.size }))
    this.machine.start(Effect.andThen(this.lane.flush, done))
  }

  interrupt(worker: number): void {
    this.state.slots[worker % this.state.slots.length]?.worker?.interruptUnsafe()
  }

  failReads(fail: boolean): void {
    this.mount.failReads(fail)
  }

  fillDisk(full: boolean): void {
    this.mount.fill(full)
    this.diskTakesFrom = full ? Infinity : this.now + maintenanceMillis
  }

  /** Drains the lane and then ends it, as the end of a program does. */
  close(): void {
    this.observe({ _tag: "Draining" })
    this.lane.beginDrain(4500)
    this.machine.start(Effect.andThen(this.lane.drainDone, Effect.sync(() => this.end())))
  }

  /** The deadline of shutdown is now. */
  end(): void {
    if (this.closed) return
    this.observe({ _tag: "Draining" })
    this.lane.abandon(() => true)
    this.isClosed()
  }

  /** The process ends, and has time for one last step. */
  rescue(): void {
    if (this.closed) return
    this.observe({ _tag: "Draining" })
    this.lane.writeLeft((records) => this.sink.writeLast(records), () => true)
    this.isClosed()
  }

  /** Nothing of the process is left but what it wrote. */
  kill(): void {
    this.machine.kill()
    this.mount.cutOff()
  }

  look(quiet: boolean): Extract<Event, { readonly _tag: "Look" }> {
    const { slots } = this.state
    const { names: { ofRecords } } = this
    return {
      _tag: "Look",
      books: this.lane.books(),
      queuedBytes: this.state.queue.bytes,
      inHand: new Set(slots.flatMap(({ batch, rest }) => [batch, ...rest].flatMap(ofRecords))),
      quiet,
      diskTakes: this.now >= this.diskTakesFrom,
      workerDown: slots.some(({ worker }) => worker?.pollUnsafe() !== undefined)
    }
  }

  /** The records that are neither delivered nor counted as given up. */
  get pending(): number {
    const { inFlight, queued, retrying, spooled } = this.lane.books()
    return inFlight + queued + retrying + spooled
  }

  get now(): number {
    return this.clock.currentTimeMillisUnsafe()
  }

  private isClosed(): void {
    this.closed = true
    this.observe({ _tag: "Closed" })
  }

  private openStore(options: SpoolOptions, token: string): SpoolStore {
    const identity = identityOf(() => ({ ...nobody, token, pid: 1 }))
    const world = { files: this.mount.files, identity }
    return openIn(world, { ...options, lane: "model" })
  }

  private observed(store: SpoolStore): SpoolStore {
    const tokens = new Map<SpooledBatch, number>()
    const { clock, disk, names, observe } = this
    const seqsOf = names.ofRecords
    return {
      directory: store.directory,
      recovery: store.recovery,
      hasNeighbours: store.hasNeighbours,
      askNeighbours: store.askNeighbours,
      get records() {
        return store.records
      },
      get bytes() {
        return store.bytes
      },
      get maxBytes() {
        return store.maxBytes
      },
      get corruptBytes() {
        return store.corruptBytes
      },
      append: (batch, options) => {
        const before = segmentsOn(disk)
        const result = store.append(batch, options)
        observe({
          _tag: "Appended",
          seqs: seqsOf(batch),
          maybeSent: options?.maybeSent === true,
          taken: result._tag === "Appended",
          dropped: result.dropped,
          freed: before.some((path) => !segmentsOn(disk).includes(path)),
          bytes: store.bytes,
          at: clock.currentTimeMillisUnsafe()
        })
        return result
      },
      next: () => {
        const batch = store.next()
        if (batch?._tag !== "SpooledBatch") return batch
        const token = this.tokens++
        tokens.set(batch, token)
        observe({ _tag: "Handed", token, seqs: seqsOf(batch.records), lost: batch.lost })
        return batch
      },
      takeLast: (records, options) => {
        const batch = store.takeLast(records, options)
        const token = this.tokens++
        tokens.set(batch, token)
        observe({ _tag: "Kept", token, seqs: seqsOf(records) })
        return batch
      },
      ack: (batch) => {
        store.ack(batch)
        const token = tokens.get(batch)
        if (token !== undefined) observe({ _tag: "Acknowledged", token, at: clock.currentTimeMillisUnsafe() })
      },
      ackSome: (batch, places) => {
        store.ackSome(batch, places)
        const token = tokens.get(batch)
        if (token !== undefined) {
          observe({ _tag: "SomeAcknowledged", token, places, at: clock.currentTimeMillisUnsafe() })
        }
      },
      note: () => {
        store.note()
        observe({ _tag: "Noted" })
      },
      holds: store.holds,
      checkpoint: store.checkpoint,
      sync: store.sync,
      close: store.close
    }
  }
}
