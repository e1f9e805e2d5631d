import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import { join } from "node:path"
import type { Files } from "../../src/spool/disk/files.ts"
import { nodeFiles } from "../../src/spool/disk/files.ts"
import { signName } from "../../src/spool/log/directories.ts"
import { type Identity, nobody } from "../../src/spool/owner/owner.ts"
import { type Acquired, OwnerLock } from "../../src/spool/owner/OwnerLock.ts"
import type { Sign } from "../../src/spool/owner/signs.ts"
import { Disk } from "../model/disk.ts"
import { identityOf, temporaryDirectory } from "./support.ts"

const identity = (token: string, lifeOf?: Identity["lifeOf"]): Identity =>
  identityOf(() => ({ ...nobody, token, pid: 1 }), lifeOf)

const unless = (dead: ReadonlySet<string>): Identity["lifeOf"] => ({ token }) => dead.has(token) ? "dead" : "alive"

describe("a lock", () => {
  it.effect("of a dead owner has one heir, whoever died on the way", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const living = unless(new Set(["first", "second"]))
      const take = (token: string): Acquired => OwnerLock.acquire(nodeFiles, directory, identity(token, living))
      assert.strictEqual(take("first")._tag, "Acquired")
      // The second claimed the lock of the first and died before it put its own in place.
      fs.writeFileSync(join(directory, "claim.first"), JSON.stringify({ ...nobody, token: "second", pid: 1 }))
      for (const token of ["first", "second"]) fs.writeFileSync(join(directory, signName(token)), "")
      const third = take("third")
      assert.strictEqual(third._tag, "Acquired")
      assert.strictEqual(take("fourth")._tag, "Held")
      assert.deepStrictEqual(fs.readdirSync(directory), ["lock"])
      if (third._tag === "Acquired") third.lock.release()
      assert.deepStrictEqual(fs.readdirSync(directory), [])
    }))

  it.effect("that changed hands while it was claimed belongs to the first heir", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      OwnerLock.acquire(nodeFiles, directory, identity("dead"))
      // Between our look at the lock and our claim another heir claims, takes its place and cleans up.
      let late = true
      const files = {
        ...nodeFiles,
        linkSync: (from: fs.PathLike, to: fs.PathLike) => {
          if (late && String(to).endsWith("claim.dead")) {
            late = false
            fs.writeFileSync(join(directory, "lock"), JSON.stringify({ ...nobody, token: "heir", pid: 1 }))
          }
          fs.linkSync(from, to)
        }
      }
      const result = OwnerLock.acquire(files, directory, identity("ours", unless(new Set(["dead"]))))
      assert.isTrue(result._tag === "Held" && result.owner.token === "heir" && result.life === "alive")
      assert.deepStrictEqual(fs.readdirSync(directory), ["lock"])
    }))

  it.effect("that was taken over is not removed by the one that lost it", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const first = OwnerLock.acquire(nodeFiles, directory, identity("first"))
      const second = OwnerLock.acquire(nodeFiles, directory, identity("second"))
      if (first._tag === "Acquired") first.lock.release()
      assert.deepStrictEqual(fs.readdirSync(directory), ["lock"])
      if (second._tag === "Acquired") second.lock.release()
      assert.deepStrictEqual(fs.readdirSync(directory), [])
    }))

  it.effect("of an owner that nobody can see is left as it is", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      OwnerLock.acquire(nodeFiles, directory, identity("far"))
      const found = fs.readFileSync(join(directory, "lock"), "utf8")
      const held = OwnerLock.acquire(nodeFiles, directory, identity("near", () => "unknown"))
      assert.isTrue(held._tag === "Held" && held.life === "unknown" && held.owner.token === "far")
      assert.strictEqual(fs.readFileSync(join(directory, "lock"), "utf8"), found)
      assert.deepStrictEqual(fs.readdirSync(directory), ["lock"])
    }))
})

class Killed extends Error {}

/** Something that happens in front of a step of an owner: a number of the step, and what. */
interface Interruption {
  readonly step: number
  readonly act: "dies" | Plan
}

/** An owner that takes the directory, with what happens meanwhile. */
interface Plan {
  readonly token: string
  readonly interrupted?: Interruption
}

