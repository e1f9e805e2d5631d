import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import * as net from "node:net"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { signName } from "../../src/spool/log/directories.ts"
import {
  identityIn,
  type Life,
  lifeOf,
  nobody,
  type Owner,
  parseOwner,
  thisOwner
} from "../../src/spool/owner/owner.ts"
import { type Answer, askSigns, isLocal, showSign } from "../../src/spool/owner/signs.ts"
import { temporaryDirectory } from "./support.ts"

const here = thisOwner()
const noProcess = 0x3fff_ffff

const linux = process.platform === "linux"

describe.skipIf(!linux)("F70: an owner (Linux only)", () => {
  const cases: ReadonlyArray<readonly [string, Partial<Owner>, Answer, local: boolean, Life]> = [
    [
      "that answers lives, whatever else is said of it",
      { boot: "x", host: "x", pid: noProcess },
      "answers",
      false,
      "alive"
    ],
    ["of this kernel that is silent is dead", {}, "silent", false, "dead"],
    ["of this kernel and another host name that is silent is dead", { host: "another" }, "silent", false, "dead"],
    ["of another boot on a local file system is dead", { boot: "another" }, "silent", true, "dead"],
    ["of another boot and host name on a local file system is dead", { boot: "x", host: "x" }, "unseen", true, "dead"],
    ["without a sign is alive as long as its process", {}, "unseen", true, "alive"],
    ["without a sign is alive, whatever the host is called now", { host: "another" }, "unseen", true, "alive"],
    ["without a sign and without a process is dead", { pid: noProcess }, "unseen", true, "dead"],
    ["without a sign whose process id is used again is dead", { started: "1" }, "unseen", true, "dead"],
    ["whose lock cannot be read died while it wrote it", nobody, "unseen", false, "dead"]
  ]
  it.each(cases)("%s", (_, fields, answer, local, life) => {
    const owner = fields === nobody ? nobody : { ...here, ...fields }
    assert.strictEqual(lifeOf(owner, answer, local), life)
  })
})

describe.skipIf(!linux)("F71: nobody knows whether an owner lives (Linux only)", () => {
  const cases: ReadonlyArray<readonly [string, Partial<Owner>, Answer, local: boolean]> = [
    ["that is silent and of another boot, with a file system that machines share", { boot: "x" }, "silent", false],
    ["of another boot that did not know its own", { boot: "" }, "silent", true],
    ["without a sign in another PID namespace, be it the same process id", { namespace: "pid:[1]" }, "unseen", true],
    ["without a sign in a namespace that it could not read", { namespace: "" }, "unseen", true]
  ]
  it.each(cases)("%s", (_, fields, answer, local) => {
    assert.strictEqual(lifeOf({ ...here, ...fields }, answer, local), "unknown")
  })
})

describe("a lock", () => {
  it("of an earlier version has no sign of life", () => {
    const { sign, ...earlier } = here
    assert.strictEqual(sign, "")
    assert.deepStrictEqual(parseOwner(JSON.stringify(earlier)), here)
    assert.isUndefined(parseOwner(JSON.stringify({ ...here, sign: 1 })))
  })
})

const answer = (directory: string, token: string, place: string): Effect.Effect<Answer> =>
  Effect.map(askSigns([directory]), (answers) => answers.of(directory, token, place))

describe.skipIf(!linux)("F70: a sign of life (Linux only)", () => {
  it.live("answers until it is hidden, below a path of any length, and is nobody else's", () =>
    Effect.gen(function*() {
      const directory = join(yield* temporaryDirectory, "d".repeat(200))
      fs.mkdirSync(directory, { mode: 0o700 })
      const sign = showSign(directory, "t")
      const path = join(directory, signName("t"))
      assert.strictEqual(fs.lstatSync(path).mode & 0o777, 0o600)
      assert.strictEqual(yield* answer(directory, "t", sign.place), "answers")
      sign.hide()
      assert.isFalse(fs.existsSync(path))
      assert.strictEqual(yield* answer(directory, "t", sign.place), "unseen")
    }))

  it.live("is shown by a thread, for as long as the thread", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const script = `
        const { parentPort, workerData } = require("node:worker_threads")
        const server = require("node:net").createServer().listen({ path: workerData + "/sign.t", exclusive: true })
        parentPort.on("message", () => {}).postMessage("shown")`
      const worker = new Worker(script, { eval: true, workerData: directory })
      yield* Effect.callback<void>((resume) => void worker.once("message", () => resume(Effect.void)))
      const sign = showSign(directory, "other")
      fs.linkSync(join(directory, "sign.t"), join(directory, "sign.kept"))
      assert.strictEqual(yield* answer(directory, "kept", sign.place), "answers")
      yield* Effect.promise(() => worker.terminate())
      assert.strictEqual(yield* answer(directory, "kept", sign.place), "silent")
      sign.hide()
    }))

  it.live("that says nothing on another file system, or through a link, is none", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const sign = showSign(directory, "t")
      fs.linkSync(join(directory, signName("t")), join(directory, signName("dead")))
      fs.symlinkSync(join(directory, signName("t")), join(directory, signName("link")))
      fs.writeFileSync(join(directory, signName("file")), "")
      assert.strictEqual(yield* answer(directory, "link", sign.place), "unseen")
      assert.strictEqual(yield* answer(directory, "file", sign.place), "unseen")
      sign.hide()
      assert.strictEqual(yield* answer(directory, "dead", sign.place), "silent")
      assert.strictEqual(yield* answer(directory, "dead", "1:2"), "unseen")
      assert.strictEqual(yield* answer(directory, "dead", ""), "unseen", "the owner has shown none")
    }))

  it.live("that is shown while others are asked answers", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const identity = yield* identityIn([directory])
      const sign = identity.show(directory, "t")
      assert.strictEqual(identity.lifeOf({ ...here, token: "t", sign: sign.place, pid: noProcess }, directory), "alive")
      sign.hide()
    }))

  it.live("has no name before it answers", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const listen = vi.spyOn(net.Server.prototype, "listen").mockImplementation(function(this: net.Server) {
        assert.deepStrictEqual(fs.readdirSync(directory), [])
        return this
      })
      // It is not there to be named, because it does not listen.
      assert.strictEqual(showSign(directory, "t").place, "")
      assert.notInclude(JSON.stringify(listen.mock.calls), signName("t"))
      listen.mockRestore()
    }))

  it.live("answers more than are noticed at once", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const sign = showSign(directory, "t")
      const tokens = Array.from({ length: 40 }, (_, i) => `t${i}`)
      for (const token of tokens) fs.linkSync(join(directory, signName("t")), join(directory, signName(token)))
      const answers = yield* askSigns([directory])
      assert.deepStrictEqual(
        new Set(tokens.map((token) => answers.of(directory, token, sign.place))),
        new Set(["answers"])
      )
      sign.hide()
    }))

  it.live("is none where it cannot be made", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      fs.mkdirSync(join(directory, signName("t")))
      assert.strictEqual(showSign(directory, "t").place, "")
      assert.strictEqual(showSign(join(directory, "missing"), "t").place, "")
      assert.deepStrictEqual(fs.readdirSync(directory), [signName("t")])
    }))

  it("is looked at on file systems of one kernel only", () => {
    assert.isTrue(isLocal("/dev/shm"))
    assert.isFalse(isLocal("/proc"), "not known to be local")
    assert.isFalse(isLocal(join("/", randomUUID())))
  })
})
