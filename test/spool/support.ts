import { NodeServices } from "@effect/platform-node"
import { assert } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import { join } from "node:path"
import { LogRecord } from "../../src/index.ts"
import type { Files } from "../../src/spool/disk/files.ts"
import { headerBytes } from "../../src/spool/disk/frame.ts"
import { type Identity, type Owner, thisOwner } from "../../src/spool/owner/owner.ts"
import { noSign } from "../../src/spool/owner/signs.ts"
import { frameOf } from "../../src/spool/RecordWriter.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import type { World } from "../../src/spool/world.ts"

const temporaryIn = (directory: string | undefined) =>
  Effect.gen(function*() {
    const files = yield* FileSystem.FileSystem
    return yield* files.makeTempDirectoryScoped({ directory, prefix: "spillway-spool-" })
  }).pipe(Effect.provide(NodeServices.layer))

/** A directory of its own, removed with the scope. */
export const temporaryDirectory = temporaryIn(undefined)

/** One in memory where there is such a place: thousands of small files take long on a busy disk. */
export const quickDirectory = temporaryIn(fs.existsSync("/dev/shm") ? "/dev/shm" : undefined)

export const record = (seq: number, message: unknown = `record ${seq}`): LogRecord.LogRecord =>
  LogRecord.make({ seq, time: 1_700_000_000_000 + seq, message, bytes: 100 })

/** Records with these sequence numbers. */
export const records = (first: number, count: number): ReadonlyArray<LogRecord.LogRecord> =>
  Array.from({ length: count }, (_, i) => record(first + i))

/** The lines of some records. */
export const encodeRecords = (records: ReadonlyArray<LogRecord.LogRecord>): string =>
  frameOf(records).toString("utf8", headerBytes)

/** Who opens a spool, and finds everybody else dead unless it is said. */
export const identityOf = (owner: () => Owner, lifeOf: Identity["lifeOf"] = () => "dead"): Identity => ({
  owner,
  show: () => noSign,
  lifeOf,
  isLivedIn: () => false
})

/** A process that can end without a word: its descriptors are closed, its lock stays behind. */
export interface Process {
  readonly world: World
  readonly crash: () => void
}

export const makeProcess = (faults: Partial<Files> = {}): Process => {
  const open = new Set<number>()
  const owner = { ...thisOwner(), token: randomUUID() }
  const files: Files = {
    ...fs,
    openSync: (...args) => {
      const fd = (faults.openSync ?? fs.openSync)(...args)
      open.add(fd)
      return fd
    },
    closeSync: (fd) => {
      open.delete(fd)
      fs.closeSync(fd)
    },
    ...Object.fromEntries(Object.entries(faults).filter(([name]) => name !== "openSync"))
  }
  return {
    world: { files, identity: identityOf(() => ({ ...owner, token: randomUUID() })) },
    crash: () => {
      for (const fd of open) fs.closeSync(fd)
      open.clear()
    }
  }
}

/** Thousands of spools need not reach the disk: what is tested is the order of things, and the bytes. */
export const makeQuickProcess = (): Process => makeProcess({ fdatasyncSync: () => {}, fsyncSync: () => {} })

export const lane = "main"
export const laneOf = (directory: string): string => join(directory, lane)

export const openStore = (
  directory: string,
  options: Partial<SpoolStore.Options> = {},
  process: Process = makeProcess()
): SpoolStore.SpoolStore => SpoolStore.openIn(process.world, { directory, lane, ...options })

export const nextBatch = (store: SpoolStore.SpoolStore): SpoolStore.SpooledBatch | undefined => {
  const batch = store.next()
  assert.isTrue(batch === undefined || batch._tag === "SpooledBatch", "the spool could not be read")
  return batch?._tag === "SpooledBatch" ? batch : undefined
}

/** Reads and acknowledges everything. */
export const drain = (
  store: SpoolStore.SpoolStore
): { readonly seqs: ReadonlyArray<number>; readonly lost: number; readonly batches: number } => {
  const seqs: Array<number> = []
  let lost = 0
  let batches = 0
  for (let batch = nextBatch(store); batch !== undefined; batch = nextBatch(store)) {
    for (const record of batch.records) seqs.push(record.seq)
    lost += batch.lost
    batches++
    store.ack(batch)
  }
  return { seqs, lost, batches }
}

export const append = (
  store: SpoolStore.SpoolStore,
  batch: ReadonlyArray<LogRecord.LogRecord>,
  options?: { readonly maybeSent?: boolean }
): void => {
  assert.deepStrictEqual(store.append(batch, options), { _tag: "Appended", dropped: 0 })
}

export const segmentsOf = (directory: string): ReadonlyArray<string> =>
  fs.readdirSync(directory).filter((name) => name.endsWith(".seg")).toSorted().map((name) => join(directory, name))

export const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, i) => from + i)

/** A lane's directory with these files in it, as a crashed process would leave them. */
export const plant = (directory: string, files: Readonly<Record<string, Uint8Array>>): string => {
  const path = laneOf(directory)
  fs.mkdirSync(path, { recursive: true, mode: 0o700 })
  for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(join(path, name), bytes, { mode: 0o600 })
  return path
}

/** What a system throws. Nobody reads its stack, which costs more than all of it. */
export const systemError = (code: string): Error => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const error = Object.assign(new Error(code), { code })
  Error.stackTraceLimit = stackTraceLimit
  return error
}
