import { assert, describe, it } from "@effect/vitest"
import { nobody } from "../../src/spool/owner/owner.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { Disk } from "../model/disk.ts"
import { drain, identityOf, lane, range, records } from "./support.ts"

const open = (disk: Disk, token: string, fsync: SpoolStore.Options["fsync"]): SpoolStore.SpoolStore => {
  const world = { files: disk.mount().files, identity: identityOf(() => ({ ...nobody, token, pid: 1 })) }
  return SpoolStore.openIn(world, { directory: "/spools", lane, segmentBytes: 4096, fsync })
}

/** A disk on which a killed process left 40 records in several segments, none of them synced. */
const diskOfKilled = (): Disk => {
  const disk = new Disk()
  const store = open(disk, "killed", "never")
  for (let from = 0; from < 40; from += 10) store.append(records(from, 10))
  return disk
}

describe("a power cut after a process was killed", () => {
  for (const fsync of ["interval", "always"] as const) {
    it(`takes nothing that the next process has found (fsync ${fsync})`, () => {
      const disk = diskOfKilled()
      open(disk, "next", fsync)
      disk.cutPower()
      assert.deepStrictEqual(drain(open(disk, "last", fsync)).seqs, range(0, 40))
    })
  }

  it("is not guarded against when nothing is ever synced", () => {
    const disk = diskOfKilled()
    open(disk, "next", "never")
    disk.cutPower()
    assert.strictEqual(open(disk, "last", "never").records, 0)
  })
})