/** Owners on one disk: each can be stopped in front of any step of its own, for another or for ever. */
class Owners {
  readonly disk = new Disk()
  readonly dead = new Set<string>()
  readonly holders = new Map<string, () => void>()
  private readonly signs = new Set<string>()
  steps = 0

  constructor() {
    this.disk.mount().files.mkdirSync("/spool", { recursive: true, mode: 0o700 })
  }

  /** Runs a plan to its end, or its death; at no time two living owners hold the directory. */
  run({ interrupted, token }: Plan): void {
    let step = 0
    const living = (): void => {
      if (this.dead.has(token)) throw new Killed()
      if (interrupted?.step !== step++) return
      if (interrupted.act !== "dies") return this.run(interrupted.act)
      this.dead.add(token)
      throw new Killed()
    }
    const files = stepwise(this.disk.mount().files, living)
    const show = (_: string, token: string): Sign => {
      living()
      this.signs.add(token)
      return { place: "here", hide: () => !this.dead.has(token) && this.signs.delete(token) }
    }
    const lifeOf: Identity["lifeOf"] = (owner) => this.dead.has(owner.token) ? "dead" : "alive"
    try {
      const acquired = OwnerLock.acquire(files, "/spool", { ...identity(token, lifeOf), show })
      if (acquired._tag === "Acquired") this.holders.set(token, acquired.lock.release)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
    this.steps = Math.max(this.steps, step)
    const holders = [...this.holders.keys()].filter((each) => !this.dead.has(each))
    assert.isAtMost(holders.length, 1, `${holders.join(" and ")} hold it at once`)
    for (const holder of holders) assert.isTrue(this.signs.has(holder), "the holder shows no sign of life")
  }

  get names(): ReadonlyArray<string> {
    return [...this.disk.below("/spool").keys()]
  }
}

const stepwise = (files: Files, before: () => void): Files => ({
  ...files,
  closeSync: (...args) => (before(), files.closeSync(...args)),
  linkSync: (...args) => (before(), files.linkSync(...args)),
  lstatSync: (...args) => (before(), files.lstatSync(...args)),
  openSync: (...args) => (before(), files.openSync(...args)),
  readFileSync: (...args) => (before(), files.readFileSync(...args)),
  renameSync: (...args) => (before(), files.renameSync(...args)),
  unlinkSync: (...args) => (before(), files.unlinkSync(...args)),
  writeSync: (...args) => (before(), files.writeSync(...args))
})

/** More than the steps of an owner that takes over from two dead ones. */
const most = 27

/** All that can happen to an owner: nothing, its death, or another that runs whole or meets something itself. */
const plans = (tokens: ReadonlyArray<string>, stride: number): ReadonlyArray<Plan> => {
  const [token, ...others] = tokens
  if (token === undefined) return []
  const acts = ["dies" as const, ...plans(others, stride)]
  const steps = Array.from({ length: Math.ceil(most / stride) }, (_, i) => i * stride + (others.length % stride))
  return [{ token }, ...steps.flatMap((step) => acts.map((act) => ({ token, interrupted: { step, act } })))]
}

const check = (plan: Plan, dead: boolean): number => {
  const owners = new Owners()
  if (dead) {
    owners.run({ token: "zero" })
    owners.dead.add("zero")
  }
  owners.run(plan)
  const held = [...owners.holders.keys()].some((each) => !owners.dead.has(each))
  owners.run({ token: "next" })
  assert.strictEqual(owners.holders.has("next"), !held, "it is free if and only if no living owner holds it")
  for (const token of owners.holders.keys()) owners.dead.add(token)
  owners.run({ token: "last" })
  owners.holders.get("last")!()
  assert.notInclude(owners.names, "/spool/lock", "the last one took it over, and gave it back")
  return owners.steps
}

describe("F70: owners of one directory that stop and die in front of any step", () => {
  it.each([[true], [false]])("two of them are never both its owners (one is dead to begin with: %s)", (dead) => {
    const steps = plans(["one", "two"], 1).map((plan) => check(plan, dead))
    assert.isBelow(Math.max(...steps), most, "no step was left out")
  })

  it.each([[true], [false]])("three of them are never both its owners (one is dead to begin with: %s)", (dead) => {
    const steps = plans(["one", "two", "three"], 3).map((plan) => check(plan, dead))
    assert.isBelow(Math.max(...steps), most)
  })
})
